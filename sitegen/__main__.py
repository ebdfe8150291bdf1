"""The program: `sitegen`, and `python -m sitegen`."""

import os
import sys

from sitegen.cli.main import main


def program() -> None:
    """Run the command line and end at once: to free the values of a large registry one by one takes a while."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed: else the first file that is opened would get its number
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - until the end
    try:
        code = main()
    except SystemExit as left:  # argparse leaves like this; nothing waits in memory, to fail at the end
        code = left.code if isinstance(left.code, int) else 0
    os._exit(code)


if __name__ == "__main__":  # whoever only imports it wants nothing done
    program()

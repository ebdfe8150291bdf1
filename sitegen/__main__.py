"""Entry point of `sitegen` and `python -m sitegen`."""

import os
import sys

from sitegen.cli.main import main


def program() -> None:
    """Run the command line and exit without cleanup: freeing the values of a large registry takes a while."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed: otherwise the next open file would get its number
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - until the end
    try:
        code = main()
    except SystemExit as exit_request:  # argparse exits; standard output is flushed already
        code = exit_request.code if isinstance(exit_request.code, int) else 0
    os._exit(code)


if __name__ == "__main__":
    program()

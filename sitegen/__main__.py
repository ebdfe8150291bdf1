"""The program: `sitegen`, and `python -m sitegen`."""

import os
import sys

from sitegen.cli import main


def program() -> None:
    """Run the command line and end at once: to free the values of a large registry one by one takes a while."""
    code = main()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":  # whoever only imports it wants nothing done
    program()

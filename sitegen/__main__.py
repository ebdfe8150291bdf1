"""`python -m sitegen` is the command line, too."""

import sys

from sitegen.cli import main

if __name__ == "__main__":  # whoever only imports it wants nothing done
    sys.exit(main())

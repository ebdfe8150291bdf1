"""`python -m sitegen` is the command line, too."""

import sys

from sitegen.cli import main

sys.exit(main())

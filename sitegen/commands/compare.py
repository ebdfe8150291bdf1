"""`sitegen compare`: what changes from one model to another, and whether that breaks somebody."""

import sys
from argparse import Namespace

from sitegen.insight.compat import compare
from sitegen.report import changes
from sitegen.sources.folders import read_version


def run(options: Namespace) -> int:
    """Compare; exit 1 when callers or readers of the old one break."""
    found = compare(read_version(options.old), read_version(options.new))
    sys.stdout.write({"text": changes.text, "json": changes.json, "markdown": changes.markdown}[options.format](found))
    verdict = found.verdict
    return 1 if "breaking" in (verdict.python, verdict.rest, verdict.outputs) else 0

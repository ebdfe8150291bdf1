"""`sitegen compare`: what changes from one model to another, and whether that breaks somebody."""

import sys
from argparse import Namespace

from sitegen.insight.compat import compare
from sitegen.redaction import redact_version
from sitegen.report import changes
from sitegen.settings import read_settings
from sitegen.sources.folders import read_version


def run(options: Namespace) -> int:
    """Compare; exit 1 when callers or readers of the old one break."""
    privacy = read_settings(None).privacy
    old, new = (redact_version(read_version(place), privacy) for place in (options.old, options.new))
    found = compare(old, new)
    sys.stdout.write({"text": changes.text, "json": changes.json, "markdown": changes.markdown}[options.format](found))
    verdict = found.verdict
    return 1 if "breaking" in (verdict.python, verdict.rest, verdict.outputs) else 0

"""`sitegen diff`: review what changes between two states of a registry, and whether callers break."""

import os
import time
from argparse import Namespace
from collections.abc import Mapping
from contextlib import ExitStack

from sitegen.analysis.review.review import review
from sitegen.cli.report import FORMATS, REVIEW_FORMATS, terminal
from sitegen.cli.report.review.context import Context, parse_site_url
from sitegen.cli.review_sides import open_sides
from sitegen.core.errors import SitegenError
from sitegen.formats.times import iso

_MAX_DIGITS = 11
"""Digits of a time in seconds until the year 5138."""


def run(options: Namespace) -> int:
    """Review; exit 1 if something breaks, cannot be judged or is among what `--fail-on` names.

    Raises SitegenError where BASE or HEAD as a whole cannot be read.
    """
    if options.output is not None and options.format != "html":
        raise SitegenError("--output is the folder of --format html; other formats are printed")
    context = Context(site_url=parse_site_url(options.site_url), output=options.output or "")
    with ExitStack() as stack:
        sides = open_sides(options, stack)
        found = review(sides, options.fail_on, _today(os.environ))
    context = context._replace(folder=sides.folder)
    terminal.write(REVIEW_FORMATS[options.format](found, context), FORMATS[options.format].ascii_only)
    return 0 if found.passes else 1


def _today(variables: Mapping[str, str]) -> str:
    """The day of today in UTC, or of SOURCE_DATE_EPOCH: a review of the same input has the same bytes then."""
    stated = variables.get("SOURCE_DATE_EPOCH", "")
    if stated and not (stated.isascii() and stated.isdecimal() and len(stated) <= _MAX_DIGITS):
        raise SitegenError(f"SOURCE_DATE_EPOCH is {stated!r}, and must be a number of seconds since 1970")
    return iso(int(stated or time.time()) * 1000)[:10]

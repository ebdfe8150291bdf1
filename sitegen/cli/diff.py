"""`sitegen diff`: review what changes between two states of a registry, and whether callers break."""

import os
from argparse import Namespace
from contextlib import ExitStack

from sitegen.analysis.review.review import review
from sitegen.cli.day import now
from sitegen.cli.report import FORMATS, REVIEW_FORMATS, terminal
from sitegen.cli.report.review.context import Context, parse_site_url
from sitegen.cli.review_sides import open_sides
from sitegen.core.errors import SitegenError
from sitegen.formats.times import iso


def run(options: Namespace) -> int:
    """Review; exit 1 if something breaks, cannot be judged or is among what `--fail-on` names.

    Raises SitegenError where BASE or HEAD as a whole cannot be read.
    """
    if options.output is not None and options.format != "html":
        raise SitegenError("--output is the folder of --format html; other formats are printed")
    context = Context(site_url=parse_site_url(options.site_url), output=options.output or "")
    with ExitStack() as stack:
        sides = open_sides(options, stack)
        for note in sides.notes:
            terminal.print_message(note)
        found = review(sides, options.fail_on, iso(now(os.environ))[:10])
    context = context._replace(folder=sides.folder)
    terminal.write(REVIEW_FORMATS[options.format](found, context), FORMATS[options.format].ascii_only)
    return 0 if found.passes else 1

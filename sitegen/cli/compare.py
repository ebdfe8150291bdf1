"""`sitegen compare`: what changes from one model to another, and whether that breaks somebody."""

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace

from sitegen.analysis.gate import Doubts, doubts_of, judge, passes
from sitegen.cli.report import changes, terminal
from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic
from sitegen.privacy.redactor import Redactor
from sitegen.privacy.values import redact_version
from sitegen.settings.settings import Privacy, read_settings
from sitegen.sources.directory.single_version import OneModel, read_model, why_unreadable

FORMATS = {"text": changes.text, "json": changes.json, "markdown": changes.markdown}


def run(options: Namespace) -> int:
    """Compare; exit 1 when callers or readers of the old one break, or when nobody can tell.

    Raises SitegenError when the old one cannot be read: then there is nothing to compare with.
    """
    privacy = read_settings(None).privacy
    old, new = read_model(options.old), read_model(options.new)
    lost = _redacted(why_unreadable(old), privacy)
    if lost:
        raise SitegenError(f"OLD cannot be read: {lost[-1].place}: {lost[-1].message} ({lost[-1].rule})")
    doubts = Doubts(old=_redacted(_doubts(old), privacy), new=_redacted(_doubts(new), privacy))
    found = judge(redact_version(old.version, privacy), redact_version(new.version, privacy), doubts)
    (terminal.write_ascii if options.format == "json" else terminal.write)(FORMATS[options.format](found, doubts))
    return 0 if passes(found.verdict) else 1


def _doubts(model: OneModel) -> Iterable[Diagnostic]:
    return why_unreadable(model) or doubts_of(model.version, model.text or "", model.path)


def _redacted(problems: Iterable[Diagnostic], privacy: Privacy) -> tuple[Diagnostic, ...]:
    """Problems whose messages may be printed. Their paths are those that the user typed."""
    return tuple(replace(one, message=Redactor(privacy).text(one.message)) for one in problems)

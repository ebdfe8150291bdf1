"""`sitegen compare`: print the changes between two models, and whether callers break."""

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace

from sitegen.analysis.gate import Blockers, find_blockers, judge, passes
from sitegen.cli.report import COMPARISON_FORMATS, FORMATS, terminal
from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic
from sitegen.privacy.redactor import Redactor
from sitegen.privacy.values import redact_version
from sitegen.settings.settings import Privacy, read_settings
from sitegen.sources.directory.single_version import OneModel, read_model, why_unreadable


def run(options: Namespace) -> int:
    """Compare; exit 1 if callers or consumers of the old model break, or if a model cannot be judged.

    Raises SitegenError if the old model cannot be read: there is nothing to compare with.
    """
    privacy = read_settings(None).privacy
    old, new = read_model(options.old), read_model(options.new)
    reasons = _redact_messages(why_unreadable(old), privacy)
    if reasons:
        reason = reasons[-1]
        raise SitegenError(f"OLD cannot be read: {reason.place}: {reason.message} ({reason.rule})")
    blockers = Blockers(old=_redact_messages(_blockers(old), privacy), new=_redact_messages(_blockers(new), privacy))
    comparison = judge(redact_version(old.version, privacy), redact_version(new.version, privacy), blockers)
    output = COMPARISON_FORMATS[options.format](comparison, blockers)
    terminal.write(output, FORMATS[options.format].ascii_only)
    return 0 if passes(comparison.verdict) else 1


def _blockers(model: OneModel) -> Iterable[Diagnostic]:
    """The reasons why a model cannot be judged."""
    return why_unreadable(model) or find_blockers(model.version, model.text or "", model.path)


def _redact_messages(diagnostics: Iterable[Diagnostic], privacy: Privacy) -> tuple[Diagnostic, ...]:
    """Redact the messages, so that they may be printed. The paths are those that the user typed."""
    redactor = Redactor(privacy)
    return tuple(replace(diagnostic, message=redactor.text(diagnostic.message)) for diagnostic in diagnostics)

"""`sitegen compare`: print the changes between two models, and whether callers break."""

import os
from argparse import Namespace
from collections.abc import Callable, Iterable
from dataclasses import replace

from sitegen.analysis.gate import Blockers, find_blockers, judge, passes
from sitegen.cli.report import COMPARISON_FORMATS, FORMATS, terminal
from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic
from sitegen.privacy.redactor import Redactor
from sitegen.privacy.values import redact_version
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import Privacy, Settings, read_settings
from sitegen.sources.directory.single_version import OneModel, read_model, why_unreadable
from sitegen.sources.discovery import open_registry
from sitegen.sources.named_version import SCHEME, read_by_name


def run(options: Namespace) -> int:
    """Compare; exit 1 if callers or consumers of the old model break, or if a model cannot be judged.

    Raises SitegenError if the old model cannot be read: there is nothing to compare with.
    """
    settings = read_settings(None)
    privacy = settings.privacy
    read = _reader(options.registry, settings) if options.registry is not None else _read_path
    old, new = read(options.old), read(options.new)
    reasons = _redact_messages(why_unreadable(old), privacy)
    if reasons:
        reason = reasons[-1]
        raise SitegenError(f"OLD cannot be read: {reason.place}: {reason.message} ({reason.rule})")
    blockers = Blockers(old=_redact_messages(_blockers(old), privacy), new=_redact_messages(_blockers(new), privacy))
    comparison = judge(redact_version(old.version, privacy), redact_version(new.version, privacy), blockers)
    output = COMPARISON_FORMATS[options.format](comparison, blockers)
    terminal.write(output, FORMATS[options.format].ascii_only)
    return 0 if passes(comparison.verdict) else 1


def _reader(registry: str, settings: Settings) -> Callable[[str], OneModel]:
    """What reads a version of a registry by its name."""
    discovery = open_registry(registry, cache_folder(None), settings=settings.registry)
    for note in discovery.notes():
        terminal.print_message(note)

    def read(name: str) -> OneModel:
        """A version by its name; the names in an error are redacted."""
        try:
            return read_by_name(discovery, name)
        except SitegenError as error:
            raise SitegenError(Redactor(settings.privacy).text(str(error))) from None

    return read


def _read_path(path: str) -> OneModel:
    """The model at a path. Raises SitegenError for what is a name in a registry."""
    is_missing = "://" not in path and not os.path.lexists(path)
    if path.startswith(SCHEME) or (is_missing and "@" in path):
        raise SitegenError(f"{path} is a version of a registry: name the registry by --registry")
    if is_missing and path and not os.path.isabs(path):
        raise SitegenError(f"{path} does not exist; if it is a version of a registry, name the registry by --registry")
    return read_model(path)


def _blockers(model: OneModel) -> Iterable[Diagnostic]:
    """The reasons why a model cannot be judged."""
    return why_unreadable(model) or find_blockers(model.version, model.text or "", model.path)


def _redact_messages(diagnostics: Iterable[Diagnostic], privacy: Privacy) -> tuple[Diagnostic, ...]:
    """Redact the messages, so that they may be printed. The paths are those that the user typed."""
    redactor = Redactor(privacy)
    return tuple(replace(diagnostic, message=redactor.text(diagnostic.message)) for diagnostic in diagnostics)

"""`sitegen check`: print the problems of a registry, and what it lacks."""

import os
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches

from sitegen.analysis.check_policy import Finding, decide
from sitegen.analysis.publishable import redact_and_check
from sitegen.analysis.quality import quality_findings
from sitegen.cli.day import now
from sitegen.cli.known_findings import read_known_findings, write_known_findings
from sitegen.cli.report import DIAGNOSTIC_FORMATS, FORMATS, terminal
from sitegen.cli.report.check_result import CheckResult
from sitegen.cli.report.problems import count_line
from sitegen.cli.report.words import count_of
from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic
from sitegen.domain.model import Model
from sitegen.domain.rules import RULES
from sitegen.formats.times import iso
from sitegen.privacy.values import redact_problems
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import Check, Settings, read_settings
from sitegen.site.display import label
from sitegen.site.urls import assign_slugs
from sitegen.sources.discovery import Discovery, open_registry
from sitegen.sources.load import load_models
from sitegen.storage.tree import LocalTree


def run(options: Namespace) -> int:
    """Check; exit 1 if a problem that counts has the severity `--fail-on` or a worse one.

    With `--write-known`, write the problems that count to a file, and exit 0.
    """
    settings = read_settings(options.config)
    _refuse_unknown_rules(settings.check)
    known, today = read_known_findings(options.known), now(os.environ)
    if options.write_known:
        known.clear()  # the file gets all findings of today, the known ones among them
    discovery = open_registry(options.registry, cache_folder(options.cache), settings=settings.registry)
    for note in discovery.notes():
        terminal.print_message(note)
    result = _check(discovery, settings, today)
    decision = decide(result.findings, settings.check, known, iso(today)[:10])
    if options.write_known:
        count = write_known_findings(options.write_known, (one.key for one in decision.findings))
        terminal.print_message(f"{options.write_known} lists {count_of(count, 'problem')}; check with --known")
        return 0
    result = result._replace(
        findings=decision.findings,
        ignored=decision.ignored,
        known=decision.known,
        folder=_root_folder(discovery),
        group=terminal.is_interactive() and not options.verbose,
        color=terminal.has_color(),
    )
    terminal.write(DIAGNOSTIC_FORMATS[options.format](result), FORMATS[options.format].ascii_only)
    if options.format != "text":  # whose last line says so
        terminal.print_message(count_line(result))
    limit = SEVERITIES.index(options.fail_on)
    return 1 if any(SEVERITIES.index(one.severity) <= limit for one in result.diagnostics) else 0


def _refuse_unknown_rules(settings: Check) -> None:
    for rule, _ in settings.levels:
        if rule not in RULES:
            near = get_close_matches(rule, RULES, 1)
            meant = f"; {near[0]} is meant?" if near else ""
            raise SitegenError(f'[check] levels: there is no rule "{rule}"{meant}')


def _root_folder(discovery: Discovery) -> str:
    """The registry's root, relative to the current folder; empty for a registry that is not a local folder."""
    tree = discovery.source.tree
    if not isinstance(tree, LocalTree):
        return ""
    root = tree.root
    with suppress(ValueError):  # on Windows, another drive than that of the current folder
        root = os.path.relpath(root)
    return root.replace(os.sep, "/")


def _check(discovery: Discovery, settings: Settings, today: int) -> CheckResult:
    """The problems that the site would show and what its models lack, in the order of its models."""
    own = redact_problems(discovery.problems + assign_slugs(discovery.models).problems, settings.privacy)
    findings = [Finding(one) for one in own]
    models = versions = 0
    for model in load_models(discovery):
        published = redact_and_check(model, settings.privacy)
        findings += _findings(published, settings, today)
        models, versions = models + 1, versions + len(published.versions)
    return CheckResult(tuple(findings), models, versions)


def _findings(model: Model, settings: Settings, today: int) -> Iterator[Finding]:
    counts = Counter(map(label, model.versions))
    labels = [label(one) if counts[label(one)] == 1 else one.name for one in model.versions]  # runs may share a name
    quality: dict[int | None, list[Diagnostic]] = {}
    for one in quality_findings(model, settings.metrics, settings.check, today):
        quality.setdefault(one.version, []).append(one.diagnostic)
    for problem in (*model.problems, *quality.get(None, ())):
        yield Finding(problem, model.name)
    for place, version in enumerate(model.versions):
        for problem in (*version.problems, *quality.get(place, ())):
            yield Finding(problem, model.name, labels[place])

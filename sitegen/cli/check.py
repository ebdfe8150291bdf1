"""`sitegen check`: print the problems of a registry."""

import os
from argparse import Namespace
from collections import Counter
from contextlib import suppress

from sitegen.analysis.publishable import redact_and_check
from sitegen.cli.report import DIAGNOSTIC_FORMATS, FORMATS, terminal
from sitegen.cli.report.check_result import CheckResult, Finding
from sitegen.cli.report.problems import count_line
from sitegen.domain.diagnostic import SEVERITIES
from sitegen.privacy.values import redact_problems
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import Privacy, read_settings
from sitegen.site.display import label
from sitegen.site.urls import assign_slugs
from sitegen.sources.discovery import Discovery, open_registry
from sitegen.sources.load import load_models
from sitegen.storage.tree import LocalTree


def run(options: Namespace) -> int:
    """Check; exit 1 if a problem has the severity `--fail-on` or a worse one."""
    settings = read_settings(options.config)
    discovery = open_registry(options.registry, cache_folder(options.cache), settings=settings.registry)
    for note in discovery.notes():
        terminal.print_message(note)
    result = _check(discovery, settings.privacy)._replace(
        folder=_root_folder(discovery),
        group=terminal.is_interactive() and not options.verbose,
        color=terminal.has_color(),
    )
    terminal.write(DIAGNOSTIC_FORMATS[options.format](result), FORMATS[options.format].ascii_only)
    if options.format != "text":  # whose last line says so
        terminal.print_message(count_line(result))
    limit = SEVERITIES.index(options.fail_on)
    return 1 if any(SEVERITIES.index(one.severity) <= limit for one in result.diagnostics) else 0


def _root_folder(discovery: Discovery) -> str:
    """The registry's root, relative to the current folder; empty for a registry that is not a local folder."""
    tree = discovery.source.tree
    if not isinstance(tree, LocalTree):
        return ""
    root = tree.root
    with suppress(ValueError):  # on Windows, another drive than that of the current folder
        root = os.path.relpath(root)
    return root.replace(os.sep, "/")


def _check(discovery: Discovery, privacy: Privacy) -> CheckResult:
    """The problems that the site would show, in the order of its models."""
    own = redact_problems(discovery.problems + assign_slugs(discovery.models).problems, privacy)
    findings = [Finding(one) for one in own]
    models = versions = 0
    for model in load_models(discovery):
        published = redact_and_check(model, privacy)
        findings += [Finding(one, published.name) for one in published.problems]
        labels = Counter(map(label, published.versions))
        for version in published.versions:
            name = label(version) if labels[label(version)] == 1 else version.name  # runs may share a name
            findings += [Finding(one, f"{published.name} {name}") for one in version.problems]
        models, versions = models + 1, versions + len(published.versions)
    return CheckResult(tuple(findings), models, versions)

"""`sitegen check`: print the problems of a registry."""

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress

from sitegen.analysis.publishable import redact_and_check
from sitegen.cli.report import DIAGNOSTIC_FORMATS, FORMATS, terminal
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic
from sitegen.privacy.values import redact_problems
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import Privacy, read_settings
from sitegen.site.urls import assign_slugs
from sitegen.sources.discovery import Discovery, open_registry
from sitegen.sources.load import load_models
from sitegen.storage.tree import LocalTree


def run(options: Namespace) -> int:
    """Check; exit 1 if a problem has the severity `--fail-on` or a worse one."""
    settings = read_settings(options.config)
    discovery = open_registry(options.registry, cache_folder(options.cache), settings=settings.registry)
    if discovery.note:
        terminal.print_message(discovery.note)
    diagnostics = list(_diagnostics(discovery, settings.privacy))
    output = DIAGNOSTIC_FORMATS[options.format](diagnostics, _root_folder(discovery))
    terminal.write(output, FORMATS[options.format].ascii_only)
    limit = SEVERITIES.index(options.fail_on)
    return 1 if any(SEVERITIES.index(diagnostic.severity) <= limit for diagnostic in diagnostics) else 0


def _root_folder(discovery: Discovery) -> str:
    """The registry's root, relative to the current folder; empty for a registry that is not a local folder."""
    tree = discovery.source.tree
    if not isinstance(tree, LocalTree):
        return ""
    root = tree.root
    with suppress(ValueError):  # on Windows, another drive than that of the current folder
        root = os.path.relpath(root)
    return root.replace(os.sep, "/")


def _diagnostics(discovery: Discovery, privacy: Privacy) -> Iterator[Diagnostic]:
    """The problems that the site would show, in the order of its models."""
    yield from redact_problems(discovery.problems + assign_slugs(discovery.models).problems, privacy)
    for model in load_models(discovery):
        published = redact_and_check(model, privacy)
        yield from published.problems
        for version in published.versions:
            yield from version.problems

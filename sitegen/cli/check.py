"""`sitegen check`: print the problems of a registry."""

import os
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from sitegen.analysis.publishable import redact_and_check
from sitegen.cli.report import diagnostics as report
from sitegen.cli.report import terminal
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic
from sitegen.privacy.values import redact_problems
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import Privacy, read_settings
from sitegen.site.urls import assign_slugs
from sitegen.sources.discovery import Discovery, open_registry
from sitegen.sources.load import load_models
from sitegen.storage.tree import LocalTree


def run(options: Namespace) -> int:
    """Check; exit 1 when a problem is as bad as `--fail-on`."""
    settings = read_settings(options.config)
    cache, exclude = cache_folder(options.cache), settings.registry.exclude
    discovery = open_registry(options.registry, cache, exclude=exclude)
    if discovery.note:
        terminal.say(discovery.note)
    found = list(_problems(discovery, settings.privacy))
    formats: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
        "text": report.text,
        "json": report.json,
        "github": partial(report.github, folder=_folder(discovery)),
    }
    (terminal.write_ascii if options.format == "json" else terminal.write)(formats[options.format](found))
    limit = SEVERITIES.index(options.fail_on)
    return 1 if any(SEVERITIES.index(one.severity) <= limit for one in found) else 0


def _folder(discovery: Discovery) -> str:
    """The registry's root as seen from here; nothing where it is none of this machine."""
    tree = discovery.source.tree
    if not isinstance(tree, LocalTree):
        return ""
    root = tree.root
    with suppress(ValueError):  # on Windows, another drive than that of the current folder
        root = os.path.relpath(root)
    return root.replace(os.sep, "/")


def _problems(discovery: Discovery, privacy: Privacy) -> Iterator[Diagnostic]:
    """What the site would show, in the order of its models."""
    yield from redact_problems(discovery.problems + assign_slugs(discovery.models).problems, privacy)
    for model in load_models(discovery):
        shown = redact_and_check(model, privacy)
        yield from shown.problems
        for version in shown.versions:
            yield from version.problems

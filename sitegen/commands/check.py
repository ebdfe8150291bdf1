"""`sitegen check`: print the problems of a registry."""

import sys
from argparse import Namespace
from collections.abc import Iterator

from sitegen.diagnostics import SEVERITIES, Diagnostic
from sitegen.insight.checks import checked
from sitegen.privacy import Redactor
from sitegen.redaction import redact_model
from sitegen.report import diagnostics as report
from sitegen.settings import Privacy, read_settings
from sitegen.site.plan import plan
from sitegen.sources.load import load_model
from sitegen.sources.recall import Recall
from sitegen.sources.source import Discovery, open_registry


def run(options: Namespace) -> int:
    """Check; exit 1 when a problem is as bad as `--fail-on`."""
    settings = read_settings(options.config)
    found = list(_problems(open_registry(options.registry), settings.privacy))
    sys.stdout.write({"text": report.text, "json": report.json, "github": report.github}[options.format](found))
    limit = SEVERITIES.index(options.fail_on)
    return 1 if any(SEVERITIES.index(one.severity) <= limit for one in found) else 0


def _problems(discovery: Discovery, privacy: Privacy) -> Iterator[Diagnostic]:
    """What the site would show, in the order of its models."""
    yield from Redactor(privacy).value(discovery.problems + plan(discovery.models).problems)
    source = discovery.source
    source.tree.ahead(discovery.files())
    for ref in discovery.models:
        model = load_model(source.stores, ref, Recall(source.tree, {}, 0))
        if model is not None:
            redacted = checked(redact_model(model, privacy))
            yield from redacted.problems
            for version in redacted.versions:
                yield from version.problems

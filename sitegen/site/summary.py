"""The one small value that a model leaves for the pages about all models: catalog, problems, API, feed.

It holds ready-made pieces, so that gathering ten thousand of them is joining texts.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from sitegen.analysis.metric_ranking import values_by_version
from sitegen.domain.comparison import Verdict
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic, Severity
from sitegen.domain.model import Model, Version, merge_pairs
from sitegen.site import display, urls
from sitegen.site.charts.svg import Spark, spark
from sitegen.site.json_api import dumps, strict, time
from sitegen.site.markdown import plain
from sitegen.site.views.context import ModelContext
from sitegen.site.views.model import arity
from sitegen.site.views.overview import MetricColumn, overview

MAX_PROBLEMS = 30
"""Problems of one model that the problems page lists; it counts all."""

MAX_TREND = 30
"""Versions that the trend in the catalog shows."""

NEWEST = 3
"""Versions of one model that may appear in the feed."""


class CatalogRow(NamedTuple):
    """A model's row in the catalog. `verdict` is that of its latest step."""

    name: str
    slug: str
    kind: str
    store: str
    description: str
    flavors: tuple[str, ...]
    latest: str
    latest_name: str
    latest_folder: str
    versions: int
    aliases: tuple[tuple[str, str], ...]
    metric: "MainMetric | None"
    arity: str
    signature: str
    verdict: Verdict | None
    problems: int
    updated: str
    updated_iso: str


class MainMetric(NamedTuple):
    """The metric that stands for a model: its newest value, and its values over the versions."""

    key: str
    direction: str
    value: str
    exact: str
    trend: Spark | None


FeedEntry = tuple[int, str, str, str, str]
"""A version as the feed has it: when it was made in milliseconds since 1970, UTC; title, URL, id and text.

A plain tuple: a change of one among ten thousand models reads those of all from the last build's memory.
"""


class ProblemEntry(NamedTuple):
    """A problem, with the page of the model or version that has it."""

    found: Diagnostic
    label: str
    url: str


class Summary(NamedTuple):
    """What the pages about all models need of one.

    `row` is its HTML in the catalog, `entry` its JSON in `api/catalog.json`; `counts` says how often each rule was
    broken. `digest` is that of its packed fields, set by the build's state.
    """

    name: str
    slug: str
    kind: str
    store: str
    versions: int
    row: str
    entry: bytes
    feed: tuple[FeedEntry, ...]
    problems: tuple[ProblemEntry, ...]
    counts: tuple[tuple[str, Severity, int], ...]
    digest: bytes = b""


def summarize(context: ModelContext, row: str) -> Summary:
    """The summary of a model with its row in the catalog."""
    model = context.model
    counts: Counter[tuple[str, Severity]] = Counter()
    for found in all_problems(model):
        counts[found.rule, found.severity] += found.count
    return Summary(
        name=model.name,
        slug=context.slug,
        kind=model.kind,
        store=model.store,
        versions=len(model.versions),
        row=row,
        entry=dumps(_entry(context)),
        feed=_feed(context),
        problems=_problems(context),
        counts=tuple((rule, severity, count) for (rule, severity), count in sorted(counts.items())),
    )


def all_problems(model: Model) -> chain[Diagnostic]:
    """The problems of a model and of its versions."""
    return chain(model.problems, *(version.problems for version in model.versions))


def catalog_row(context: ModelContext) -> CatalogRow:
    """The model's row in the catalog."""
    model, latest, whole = context.model, context.model.latest, overview(context)
    return CatalogRow(
        name=model.name,
        slug=context.slug,
        kind=model.kind,
        store=model.store,
        description=plain(model.description or model.card or ""),
        flavors=_flavors(latest),
        latest=display.label(latest) if latest else "",
        latest_name=latest.name if latest else "",
        latest_folder=context.folders[-1] if latest else "",
        versions=len(model.versions),
        aliases=tuple(
            (alias, context.link(whole.place[name]).text) for alias, name in model.aliases if name in whole.place
        ),
        metric=_main(model, whole.columns[0] if whole.columns else None),
        arity=arity(latest),
        signature=latest.signature.kind if latest and latest.signature else "",
        verdict=context.steps[-1].verdict if context.steps and context.steps[-1] else None,
        problems=whole.problems,
        updated=display.day(whole.updated),
        updated_iso=display.datetime_attribute(whole.updated),
    )


def _main(model: Model, column: MetricColumn | None) -> MainMetric | None:
    """The main metric: its newest value and how it went."""
    if column is None:
        return None
    found = values_by_version(model.versions[-MAX_TREND:], column.key) or values_by_version(model.versions, column.key)
    last = list(found.values())[-1]
    return MainMetric(
        key=column.key,
        direction=column.direction,
        value=display.number(last, column.places),
        exact=display.exact(last),
        trend=spark(column.key, list(found.values()), width=66, height=13) if len(found) > 1 else None,
    )


def _flavors(version: Version | None) -> tuple[str, ...]:
    """The flavors that tell something: python_function comes with all others."""
    names = [flavor.name for flavor in version.mlmodel.flavors] if version and version.mlmodel else []
    return tuple(name for name in names if name != "python_function") or tuple(names)


def _entry(context: ModelContext) -> dict[str, object]:
    """The model's object in `api/catalog.json`: tags and metrics are those of the latest version."""
    model, latest = context.model, context.model.latest
    kind = latest.signature.kind if latest and latest.signature else None
    return {
        "name": model.name,
        "slug": context.slug,
        "kind": model.kind,
        "url": urls.model_page(context.slug),
        "description": model.description,
        "latest": latest.name if latest else None,
        "versions": len(model.versions),
        "aliases": dict(model.aliases),
        "tags": dict(merge_pairs(model.tags, latest.tags if latest else ())),
        "flavors": [flavor.name for flavor in latest.mlmodel.flavors] if latest and latest.mlmodel else [],
        "metrics": {metric.key: strict(metric.value) for metric in latest.metrics} if latest else {},
        "signature_kind": kind,
        "updated": time(overview(context).updated),
    }


def _feed(context: ModelContext) -> tuple[FeedEntry, ...]:
    model = context.model
    newest = sorted(
        (version.created, number) for number, version in enumerate(model.versions) if version.created is not None
    )[-NEWEST:]
    return tuple(
        (
            created,
            f"{model.name} {display.label(model.versions[number])}",
            urls.version_page(context.slug, context.folders[number]),
            f"{model.kind}:{model.store}:{model.name}:{model.versions[number].name}",
            plain(model.versions[number].description or model.description or ""),
        )
        for created, number in newest
    )


def _problems(context: ModelContext) -> tuple[ProblemEntry, ...]:
    """The worst of the model's problems, each with the page that shows it."""
    model = context.model
    found = [ProblemEntry(one, model.name, urls.model_page(context.slug)) for one in model.problems]
    for number, version in enumerate(model.versions):
        url = urls.version_page(context.slug, context.folders[number])
        name = f"{model.name} {display.label(version)}" if version.problems else ""
        found += [ProblemEntry(one, name, url) for one in version.problems]
    rank = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(found, key=lambda entry: rank[entry.found.severity])[:MAX_PROBLEMS])


def severities(summaries: Iterable[Summary], others: Iterable[Diagnostic]) -> dict[Severity, int]:
    """How many problems there are of each severity; `others` are those of no model."""
    counts: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
    for found in others:
        counts[found.severity] += found.count
    for summary in summaries:
        for _, severity, count in summary.counts:
            counts[severity] += count
    return counts

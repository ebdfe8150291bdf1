"""The summary of a model, for the pages about all models: catalog, problems, API, feed.

It is small and holds rendered JSON, so that a catalog of ten thousand models is made quickly.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from sitegen.analysis.metric_ranking import values_by_version
from sitegen.analysis.score import Score
from sitegen.domain.comparison import Verdict
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic, Severity
from sitegen.domain.model import Model, Version, merge_pairs
from sitegen.site import display, urls
from sitegen.site.catalog_record import catalog_record, contract, version_link
from sitegen.site.feed_entries import FeedEntry, newest_entries
from sitegen.site.json_api import dumps, facts_fields, facts_of_model, strict, time
from sitegen.site.markdown import plain
from sitegen.site.run_index import run_index
from sitegen.site.views.context import ModelContext
from sitegen.site.views.overview import MetricColumn, overview
from sitegen.site.views.verdicts import verdict_views

MAX_PROBLEMS = 30
"""Problems of one model that the problems page lists; its counts include all."""


class CatalogRow(NamedTuple):
    """The row of a model in the catalog.

    `aliases` has label and folder of each version with its names, newest first. `errors`, `warnings` and `notes` count
    its problems by severity. `verdict` is the verdict on the latest version, compared with `against`; `compare` is the
    address of the comparison.
    """

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
    aliases: tuple[tuple[str, str, tuple[str, ...]], ...]
    metric: "MainMetric | None"
    arity: str
    signature: str
    verdict: Verdict | None
    against: str
    compare: str
    errors: int
    warnings: int
    notes: int
    updated: str
    updated_iso: str


class MainMetric(NamedTuple):
    """The main metric of a model: the value of the latest version."""

    key: str
    direction: str
    value: str
    exact: str


class ProblemEntry(NamedTuple):
    """A problem, with the page of the model or version that has it."""

    found: Diagnostic
    label: str
    url: str


class Summary(NamedTuple):
    """The facts about one model that the pages about all models show.

    `row` is its row in the catalog and `entry` its JSON in `api/catalog.json`. `record` is what the catalog's scripts
    know of it, with about `values_size` bytes of metrics, params and attributes; `runs` is what they know of its runs.
    `counts` has the number of problems by rule. `digest` is the digest of the packed summary, set by the build's state.
    Anybody who can write into the cache can change a summary: it holds no HTML, and pages escape its values.
    """

    name: str
    slug: str
    kind: str
    store: str
    versions: int
    row: CatalogRow
    entry: bytes
    record: bytes
    values_size: int
    runs: bytes
    feed: tuple[FeedEntry, ...]
    problems: tuple[ProblemEntry, ...]
    counts: tuple[tuple[str, Severity, int], ...]
    digest: bytes = b""


def summarize(context: ModelContext) -> Summary:
    """The summary of a model."""
    model = context.model
    counts: Counter[tuple[str, Severity]] = Counter()
    for diagnostic in all_problems(model):
        counts[diagnostic.rule, diagnostic.severity] += diagnostic.count
    row = catalog_row(context, counts)
    record = catalog_record(model, _index_fields(row, context.score))
    return Summary(
        name=model.name,
        slug=context.slug,
        kind=model.kind,
        store=model.store,
        versions=len(model.versions),
        row=row,
        entry=dumps(_entry(context)),
        record=record.json,
        values_size=record.values_size,
        runs=run_index(context),
        feed=newest_entries(context),
        problems=_problems(context),
        counts=tuple((rule, severity, count) for (rule, severity), count in sorted(counts.items())),
    )


def all_problems(model: Model) -> chain[Diagnostic]:
    """The problems of a model and of its versions."""
    return chain(model.problems, *(version.problems for version in model.versions))


def catalog_row(context: ModelContext, counts: Mapping[tuple[str, Severity], int]) -> CatalogRow:
    """The model's row in the catalog; `counts` are its problems by rule and severity."""
    problems = _count_by_severity((severity, count) for (_, severity), count in counts.items())
    model, latest, facts = context.model, context.model.latest, overview(context)
    taken, kind = contract(latest)
    lead = verdict_views(context, len(model.versions) - 1, "").lead if latest else None
    judged = lead if lead and lead.judged else None
    return CatalogRow(
        name=model.name,
        slug=context.slug,
        kind=model.kind,
        store=model.store,
        description=plain(model.description or model.card or ""),
        flavors=_flavors(latest),
        latest=context.labels[-1] if latest else "",
        latest_name=latest.name if latest else "",
        latest_folder=context.folders[-1] if latest else "",
        versions=len(model.versions),
        aliases=_aliases(context, facts.place),
        metric=_main(model, facts.columns[0] if facts.columns else None),
        arity=taken,
        signature=kind,
        verdict=judged.comparison.verdict if judged else None,
        against=judged.name if judged else "",
        compare=judged.compare if judged else "",
        errors=problems["error"],
        warnings=problems["warning"],
        notes=problems["info"],
        updated=display.day(model.updated),
        updated_iso=display.datetime_attribute(model.updated),
    )


def _aliases(context: ModelContext, place: Mapping[str, int]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Label, folder and aliases of each version that has some, newest first."""
    names: dict[int, list[str]] = {}
    for alias, version in context.model.aliases:
        if version in place:
            names.setdefault(place[version], []).append(alias)
    newest_first = sorted(names, reverse=True)
    return tuple((context.labels[number], context.folders[number], tuple(names[number])) for number in newest_first)


def _index_fields(row: CatalogRow, score: Score | None) -> dict[str, Any]:
    """The row and the score as the catalog's scripts have them; null for what follows from other fields."""
    verdict, metric = row.verdict, row.metric
    levels = (verdict.severity, verdict.python, verdict.rest, verdict.outputs) if verdict else ()
    return {
        "name": row.name,
        "slug": None if row.slug == row.name else row.slug,
        "store": row.store,
        "kind": row.kind,
        "version": row.latest_name,
        "label": None if row.latest == f"v{row.latest_name}" else row.latest,
        "folder": None if row.latest_folder == row.latest_name else row.latest_folder,
        "versions": row.versions,
        "aliases": [(version_link(label, folder), names) for label, folder, names in row.aliases],
        "flavors": row.flavors,
        "verdict": (*levels, row.against, row.compare) if levels else None,
        "metric": (metric.key, metric.direction) if metric else None,
        "value": metric.value if metric else None,
        "exact": None if metric is None or metric.exact == metric.value else metric.exact,
        "errors": row.errors,
        "warnings": row.warnings,
        "notes": row.notes,
        "score": score.value if score else None,
        "updated": row.updated,
        "description": row.description,
    }


def _main(model: Model, column: MetricColumn | None) -> MainMetric | None:
    """The main metric of the latest version; None if the latest version does not have it."""
    values = values_by_version(model.versions[-1:], column.key) if column else {}
    latest = values.get(model.versions[-1].name) if values else None
    if column is None or latest is None:
        return None
    return MainMetric(
        key=column.key,
        direction=column.direction,
        value=display.number(latest, column.digits),
        exact=display.exact(latest),
    )


def _flavors(version: Version | None) -> tuple[str, ...]:
    """The flavors without python_function, which all others include; with it if it is the only one."""
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
        "facts": facts_fields(facts_of_model(model)),
        "score": context.score.value if context.score else None,
        "latest": latest.name if latest else None,
        "versions": len(model.versions),
        "aliases": dict(model.aliases),
        "tags": dict(merge_pairs(model.tags, latest.tags if latest else ())),
        "flavors": [flavor.name for flavor in latest.mlmodel.flavors] if latest and latest.mlmodel else [],
        "metrics": {metric.key: strict(metric.value) for metric in latest.metrics} if latest else {},
        "signature_kind": kind,
        "updated": time(model.updated),
    }


def _problems(context: ModelContext) -> tuple[ProblemEntry, ...]:
    """The worst problems of the model, each with the URL of the page that shows it."""
    model = context.model
    page = urls.model_page(context.slug)
    entries = [ProblemEntry(diagnostic, model.name, page) for diagnostic in model.problems]
    for number, version in enumerate(model.versions):
        url = urls.version_page(context.slug, context.folders[number])
        name = f"{model.name} {context.labels[number]}" if version.problems else ""
        entries += [ProblemEntry(diagnostic, name, url) for diagnostic in version.problems]
    rank = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(entries, key=lambda entry: rank[entry.found.severity])[:MAX_PROBLEMS])


def severities(summaries: Iterable[Summary], others: Iterable[Diagnostic]) -> dict[Severity, int]:
    """The number of problems of each severity; `others` are problems that belong to no model."""
    own = ((severity, count) for summary in summaries for _, severity, count in summary.counts)
    return _count_by_severity(chain(own, ((diagnostic.severity, diagnostic.count) for diagnostic in others)))


def _count_by_severity(counts: Iterable[tuple[Severity, int]]) -> dict[Severity, int]:
    found: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
    for severity, count in counts:
        found[severity] += count
    return found

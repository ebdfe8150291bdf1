"""The data for the scripts of a model's pages, as script files, since fetch() does not work from file://.

Values are stored in columns: a list for each key with an item for each version, oldest first; null if it has none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice, permutations
from typing import Any, NamedTuple

from sitegen.analysis.compat.compare import UNREADABLE, compare_signatures
from sitegen.analysis.compat.rules.table import fix, reason
from sitegen.analysis.metric_ranking import main_metric
from sitegen.analysis.reference import references
from sitegen.core.memoize import memoize_weakly
from sitegen.domain.comparison import Change, Comparison
from sitegen.domain.environment import normal_name
from sitegen.domain.model import Version
from sitegen.domain.signature import Signature
from sitegen.formats.file_roles import SIDECARS
from sitegen.formats.metrics import thin_out
from sitegen.site import display
from sitegen.site.dataset_columns import metric_entries
from sitegen.site.json_api import dumps, strict
from sitegen.site.markdown import plain
from sitegen.site.views.context import ModelContext
from sitegen.site.views.parts import SchemaRow, signature_view

MAX_KEYS = 300
"""Metrics, params and so on that the scripts know, each: those that most versions have."""

MAX_SIGNATURES = 10
"""The newest distinct signatures, between which all verdicts are computed."""

MAX_LINKS = 200
"""Other distinct pairs whose verdicts are computed, because pages link to them: those of the newest versions."""

MAX_POINTS = 50_000
"""Points in all histories of a model together."""


def model_data(context: ModelContext) -> bytes:
    """`data.js` of a model."""
    versions = context.model.versions[context.known :]
    contracts, places = _contracts(versions)
    judged = context.settings.metrics
    tables = [_tables(version) for version in versions]
    measured = [table.metrics for table in tables]
    data = {
        "name": context.model.name,
        "slug": context.slug,
        "address": context.model.address,
        "main": main_metric(_counts(measured), judged.main, judged.directions),
        "left_out": context.known,
        "baseline": _baseline(context),
        "steps": any(metric.points for version in versions for metric in version.metrics),
        "versions": [
            _version(context, context.known + place, version, label, places[place])
            for place, (version, label) in enumerate(zip(versions, context.labels[context.known :], strict=True))
        ],
        "metrics": metric_entries(_columns(measured), versions, judged.directions),
        "params": _named_columns([table.params for table in tables]),
        "tags": _named_columns([table.tags for table in tables]),
        "packages": _named_columns([table.packages for table in tables]),
        "files": _named_columns([table.files for table in tables]),
        "flavors": _named_columns([table.flavors for table in tables]),
        "signatures": [_signature(contract.signature) for contract in contracts],
        "verdicts": _verdicts(context, contracts, places),
    }
    return _script("sitegenModels", context.slug, data)


def steps_data(context: ModelContext) -> bytes:
    """`steps.js` of a model: the histories of its metrics, thinned out to MAX_POINTS in all."""
    versions = context.model.versions[context.known :]
    series = [(place, metric) for place, version in enumerate(versions) for metric in version.metrics if metric.points]
    limit = max(10, MAX_POINTS // max(1, len(series)))
    places_by_key: dict[str, dict[str, list[list[Any]]]] = {}
    for place, metric in series:
        points = thin_out(list(metric.points), limit)
        places_by_key.setdefault(metric.key, {})[str(place)] = [[step, strict(value)] for step, value in points]
    histories = [{"key": key, "points": places} for key, places in places_by_key.items()]
    return _script("sitegenSteps", context.slug, histories)


def has_steps(context: ModelContext) -> bool:
    """Whether any metric has a history."""
    return any(metric.points for version in context.model.versions[context.known :] for metric in version.metrics)


def _script(variable: str, slug: str, data: object) -> bytes:
    """A classic script that assigns the data to a global variable."""
    name = dumps(slug)
    return b"(window.%s = window.%s || {})[%s] = %s;\n" % (variable.encode(), variable.encode(), name, dumps(data))


def _baseline(context: ModelContext) -> str | None:
    """The name of the baseline, if scripts know it."""
    baseline = context.baseline
    return context.model.versions[baseline.place].name if baseline and baseline.place >= context.known else None


def _version(context: ModelContext, number: int, version: Version, label: str, signature: int) -> dict[str, Any]:
    run = version.run
    return {
        "name": version.name,
        "label": label,
        "path": version.path,
        "url": f"{context.folders[number]}/index.html",
        "aliases": version.aliases,
        "stage": version.stage,
        "created": display.datetime_attribute(version.created),
        "run": run.name if run else None,
        "run_id": (run.id or None) if run else None,
        "experiment": run.experiment if run else None,
        "mlflow": version.mlmodel.mlflow_version if version.mlmodel else None,
        "description": plain(version.description) if version.description else None,
        "signature": signature,
    }


# --- columns ---------------------------------------------------------------------------------------------------


class _Tables(NamedTuple):
    """The values of a version by key."""

    metrics: dict[str, float | str]
    params: dict[str, str]
    tags: dict[str, str]
    packages: dict[str, str]
    files: dict[str, str]
    flavors: dict[str, str]


@memoize_weakly
def _tables(version: Version) -> _Tables:
    """The tables of a version. Cached: in a preview most versions do not change."""
    return _Tables(
        metrics={metric.key: strict(metric.value) for metric in version.metrics},
        params=dict(version.params),
        tags=dict(version.tags),
        packages=dict(_packages(version)),
        files=dict(_files(version)),
        flavors=dict(_flavors(version)),
    )


def _counts(tables: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """The number of versions that have each key."""
    return Counter(chain.from_iterable(tables))


def _columns(tables: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Any]]]:
    """A list of values for each key; if there are more than MAX_KEYS, for those that most versions have."""
    counts = _counts(tables)
    keys = sorted(counts, key=lambda key: (-counts[key], key))[:MAX_KEYS]
    return [(key, [table.get(key) for table in tables]) for key in sorted(keys)]


def _named_columns(tables: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    return [{"key": key, "values": column} for key, column in _columns(tables)]


def _packages(version: Version) -> Iterator[tuple[str, str]]:
    environment = version.environment
    if environment.python:
        yield "python", environment.python
    lines: dict[str, list[str]] = {}
    for one in environment.requirements:
        lines.setdefault(normal_name(one.name), []).append(one.text if ";" in one.text else one.version or one.text)
    yield from ((name, ", ".join(stated)) for name, stated in lines.items())


def _files(version: Version) -> Iterator[tuple[str, str]]:
    """The files, except those whose content is compared as metrics, params and tags."""
    for file in version.files:
        if file.role not in SIDECARS.values():
            yield file.path, f"{display.size(file.size)} {(file.sha256 or '')[:8]}"


def _flavors(version: Version) -> Iterator[tuple[str, str]]:
    for flavor in version.mlmodel.flavors if version.mlmodel else ():
        stated = next((value for key, value in flavor.keys.items() if key.endswith("version")), "")
        yield flavor.name, str(stated)


# --- signatures ------------------------------------------------------------------------------------------------


class Contract(NamedTuple):
    """The facts that decide verdicts: the signature, and whether it came from type hints, so that MLflow skips it."""

    signature: Signature | None
    hinted: bool


def _contracts(versions: tuple[Version, ...]) -> tuple[list[Contract], list[int]]:
    """The distinct contracts, newest first, and the index of each version's contract among them."""
    distinct: list[Contract] = []
    place_by_identity: dict[tuple[int, bool], int] = {}
    places: list[int] = []
    for version in reversed(versions):
        hinted = bool(version.mlmodel and version.mlmodel.signature_from_type_hint)
        contract = Contract(version.signature if version.mlmodel else UNREADABLE, hinted)
        place = place_by_identity.get((id(contract.signature), hinted))
        if place is None:
            place = next((number for number, other in enumerate(distinct) if other == contract), len(distinct))
            place_by_identity[id(contract.signature), hinted] = place
            distinct += [contract] if place == len(distinct) else []
        places.append(place)
    return distinct, places[::-1]


def _signature(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    view = signature_view(signature)
    sides = {"inputs": view.inputs, "outputs": view.outputs, "params": view.params}
    return {"kind": view.kind, **{side: _rows(rows) for side, rows in sides.items()}}


def _rows(rows: tuple[SchemaRow, ...] | None) -> list[list[str]]:
    """The path and type of each row; optional inputs are marked."""
    texts: list[list[str]] = []
    above: list[str] = []
    for number, row in enumerate(rows or ()):
        above = [*above[: row.depth], row.name or f"[{number}]"]
        optional = f" = {row.default}" if row.default else "" if row.required == "yes" else ", optional"
        texts.append([".".join(above), row.type + optional])
    return texts


def _verdicts(context: ModelContext, contracts: list[Contract], places: list[int]) -> dict[str, Any]:
    """Verdicts by the indexes of two contracts, `old new`: between the newest, of pairs on pages, and of shared ones.

    The same contract on both sides is not always safe: without a signature the verdict is unknown.
    """
    pairs = dict.fromkeys(permutations(range(min(len(contracts), MAX_SIGNATURES)), 2))
    linked = (pair for pair in dict.fromkeys(_linked_pairs(context, places)) if pair not in pairs)
    pairs |= dict.fromkeys(islice(linked, MAX_LINKS))
    pairs |= dict.fromkeys((place, place) for place, count in sorted(Counter(places).items()) if count > 1)
    return {f"{old} {new}": _verdict(_compare_contracts(contracts[old], contracts[new])) for old, new in pairs}


def _linked_pairs(context: ModelContext, places: list[int]) -> Iterator[tuple[int, int]]:
    """The contracts of each version's references and its own, newest versions first; equal contracts left out."""
    for number in range(len(context.model.versions) - 1, context.known - 1, -1):
        new = places[number - context.known]
        for reference in references(number, context.baseline):
            if reference and reference.place >= context.known and places[reference.place - context.known] != new:
                yield places[reference.place - context.known], new


def _compare_contracts(old: Contract, new: Contract) -> Comparison:
    return compare_signatures(old.signature, new.signature, type_hints=old.hinted or new.hinted)


def _verdict(comparison: Comparison) -> dict[str, Any]:
    verdict = comparison.verdict
    changes = [_change(change) for change in comparison.changes]
    return {"python": verdict.python, "rest": verdict.rest, "outputs": verdict.outputs, "changes": changes}


def _change(change: Change) -> dict[str, Any]:
    return {
        "area": change.area,
        "where": change.where,
        "old": change.old,
        "new": change.new,
        "python": change.python,
        "rest": change.rest,
        "outputs": change.outputs,
        "reason": reason(change),
        "fix": fix(change),
    }

"""What the scripts of a model's pages work with: one script file, since fetch() does not work from file://.

Values stand in columns, one list a key with a place for every version, oldest first; null where there is none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, permutations
from typing import Any, NamedTuple

from sitegen.analysis.compat.compare import UNREADABLE, compare_signatures
from sitegen.analysis.compat.rules.table import fix, reason
from sitegen.analysis.metric_ranking import direction, main_metric
from sitegen.core.memoize import memoize_weakly
from sitegen.domain.comparison import Change, Comparison
from sitegen.domain.model import Version
from sitegen.domain.signature import Signature
from sitegen.formats.file_roles import SIDECARS
from sitegen.formats.metrics import thin_out
from sitegen.site import display
from sitegen.site.json_api import dumps, strict
from sitegen.site.markdown import plain
from sitegen.site.views.context import ModelContext
from sitegen.site.views.parts import SchemaRow, signature_view

MAX_KEYS = 300
"""Keys of a kind that its scripts know: those that most versions have."""

MAX_SIGNATURES = 10
"""Distinct signatures between which all verdicts are given beforehand: the newest."""

MAX_POINTS = 50_000
"""Points of all histories of a model."""


def model_data(context: ModelContext) -> bytes:
    """`data.js` of a model."""
    versions = context.model.versions[context.known :]
    contracts, places = _contracts(versions)
    judged = context.settings.metrics
    tables = [_tables(version) for version in versions]
    measured = [one.metrics for one in tables]
    data = {
        "name": context.model.name,
        "slug": context.slug,
        "address": context.model.address,
        "main": main_metric(_counts(measured), judged.main, judged.directions),
        "left_out": context.known,
        "baseline": dict(context.model.aliases).get(judged.baseline),
        "steps": any(metric.points for version in versions for metric in version.metrics),
        "versions": [
            _version(context, context.known + place, version, label, places[place])
            for place, (version, label) in enumerate(zip(versions, _labels(versions), strict=True))
        ],
        "metrics": [
            {"key": key, "direction": direction(key, judged.directions), "values": column}
            for key, column in _columns(measured)
        ],
        "params": _named_columns([one.params for one in tables]),
        "tags": _named_columns([one.tags for one in tables]),
        "packages": _named_columns([one.packages for one in tables]),
        "files": _named_columns([one.files for one in tables]),
        "flavors": _named_columns([one.flavors for one in tables]),
        "signatures": [_signature(one.signature) for one in contracts],
        "verdicts": _verdicts(contracts, places),
    }
    return _script("sitegenModels", context.slug, data)


def steps_data(context: ModelContext) -> bytes:
    """`steps.js` of a model: the histories of its metrics, thinned so that all of them fit."""
    versions = context.model.versions[context.known :]
    series = [(place, metric) for place, version in enumerate(versions) for metric in version.metrics if metric.points]
    most = max(10, MAX_POINTS // max(1, len(series)))
    found: dict[str, dict[str, list[list[Any]]]] = {}
    for place, metric in series:
        points = thin_out(list(metric.points), most)
        found.setdefault(metric.key, {})[str(place)] = [[step, strict(value)] for step, value in points]
    histories = [{"key": key, "points": places} for key, places in found.items()]
    return _script("sitegenSteps", context.slug, histories)


def has_steps(context: ModelContext) -> bool:
    """Whether any metric has a history."""
    return any(metric.points for version in context.model.versions[context.known :] for metric in version.metrics)


def _script(variable: str, slug: str, data: object) -> bytes:
    """A classic script that puts data into a variable of the page."""
    name = dumps(slug)
    return b"(window.%s = window.%s || {})[%s] = %s;\n" % (variable.encode(), variable.encode(), name, dumps(data))


def _labels(versions: tuple[Version, ...]) -> list[str]:
    """What charts and comparisons call the versions. Runs of one name are told apart by the versions' own names."""
    labels = [display.label(version) for version in versions]
    count = Counter(labels)
    return [
        label if count[label] == 1 else f"{label} {version.name}"
        for label, version in zip(labels, versions, strict=True)
    ]


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
    """What a version has, by key."""

    metrics: dict[str, float | str]
    params: dict[str, str]
    tags: dict[str, str]
    packages: dict[str, str]
    files: dict[str, str]
    flavors: dict[str, str]


@memoize_weakly
def _tables(version: Version) -> _Tables:
    """The tables of a version; in a preview most are what they were."""
    return _Tables(
        metrics={metric.key: strict(metric.value) for metric in version.metrics},
        params=dict(version.params),
        tags=dict(version.tags),
        packages=dict(_packages(version)),
        files=dict(_files(version)),
        flavors=dict(_flavors(version)),
    )


def _counts(tables: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """How many versions have each key."""
    return Counter(chain.from_iterable(tables))


def _columns(tables: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Any]]]:
    """A list of values for every key, those that most versions have when there are too many."""
    counts = _counts(tables)
    kept = sorted(counts, key=lambda key: (-counts[key], key))[:MAX_KEYS]
    return [(key, [table.get(key) for table in tables]) for key in sorted(kept)]


def _named_columns(tables: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    return [{"key": key, "values": column} for key, column in _columns(tables)]


def _packages(version: Version) -> Iterator[tuple[str, str]]:
    environment = version.environment
    if environment.python:
        yield "python", environment.python
    for one in environment.requirements:
        yield one.name, one.version or one.text


def _files(version: Version) -> Iterator[tuple[str, str]]:
    """Files but those whose content is compared as metrics, params and tags."""
    for file in version.files:
        if file.role not in SIDECARS.values():
            yield file.path, f"{display.size(file.size)} {(file.sha256 or '')[:8]}"


def _flavors(version: Version) -> Iterator[tuple[str, str]]:
    for flavor in version.mlmodel.flavors if version.mlmodel else ():
        stated = next((value for key, value in flavor.keys.items() if key.endswith("version")), "")
        yield flavor.name, str(stated)


# --- signatures ------------------------------------------------------------------------------------------------


class Contract(NamedTuple):
    """What decides about callers: the signature, and whether it came from type hints, so that MLflow skips it."""

    signature: Signature | None
    hinted: bool


def _contracts(versions: tuple[Version, ...]) -> tuple[list[Contract], list[int]]:
    """The distinct contracts, newest first, and for each version the place of its own."""
    distinct: list[Contract] = []
    known: dict[tuple[int, bool], int] = {}
    places: list[int] = []
    for version in reversed(versions):
        hinted = bool(version.mlmodel and version.mlmodel.signature_from_type_hint)
        own = Contract(version.signature if version.mlmodel else UNREADABLE, hinted)
        place = known.get((id(own.signature), hinted))
        if place is None:
            place = next((number for number, one in enumerate(distinct) if one == own), len(distinct))
            known[id(own.signature), hinted] = place
            distinct += [own] if place == len(distinct) else []
        places.append(place)
    return distinct, places[::-1]


def _signature(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    view = signature_view(signature)
    sides = {"inputs": view.inputs, "outputs": view.outputs, "params": view.params}
    return {"kind": view.kind, **{side: _rows(rows) for side, rows in sides.items()}}


def _rows(rows: tuple[SchemaRow, ...] | None) -> list[list[str]]:
    """Names with their path, and types; optional ones are marked."""
    found: list[list[str]] = []
    above: list[str] = []
    for number, row in enumerate(rows or ()):
        above = [*above[: row.depth], row.name or f"[{number}]"]
        optional = f" = {row.default}" if row.default else "" if row.required == "yes" else ", optional"
        found.append([".".join(above), row.type + optional])
    return found


def _verdicts(contracts: list[Contract], places: list[int]) -> dict[str, Any]:
    """Verdicts by the places of two contracts, `old new`: between the newest, and of those that versions share.

    A contract that is the same on both sides need not be safe: nobody can say where there is none.
    """
    pairs = permutations(range(min(len(contracts), MAX_SIGNATURES)), 2)
    shared = ((place, place) for place, count in sorted(Counter(places).items()) if count > 1)
    return {
        f"{old} {new}": _verdict(_compare_contracts(contracts[old], contracts[new])) for old, new in (*pairs, *shared)
    }


def _compare_contracts(old: Contract, new: Contract) -> Comparison:
    return compare_signatures(old.signature, new.signature, type_hints=old.hinted or new.hinted)


def _verdict(found: Comparison) -> dict[str, Any]:
    verdict = found.verdict
    changes = [_change(change) for change in found.changes]
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

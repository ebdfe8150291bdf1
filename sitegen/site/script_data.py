"""The data for the scripts of a model's pages, as script files, since fetch() does not work from file://.

`data.js` has the newest versions, and the names of all others, which lie in files of PART versions each: they are
loaded when somebody compares them. Values are stored in columns: a list for each key with an item for each version of
the file, oldest first; null if it has none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sitegen.core.fingerprint import fingerprint
from sitegen.core.memoize import memoize_weakly
from sitegen.domain.environment import normal_name
from sitegen.domain.model import Version
from sitegen.formats.file_roles import SIDECARS
from sitegen.formats.metrics import thin_out
from sitegen.site import display
from sitegen.site.dataset_columns import metric_entries
from sitegen.site.json_api import dumps, strict
from sitegen.site.markdown import plain
from sitegen.site.signature_data import contract_data, contracts
from sitegen.site.text_values import text_values
from sitegen.site.views.context import ModelContext
from sitegen.site.views.overview import main_key

PART = 500
"""Versions in a file of older ones. `data.js` has at most twice as many, so that other files stay as they are."""

TEXT_PART = 100
"""Versions in a file of texts."""

MAX_KEYS = 300
"""Metrics, params and so on that the scripts know, each: those that most versions of a file have."""

MAX_POINTS = 50_000
"""Points in all histories of a file together."""


class Part(NamedTuple):
    """The versions of one file, by their places in the model. `number` is 0 for the newest, which `data.js` has."""

    number: int
    start: int
    end: int


def newest_part(count: int) -> Part:
    """The part of `data.js` in a model with so many versions."""
    return Part(0, max(0, ((count - 1) // PART - 1) * PART), count)


def older_parts(count: int) -> Iterator[Part]:
    """The parts of the other versions, oldest first."""
    for number, start in enumerate(range(0, newest_part(count).start, PART), 1):
        yield Part(number, start, start + PART)


def text_parts(count: int) -> Iterator[Part]:
    """The parts of the files with texts; `data.js` has those of a model with one version."""
    for number, start in enumerate(range(0, count if count > 1 else 0, TEXT_PART), 1):
        yield Part(number, start, min(count, start + TEXT_PART))


def part_fingerprint(context: ModelContext, part: Part) -> bytes:
    """The fingerprint of a file of a part."""
    places = range(part.start, part.end)
    digests = [context.model.versions[place].digest for place in places]
    names = [(context.labels[place], context.folders[place]) for place in places]
    return fingerprint(context.slug, repr(part), repr(names), *digests)


def model_data(context: ModelContext) -> bytes:
    """`data.js` of a model."""
    versions = context.model.versions
    part = newest_part(len(versions))
    data = {
        "name": context.model.name,
        "slug": context.slug,
        "address": context.model.address,
        "kind": context.model.kind,
        "main": main_key(context) or None,
        "baseline": versions[context.baseline.place].name if context.baseline else None,
        "older": _older(context, part.start),
        "texts": text_values(versions) if len(versions) == 1 else None,
        **_columns_of(context, part),
    }
    return _script("sitegenModels", context.slug, data)


def _older(context: ModelContext, count: int) -> dict[str, Any]:
    """The versions of the other files: labels where they are not `v` and the name, aliases by place."""
    versions, labels = context.model.versions[:count], context.labels[:count]
    plain_labels = all(label == f"v{version.name}" for version, label in zip(versions, labels, strict=True))
    return {
        "part": PART,
        "names": [version.name for version in versions],
        "labels": None if plain_labels else labels,
        "aliases": {str(place): version.aliases for place, version in enumerate(versions) if version.aliases},
    }


def part_data(context: ModelContext, part: Part) -> bytes:
    """A file of older versions."""
    return _script("sitegenVersions", f"{context.slug}/{part.number}", _columns_of(context, part))


def _columns_of(context: ModelContext, part: Part) -> dict[str, Any]:
    """The values of the versions of a part."""
    versions = context.model.versions[part.start : part.end]
    found, places = contracts(versions)
    tables = [_tables(version) for version in versions]
    directions = context.settings.metrics.directions
    return {
        "start": part.start,
        "steps": any(metric.points for version in versions for metric in version.metrics),
        "versions": [
            _version(context, part.start + place, version, places[place]) for place, version in enumerate(versions)
        ],
        "metrics": metric_entries(_columns([table.metrics for table in tables]), versions, directions),
        "params": _named_columns([table.params for table in tables]),
        "tags": _named_columns([table.tags for table in tables]),
        "packages": _named_columns([table.packages for table in tables]),
        "files": _named_columns([table.files for table in tables]),
        "flavors": _named_columns([table.flavors for table in tables]),
        "signatures": [contract_data(contract) for contract in found],
    }


def steps_data(context: ModelContext, part: Part) -> bytes:
    """The histories of the metrics of a part, thinned out to MAX_POINTS in all."""
    versions = context.model.versions[part.start : part.end]
    series = [(place, metric) for place, version in enumerate(versions) for metric in version.metrics if metric.points]
    limit = max(10, MAX_POINTS // max(1, len(series)))
    places_by_key: dict[str, dict[str, list[list[Any]]]] = {}
    for place, metric in series:
        points = thin_out(list(metric.points), limit)
        places_by_key.setdefault(metric.key, {})[str(place)] = [[step, strict(value)] for step, value in points]
    histories = [{"key": key, "points": places} for key, places in places_by_key.items()]
    return _script("sitegenSteps", f"{context.slug}/{part.number}" if part.number else context.slug, histories)


def text_data(context: ModelContext, part: Part) -> bytes:
    """The texts of a part."""
    versions = context.model.versions[part.start : part.end]
    return _script("sitegenTexts", f"{context.slug}/{part.number}", {"start": part.start, **text_values(versions)})


def has_steps(context: ModelContext, part: Part) -> bool:
    """Whether any metric of a part has a history."""
    versions = context.model.versions[part.start : part.end]
    return any(metric.points for version in versions for metric in version.metrics)


def _script(variable: str, key: str, data: object) -> bytes:
    """A classic script that assigns the data to a global variable."""
    return b"(window.%s = window.%s || {})[%s] = %s;\n" % (
        variable.encode(),
        variable.encode(),
        dumps(key),
        dumps(data),
    )


def _version(context: ModelContext, number: int, version: Version, signature: int) -> dict[str, Any]:
    run = version.run
    return {
        "name": version.name,
        "label": context.labels[number],
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

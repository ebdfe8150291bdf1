"""The data of the table of versions on a model's page, as script files, since fetch() does not work from file://.

The index has what the table shows of every version; the values of metrics, hyperparameters, tags and further properties
come with it where they are few, else in files that are loaded on demand. `sitegen.site.columns` says how values are
stored; they are in the model's order, oldest first.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

from sitegen.analysis.metric_direction import direction
from sitegen.analysis.reference import references
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.comparison import Verdict
from sitegen.domain.diagnostic import count_problems
from sitegen.domain.model import NO_DATASET, Version, name_dataset
from sitegen.site import display
from sitegen.site.columns import Column, file_of, make_column, optional_column, sparse_columns
from sitegen.site.json_api import dumps, strict
from sitegen.site.markdown import plain
from sitegen.site.views.context import ModelContext
from sitegen.site.views.steps import StepView, step_view
from sitegen.site.views.verdicts import baseline_name

MAX_FILE = 100_000
"""About the bytes of one file of values; fewer are in the index."""

MAX_KEYS = 300
"""Metrics, hyperparameters and tags, each, that the index lists: those that most versions have."""

MAX_TEXT = 300
"""Characters of a description."""


def value_files(context: ModelContext) -> int:
    """How many files hold the values; 0: they are few and in the index."""
    size = sum(map(_values_size, context.model.versions))
    return 0 if size <= MAX_FILE else -(-size // MAX_FILE)


def _values_size(version: Version) -> int:
    """About the bytes of a version's values."""
    return 50 + 8 * len(version.metrics) + sum(len(value) + 3 for _, value in chain(version.params, version.tags))


def index_script(context: ModelContext) -> bytes:
    """`versions/index.js`: the columns of what the table shows first, and the keys whose values it can show."""
    versions, directions, baseline = context.model.versions, context.settings.metrics.directions, context.baseline
    files = value_files(context)
    metrics = _common_keys([[metric.key for metric in version.metrics] for version in versions])
    steps, columns = _step_columns(context)
    index = {
        "versions": len(versions),
        "judged": context.model.kind == "registered",
        "baseline": {"place": baseline.place, "name": baseline_name(context)} if baseline else None,
        "columns": _first_columns(context) | columns,
        "steps": steps,
        "metrics": [[key, count, direction(key, directions) or ""] for key, count in metrics],
        "params": _common_keys([[key for key, _ in version.params] for version in versions]),
        "tags": _common_keys([[key for key, _ in version.tags] for version in versions]),
        "files": files,
        "values": [] if files else list(_value_columns(context)),
    }
    return b"window.sitegenVersionTable.index(%s);\n" % dumps(index)


def values_script(context: ModelContext, files: int, number: int) -> bytes:
    """`versions/values-N.js`: the columns of the keys that belong to one of so many files."""
    columns = [one for one in _value_columns(context) if file_of(one[0], one[1], files) == number]
    return b"window.sitegenVersionTable.values(%s);\n" % dumps(columns)


def _common_keys(keys: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    """The keys that most versions have, with the number of versions."""
    counts = Counter(chain.from_iterable(keys))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_KEYS]


def _first_columns(context: ModelContext) -> dict[str, Column]:
    """What the table shows of each version; null: a label or folder that follows from the name."""
    versions, places = context.model.versions, range(len(context.model.versions))
    labels, folders, names = context.labels, context.folders, [version.name for version in versions]
    return {
        "name": make_column([*names]),
        "label": optional_column(labels[place] if labels[place] != f"v{names[place]}" else None for place in places),
        "folder": optional_column(folders[place] if folders[place] != names[place] else None for place in places),
        "aliases": optional_column(version.aliases for version in versions),
        "stage": optional_column(version.stage for version in versions),
        "run": optional_column(version.run.name if version.run else None for version in versions),
        "created": optional_column(display.datetime_attribute(version.created) for version in versions),
        "problems": optional_column(count_problems(version.problems) for version in versions),
    }


def _step_columns(context: ModelContext) -> tuple[list[list[Any]], dict[str, Column]]:
    """The distinct changes in short, and for each version: the place of its own among them, the verdict against the
    version next to its reference, and the severity of the step from the version before.
    """
    judged = context.model.kind == "registered"
    distinct: dict[StepView, int] = {}
    steps: list[int | None] = []
    besides: list[tuple[str, ...] | None] = []
    for place in range(len(context.model.versions)):
        lead, beside = references(place, context.baseline)
        view = step_view(context.comparison(place, lead), judged=judged) if lead else None
        steps.append(distinct.setdefault(view, len(distinct)) if view else None)
        shown = beside if beside and not beside.backward else None
        besides.append(_levels(context.comparison(place, shown).verdict) if shown else None)
    rails = (step.verdict.severity if step and judged else None for step in context.steps)
    columns = {"step": make_column(steps), "beside": optional_column(besides), "rail": optional_column(rails)}
    return [_step_json(view) for view in distinct], columns


def _step_json(view: StepView) -> list[Any]:
    levels = _levels(view.verdict) if view.verdict else None
    return [levels, view.causes, view.others]


def _levels(verdict: Verdict) -> tuple[str, ...]:
    return verdict.python, verdict.rest, verdict.outputs


@memoize_by_identity(1)
def _value_columns(context: ModelContext) -> tuple[tuple[str, str, Column], ...]:
    """Kind, key and column of all values; `datasets` says what the values of a metric were measured on."""
    versions = context.model.versions
    rows: dict[str, list[dict[str, Any]]] = {
        "metrics": [{metric.key: strict(metric.value) for metric in version.metrics} for version in versions],
        "datasets": [_datasets(version) for version in versions],
        "params": [dict(version.params) for version in versions],
        "tags": [dict(version.tags) for version in versions],
        "attributes": [_attributes(version) for version in versions],
    }
    return tuple((kind, key, column) for kind, table in rows.items() for key, column in sparse_columns(table))


def _datasets(version: Version) -> dict[str, str]:
    return {metric.key: name_dataset(metric) for metric in version.metrics if metric.dataset != NO_DATASET}


def _attributes(version: Version) -> dict[str, str]:
    """Further properties that the table can show, and that the filter finds."""
    run, mlmodel = version.run, version.mlmodel
    values = {
        "run_id": run.id if run else None,
        "experiment": run.experiment if run else None,
        "description": plain(version.description, MAX_TEXT) if version.description else None,
        "flavors": ", ".join(flavor.name for flavor in mlmodel.flavors) if mlmodel else None,
        "mlflow": mlmodel.mlflow_version if mlmodel else None,
    }
    return {key: value for key, value in values.items() if value}

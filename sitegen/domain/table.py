"""Versions as a pandas table: a row each, with the columns that MLflow's `search_runs` has."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sitegen.domain.model import Model, Run, Version

if TYPE_CHECKING:
    from pandas import DataFrame

TEXTS = ("run_id", "run_name", "run_status", "experiment", "experiment_id", "artifact_uri", "stage")
"""Columns that are texts, or None."""

TIMES = ("created", "start_time", "end_time")
"""Columns that are UTC timestamps, or NaT; the last two are the run's."""

FIRST = ("model", "version", "kind", *TIMES, *TEXTS, "aliases", "flavors")
"""Columns that every table has, in this order; metrics.*, params.* and tags.* follow by name."""


def frame(models: Iterable[Model]) -> "DataFrame":
    """A row for each version, oldest first within its model.

    Times are UTC timestamps, `metrics.*` are floats (NaN where a version has none), `params.*` and `tags.*` are texts
    (None where there is none), `aliases` and `flavors` are lists.
    """
    pandas = import_module("pandas")  # importing it takes half a second
    rows = [_row(model, version) for model in models for version in model.versions]
    keyed = sorted({column for row in rows for column in row if "." in column})
    table: DataFrame = pandas.DataFrame(rows, columns=[*FIRST, *keyed])
    for column in TIMES:
        table[column] = pandas.to_datetime(table[column], unit="ms", utc=True)
    for column in (*TEXTS, *keyed):
        if column.startswith("metrics."):
            table[column] = table[column].astype("float64")
        else:
            table[column] = table[column].astype(object).where(table[column].notna(), None)
    return table


def _row(model: Model, version: Version) -> dict[str, Any]:
    run, mlmodel = version.run, version.mlmodel
    return {
        "model": model.name,
        "version": version.name,
        "kind": model.kind,
        "created": version.created,
        **(_run_cells(run) if run else {}),
        "stage": version.stage,
        "aliases": list(version.aliases),
        "flavors": [flavor.name for flavor in mlmodel.flavors] if mlmodel else [],
        **{f"metrics.{metric.key}": metric.value for metric in version.metrics},
        **{f"params.{key}": text for key, text in version.params},
        **{f"tags.{key}": text for key, text in version.tags},
    }


def _run_cells(run: Run) -> dict[str, Any]:
    return {
        "start_time": run.start,
        "end_time": run.end,
        "run_id": run.id or None,
        "run_name": run.name,
        "run_status": run.status,
        "experiment": run.experiment,
        "experiment_id": run.experiment_id,
        "artifact_uri": run.artifact_uri,
    }

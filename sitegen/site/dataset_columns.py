"""Metrics of a model in its `data.js`: a column for each key, and one for each dataset where a key has several."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sitegen.analysis.metric_direction import Direction, direction
from sitegen.domain.model import NO_DATASET, Version, name_dataset
from sitegen.site.json_api import strict

MAX_COLUMNS = 300
"""Columns of datasets: those that most versions have."""

Row = tuple[str, tuple[str | None, str | None]]
"""The key of a metric, and the name and digest of its dataset."""


def metric_entries(
    columns: Sequence[tuple[str, list[Any]]],
    versions: Sequence[Version],
    directions: tuple[tuple[str, Direction], ...],
) -> list[dict[str, Any]]:
    """The columns of keys, then those of datasets.

    `datasets` of a key says what each value was measured on, null for a value without a dataset; a column whose values
    all have none lacks it. `dataset` of a column: all its values were measured on this dataset.
    """
    entries: list[dict[str, Any]] = [
        {"key": key, "direction": direction(key, directions), "values": column} for key, column in columns
    ]
    if not any(version.dataset_metrics for version in versions):
        return entries
    datasets = [{metric.key: name_dataset(metric) or None for metric in version.metrics} for version in versions]
    for entry in entries:
        stated = [known.get(entry["key"]) for known in datasets]
        entry |= {"datasets": stated} if any(stated) else {}
    known_keys = {entry["key"] for entry in entries}
    of_datasets = (entry for entry in _dataset_entries(versions, directions) if entry["key"] not in known_keys)
    return [*entries, *of_datasets]


def _dataset_entries(
    versions: Sequence[Version], directions: tuple[tuple[str, Direction], ...]
) -> Iterator[dict[str, Any]]:
    """A column for each dataset of the metrics whose versions have values of several datasets."""
    rows = [
        {(metric.key, metric.dataset): metric for metric in (*version.dataset_metrics, *_plain(version))}
        for version in versions
    ]
    counts: Counter[Row] = Counter(chain.from_iterable(rows))
    several = {key for key, count in Counter(key for key, _ in counts).items() if count > 1}
    chosen = [row for row in counts if row[0] in several and row[1] != NO_DATASET]
    for row in sorted(sorted(chosen, key=lambda row: (-counts[row], *_order(row)))[:MAX_COLUMNS], key=_order):
        column = [known.get(row) for known in rows]
        dataset = next(name_dataset(metric) for metric in column if metric)
        yield {
            "key": f"{row[0]} on {dataset}",
            "direction": direction(row[0], directions),
            "values": [strict(metric.value) if metric else None for metric in column],
            "dataset": dataset,
        }


def _plain(version: Version) -> Iterator[Any]:
    return (metric for metric in version.metrics if metric.dataset == NO_DATASET)


def _order(row: Row) -> tuple[str, str, str]:
    return row[0], row[1][0] or "", row[1][1] or ""

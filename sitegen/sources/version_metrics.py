"""The metrics of a version: those of its logged model, of its run, and of the files beside it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Metric, Origin, merge_pairs
from sitegen.formats.metrics import MAX_POINTS, thin_out
from sitegen.formats.text import quote
from sitegen.sources.directory.model_folder import FolderFacts
from sitegen.sources.model_metrics import ModelMetric
from sitegen.sources.refs import VersionRef
from sitegen.sources.tracking_store import LoggedFacts, RunFacts

RowKey = tuple[str, str | None, str | None]
"""Key, dataset and digest: what one value of a logged model is for."""


class ModelMetrics(NamedTuple):
    """The metrics of a version: one value for each key, and every row that was measured on a dataset."""

    metrics: tuple[Metric, ...] = ()
    of_datasets: tuple[Metric, ...] = ()


def version_metrics(ref: VersionRef, run: RunFacts, logged: LoggedFacts, files: tuple[Metric, ...]) -> ModelMetrics:
    """The metrics of a version: its logged model's and its run's; those of its files where there is neither.

    The files of a copy come first.
    """
    found = _store_metrics(ref, run, logged)
    if ref.copy_of:
        own = {one.key: one for one in files}
        rest = [one for one in found.metrics if one.key not in own]
        return found._replace(metrics=tuple(sorted([*own.values(), *rest], key=lambda one: one.key)))
    return found if found.metrics else ModelMetrics(files)


def copy_problems(
    ref: VersionRef, run: RunFacts, logged: LoggedFacts, own: FolderFacts, place: str
) -> Iterator[Diagnostic]:
    """The note that a version is a copy, and one for each value of its files that is not the original's."""
    yield problem("model-copy", f"a copy of {ref.copy_of}", place)
    metrics = {one.key: one.value for one in _store_metrics(ref, run, logged).metrics}
    params = dict(merge_pairs(run.params, logged.params))
    for one in own.metrics:
        there = metrics.get(one.key, one.value)
        if repr(one.value) != repr(there):
            yield problem("copy-differs", f"{quote(one.key)} is {one.value} here, {there} in {ref.copy_of}", place)
    for key, text in own.params:
        if params.get(key, text) != text:
            yield problem("copy-differs", f"param {quote(key)} is not that of {ref.copy_of}", place)


def _store_metrics(ref: VersionRef, run: RunFacts, logged: LoggedFacts) -> ModelMetrics:
    if ref.logged is None:
        return ModelMetrics(run.metrics)
    source = run.run.id if run.run and logged.run in (None, run.run.id) else None
    return merge_metrics(logged.metrics, run.metrics, _at_step(ref, run), source)


def _at_step(ref: VersionRef, run: RunFacts) -> tuple[Metric, ...] | None:
    """The run's values at the step of the version's logged model; None where the run logged no other model."""
    if not ref.shares_run and len(run.outputs) < 2:
        return None
    outputs = [one for one in run.outputs if one.model_id == ref.model_id]
    return max(outputs, key=lambda one: one.step).metrics if outputs else ()


def merge_metrics(
    own: Iterable[ModelMetric], of_run: tuple[Metric, ...], at_step: tuple[Metric, ...] | None, run_id: str | None
) -> ModelMetrics:
    """The metrics of a version that has a logged model.

    `of_run` are the latest values of the run. `run_id` is its id, None where another run logged the model. `at_step`
    are the run's values at the step of the model, where the run logged several models; else None.
    """
    several = at_step is not None or run_id is None
    rows: dict[RowKey, list[ModelMetric]] = {}
    copies: dict[str, Metric] = {}
    for one in own:
        if one.may_be_copy and not several:
            copies[one.metric.key] = one.metric
        else:
            rows.setdefault((one.metric.key, one.dataset, one.digest), []).append(one)
    values = {row: (_merge_parts(parts), max(one.newest for one in parts)) for row, parts in rows.items()}
    known = {one.key: one for one in of_run}
    for key, copy in copies.items():
        values.setdefault((key, None, None), (known.get(key, copy), 0))
    filled = {key for key, _, _ in values}
    rest = [one for one in (of_run if at_step is None else at_step) if one.key not in filled]
    shown = [*_choose(values, run_id), *(one._replace(origin=Origin(run_id=run_id, of_run=True)) for one in rest)]
    return ModelMetrics(
        metrics=tuple(sorted(shown, key=lambda one: one.key)),
        of_datasets=tuple(values[row][0] for row in sorted(values, key=_order) if row[1] is not None),
    )


def _order(row: RowKey) -> tuple[str, str, str]:
    return row[0], row[1] or "", row[2] or ""


def _choose(values: dict[RowKey, tuple[Metric, int]], run_id: str | None) -> Iterator[Metric]:
    """One value for each key: the row without a dataset, else the row with the newest point."""
    chosen: dict[str, tuple[tuple[bool, int, tuple[str, str, str]], Metric]] = {}
    for row, (value, newest) in values.items():
        rank = (row[1] is None, newest, _order(row))
        if row[0] not in chosen or rank > chosen[row[0]][0]:
            chosen[row[0]] = rank, value
    for _, value in chosen.values():
        plain = value.origin is not None and value.origin == Origin(run_id=run_id)
        yield value._replace(origin=None) if plain else value


def _merge_parts(parts: list[ModelMetric]) -> Metric:
    """The value of a row: that of the run with the newest point."""
    first = max(parts, key=lambda one: (one.newest, one.metric.step, one.run_id))
    same = [one.metric for one in parts if one.run_id == first.run_id]
    origin = Origin(first.dataset, first.digest, first.run_id or None)
    return (same[0] if len(same) == 1 else _join(same))._replace(origin=origin)


def _join(parts: list[Metric]) -> Metric:
    """The metric of two parts of a history: what is at step 0 or before, and what comes later."""
    early, late = sorted(parts, key=lambda one: one.step)
    points = [point for one in (early, late) for point in (one.points or ((one.step, one.value),))]
    finite = [value for _, value in points if value - value == 0]
    return late._replace(
        logged=early.logged + late.logged,
        least=min([*finite, *(one.least for one in parts if one.least is not None)], default=None),
        most=max([*finite, *(one.most for one in parts if one.most is not None)], default=None),
        points=thin_out(points, MAX_POINTS),
    )

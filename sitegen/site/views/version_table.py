"""The table of versions on a page of a model: their metrics and params, and the effect of each on callers."""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.analysis.metric_ranking import delta, metrics_by_key
from sitegen.domain.comparison import Verdict
from sitegen.domain.diagnostic import count_problems
from sitegen.domain.model import Metric, Version, name_dataset
from sitegen.settings.settings import Settings
from sitegen.site import display, urls
from sitegen.site.views.context import ModelContext
from sitegen.site.views.metric_rows import OTHER_DATASET
from sitegen.site.views.overview import MAX_PARAMS, MetricColumn, overview
from sitegen.site.views.parts import Link
from sitegen.site.views.steps import StepView, step_view
from sitegen.site.views.verdicts import verdict_views

LONG_KEY, SHORT_KEY = 40, 24
"""Characters from which on a key is cut, and how many stay."""


class MetricCell(NamedTuple):
    """The value of a metric in one version, and its dataset; `value` is empty if the version lacks the metric."""

    value: str
    exact: str
    best: bool
    difference: str
    judgement: str
    dataset: str = ""


class VersionRow(NamedTuple):
    """The row of one version. A param is None where the version has none of this key.

    `step` are its changes compared with `against`, the baseline or the version before. `beside` is another version
    that it is compared with, and the verdict. `rail` is the severity of the step from the version before, drawn as a
    line between the rows; empty between logged models.
    """

    link: Link
    id: str
    name: str
    aliases: tuple[str, ...]
    stage: str
    cells: tuple[MetricCell, ...]
    params: tuple[str | None, ...]
    step: StepView | None
    against: str
    beside: tuple[str, Verdict] | None
    rail: str
    run: str
    created: str
    created_iso: str
    problems: int


class VersionTable(NamedTuple):
    """The rows of the versions on one page, and the columns in which a row has a value.

    `metric_labels` and `param_labels` name the values where the rows are stacked. `metric_count` and `param_count` are
    the numbers of metrics and differing params of the model, shown or not.
    `changes` is True if any row says how a metric changes, `marks` if any has a best value.
    """

    columns: tuple[MetricColumn, ...]
    metric_labels: tuple[str, ...]
    metric_count: int
    params: tuple[str, ...]
    param_labels: tuple[str, ...]
    param_count: int
    changes: bool
    marks: bool
    rows: tuple[VersionRow, ...]


NO_VERSIONS = VersionTable((), (), 0, (), (), 0, False, False, ())


def version_table(context: ModelContext, part: Sequence[int], inward: str) -> VersionTable:
    """The table of the versions at the indexes `part`; `inward` is the path from the page to the model's folder."""
    facts = overview(context)
    versions = [context.model.versions[number] for number in part]
    measured = {metric.key for version in versions for metric in version.metrics}
    present = {key for version in versions for key, _ in version.params}
    columns = tuple(column for column in facts.columns if column.key in measured)
    params = tuple(key for key in facts.params[:MAX_PARAMS] if key in present)
    rows = tuple(_row(context, number, inward, columns, params) for number in part)
    return VersionTable(
        columns=columns,
        metric_labels=tuple(_label(column.key) for column in columns),
        metric_count=facts.metrics,
        params=params,
        param_labels=tuple(map(_label, params)),
        param_count=len(facts.params),
        changes=any(cell.difference for row in rows for cell in row.cells),
        marks=any(cell.best for row in rows for cell in row.cells),
        rows=rows,
    )


def _label(key: str) -> str:
    """The name of a column in front of a value; a long one is cut, as at the head of the column."""
    return key if len(key) <= LONG_KEY else f"{key[:SHORT_KEY]}…"


def _row(
    context: ModelContext, number: int, inward: str, columns: tuple[MetricColumn, ...], params: tuple[str, ...]
) -> VersionRow:
    version, step = context.model.versions[number], context.steps[number]
    lead, beside = verdict_views(context, number, inward)
    metrics, earlier = metrics_by_key(version), metrics_by_key(lead.version) if lead else {}
    values = dict(version.params)
    return VersionRow(
        link=context.link(number, inward),
        id=urls.anchor("v", version.name),
        name=version.name,
        aliases=version.aliases,
        stage=version.stage or "",
        cells=tuple(_cell(column, version, metrics, earlier, context.settings) for column in columns),
        params=tuple(values.get(key) for key in params),
        step=step_view(lead.comparison, judged=lead.judged) if lead else None,
        against=lead.name if lead else "",
        beside=(beside.name, beside.comparison.verdict) if beside and not beside.backward else None,
        rail=step.verdict.severity if step and lead and lead.judged else "",
        run=(version.run.name or "") if version.run else "",
        created=display.day(version.created),
        created_iso=display.datetime_attribute(version.created),
        problems=count_problems(version.problems),
    )


def _cell(
    column: MetricColumn, version: Version, metrics: dict[str, Metric], earlier: dict[str, Metric], settings: Settings
) -> MetricCell:
    metric, before = metrics.get(column.key), earlier.get(column.key)
    if metric is None:
        return _NO_CELL
    judged, comparable = settings.metrics, before is not None and before.dataset == metric.dataset
    change = (
        delta(column.key, metric.value, before.value, judged.directions, judged.tolerance)
        if before and comparable
        else None
    )
    difference = display.with_sign(change.difference, column.digits) if change else ""
    return MetricCell(
        value=display.number(metric.value, column.digits),
        exact=display.exact(metric.value),
        best=version.name in column.best,
        difference=difference if comparable or before is None else OTHER_DATASET,
        judgement=(change.judgement or "") if change else "",
        dataset=name_dataset(metric),
    )


_NO_CELL = MetricCell("", "", False, "", "")

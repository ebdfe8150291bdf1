"""The table of a model's versions: the metrics and params of a page of them, and what each changed."""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.analysis.metric_ranking import delta, metrics_by_key
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.comparison import Comparison, Verdict
from sitegen.domain.diagnostic import count_problems
from sitegen.domain.model import Metric, Version
from sitegen.settings.settings import Settings
from sitegen.site import display, urls
from sitegen.site.views.context import ModelContext
from sitegen.site.views.overview import MAX_PARAMS, MetricColumn, overview
from sitegen.site.views.parts import Link


class MetricCell(NamedTuple):
    """The value of a metric in one version; `value` is empty where the version has none."""

    value: str
    exact: str
    best: bool
    difference: str
    judgement: str


class StepView(NamedTuple):
    """A step in few words: the names of the inputs that it adds, removes, changes; whether it changes the outputs."""

    verdict: Verdict
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    outputs: bool


class VersionRow(NamedTuple):
    """One version in the model's table. `step` is what it changes against the version before."""

    link: Link
    id: str
    name: str
    aliases: tuple[str, ...]
    stage: str
    cells: tuple[MetricCell, ...]
    params: tuple[str, ...]
    step: StepView | None
    run: str
    created: str
    created_iso: str
    problems: int


class VersionTable(NamedTuple):
    """The versions of one page, a row each, and the columns that one of them fills.

    `metric_count` and `param_count` say how many metrics and differing params the model has, shown or not.
    """

    columns: tuple[MetricColumn, ...]
    metric_count: int
    params: tuple[str, ...]
    param_count: int
    rows: tuple[VersionRow, ...]


NO_VERSIONS = VersionTable((), 0, (), 0, ())


def version_table(context: ModelContext, part: Sequence[int], inward: str) -> VersionTable:
    """The table of the versions at these places in the model; `inward` leads from the page to the model's folder."""
    whole = overview(context)
    here = [context.model.versions[number] for number in part]
    measured = {metric.key for version in here for metric in version.metrics}
    known = {key for version in here for key, _ in version.params}
    columns = tuple(column for column in whole.columns if column.key in measured)
    params = tuple(key for key in whole.params[:MAX_PARAMS] if key in known)
    return VersionTable(
        columns=columns,
        metric_count=whole.metrics,
        params=params,
        param_count=len(whole.params),
        rows=tuple(_row(context, number, inward, columns, params) for number in part),
    )


def _row(
    context: ModelContext, number: int, inward: str, columns: tuple[MetricColumn, ...], params: tuple[str, ...]
) -> VersionRow:
    version, before = context.model.versions[number], context.before(number)
    now, then = metrics_by_key(version), metrics_by_key(before) if before else {}
    own = dict(version.params)
    step = context.steps[number]
    return VersionRow(
        link=context.link(number, inward),
        id=urls.anchor("v", version.name),
        name=version.name,
        aliases=version.aliases,
        stage=version.stage or "",
        cells=tuple(_cell(column, version, now, then, context.settings) for column in columns),
        params=tuple(own.get(key, "") for key in params),
        step=_step(step) if step else None,
        run=(version.run.name or "") if version.run else "",
        created=display.day(version.created),
        created_iso=display.datetime_attribute(version.created),
        problems=count_problems(version.problems),
    )


def _cell(
    column: MetricColumn, version: Version, now: dict[str, Metric], then: dict[str, Metric], settings: Settings
) -> MetricCell:
    metric, before = now.get(column.key), then.get(column.key)
    if metric is None:
        return _NO_CELL
    judged = settings.metrics
    change = delta(column.key, metric.value, before.value, judged.directions, judged.tolerance) if before else None
    return MetricCell(
        value=display.number(metric.value, column.places),
        exact=display.exact(metric.value),
        best=version.name in column.best,
        difference=display.with_sign(change.difference, column.places) if change else "",
        judgement=(change.judgement or "") if change else "",
    )


_NO_CELL = MetricCell("", "", False, "", "")


@memoize_by_identity(512)
def _step(step: Comparison) -> StepView:
    inputs = [change for change in step.changes if change.area == "inputs" and change.where]
    return StepView(
        verdict=step.verdict,
        added=tuple(change.where for change in inputs if change.old is None),
        removed=tuple(change.where for change in inputs if change.new is None),
        changed=tuple(change.where for change in inputs if change.old is not None and change.new is not None),
        outputs=any(change.area == "outputs" for change in step.changes),
    )

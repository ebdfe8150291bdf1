"""What the pages of one model say of all its versions together: worked out once, however many pages there are."""

from typing import NamedTuple

from sitegen.analysis.metric_ranking import values
from sitegen.core.memoize import by_identity
from sitegen.domain.diagnostic import total
from sitegen.site.columns import MetricColumn, differing_params, metric_columns
from sitegen.site.views.context import ModelContext


class Overview(NamedTuple):
    """A model's versions together.

    `metrics` says how many there are, of which `columns` stand in tables, the main one first; `params` are all that
    differ. `place` is where a version stands in the model's order. `best` is the newest version with the best main
    metric, and its value. `updated` is when the newest version was made, in milliseconds since 1970.
    """

    metrics: int
    columns: tuple[MetricColumn, ...]
    params: tuple[str, ...]
    place: dict[str, int]
    best: tuple[str, float] | None
    updated: int | None
    problems: int


@by_identity(1)
def overview(context: ModelContext) -> Overview:
    """The overview of a model that is about to be shown."""
    model = context.model
    count, columns = metric_columns(model, context.settings)
    main = columns[0] if columns else None
    best = next((version.name for version in reversed(model.versions) if main and version.name in main.best), None)
    return Overview(
        metrics=count,
        columns=columns,
        params=differing_params(model),
        place={version.name: number for number, version in enumerate(model.versions)},
        best=(best, values(model.versions, main.key)[best]) if main and best else None,
        updated=max((version.created for version in model.versions if version.created is not None), default=None),
        problems=total(model.problems) + sum(total(version.problems) for version in model.versions),
    )

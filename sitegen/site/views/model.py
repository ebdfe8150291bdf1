"""The view of a model page: everything that the template `model.html` shows."""

from typing import NamedTuple

from markupsafe import Markup

from sitegen.analysis.metric_ranking import values_by_version
from sitegen.core.fingerprint import fingerprint
from sitegen.domain.model import Kind, Model, Version
from sitegen.domain.signature import Signature
from sitegen.site import display, urls
from sitegen.site.charts.svg import Line, line
from sitegen.site.copy_names import image_addresses
from sitegen.site.json_api import facts_of_model
from sitegen.site.markdown import card, description, plain
from sitegen.site.views.caller_changes import NO_CHANGES, CallerChanges, caller_changes
from sitegen.site.views.card import CardFold, card_fold
from sitegen.site.views.context import ModelContext
from sitegen.site.views.facts import FactsView, facts_view
from sitegen.site.views.overview import MAX_PARAMS, MetricColumn, overview
from sitegen.site.views.pair_rows import PairRow, pair_rows
from sitegen.site.views.parts import Link, ProblemRow, Shell, problem_row
from sitegen.site.views.verdicts import Headline, baseline_name, headline, used_address
from sitegen.site.views.version_table import NO_VERSIONS, VersionTable, version_table

PER_PAGE = 200
"""Versions on one page of a model."""

MAX_POINTS = 100
"""The newest versions of the first page, which the chart shows: the page's fingerprint covers no others."""


class MainMetricView(NamedTuple):
    """The metric that stands for a model, and its best value; no value is best where its direction is unknown.

    `stated`: the settings name it.
    """

    key: str
    direction: str
    stated: bool
    best: Link | None
    value: str


class ModelView(NamedTuple):
    """The page of one model; long tables go on at further pages.

    `baseline` is the version that newer ones are judged against, `@champion v3`; empty for a model without one.
    `inward` is the way from the page to the model's folder.
    `result` says what the newest version means for callers; `used` is what users load today, and its address.
    `chart_limit` is the number of versions on the chart if it leaves out older ones, else 0.
    """

    shell: Shell
    name: str
    kind: Kind
    facts: FactsView
    api: str
    slug: str
    data: str
    steps_data: str
    compare: str
    description: Markup | None
    card: Markup | None
    fold: CardFold | None
    page: int
    per_page: int
    inward: str
    pages: tuple[Link, ...]
    total: int
    latest: Link | None
    champions: tuple[tuple[str, Link], ...]
    baseline: str
    result: Headline
    used: tuple[str, str]
    flavors: str
    arity: str
    main: MainMetricView | None
    updated: str
    updated_iso: str
    problem_count: int
    tags: tuple[PairRow, ...]
    problems: tuple[ProblemRow, ...]
    table: VersionTable = NO_VERSIONS
    chart: Line | None = None
    chart_limit: int = 0
    changes: CallerChanges = NO_CHANGES


def page_count(model: Model) -> int:
    """The number of pages of a model: one for each PER_PAGE versions."""
    return max(1, -(-len(model.versions) // PER_PAGE))


def page_path(slug: str, number: int) -> str:
    """Path of the model's n-th page."""
    return urls.model_page(slug) if number == 1 else f"models/{slug}/versions/{number}/index.html"


def model_fingerprint(context: ModelContext, frame: ModelView) -> bytes:
    """Fingerprint of a page of the model: its frame, and the digests of the versions that its table compares."""
    model, part, facts = context.model, _part(context, frame.page), overview(context)
    own = [(context.link(place), model.versions[place].digest) for place in part]
    before, baseline = context.before(part[-1]) if part else None, context.baseline
    others = (before, context.model.versions[baseline.place] if baseline else None)
    names = {model.versions[place].name for place in part}
    columns = [_column_facts(column, names) for column in facts.columns]
    params = (facts.metrics, len(facts.params), facts.params[:MAX_PARAMS])
    links = tuple(map(tuple, frame.pages))  # plain tuples: each page links to all pages, and their repr is fast
    digests = [version and version.digest for version in others]
    return fingerprint(repr((frame._replace(pages=()), links, columns, params, own, baseline, digests)))


def _column_facts(column: MetricColumn, names: set[str]) -> tuple[object, ...]:
    """What a page with the versions of these names shows of a column, except the values; sets in order."""
    key, direction, digits, best = column
    return key, direction, digits.places, digits.extra, sorted(digits.exact), sorted(names & best)


def model_view(context: ModelContext, frame: ModelView) -> ModelView:
    """A page of the model, its versions newest first."""
    part, facts, inward = _part(context, frame.page), overview(context), _inward(frame.page)
    return frame._replace(
        table=version_table(context, part, inward),
        chart=_chart(context, facts.columns[0]) if facts.columns and frame.page == 1 else None,
        chart_limit=_chart_length() if frame.total > _chart_length() else 0,
        changes=caller_changes(context, part, inward),
    )


def _part(context: ModelContext, number: int) -> range:
    """The indexes of the versions on the model's n-th page, newest first."""
    order = range(len(context.model.versions) - 1, -1, -1)
    return order[(number - 1) * PER_PAGE : number * PER_PAGE]


def model_frame(context: ModelContext, number: int) -> ModelView:
    """The model's n-th page without its versions: the facts about all versions together."""
    path, pages, inward = page_path(context.slug, number), page_count(context.model), _inward(number)
    model, facts = context.model, overview(context)
    prose = card(model.card, image_addresses(model.images, inward)) if model.card else None
    latest, place = model.latest, facts.place
    return ModelView(
        shell=context.shell(path, model.name, _about(model)),
        name=model.name,
        kind=model.kind,
        facts=facts_view(facts_of_model(model), score=context.score, card=model.card),
        api=urls.api_file(context.slug),
        slug=context.slug,
        data=f"{inward}data.js" if latest else "",
        steps_data=f"{inward}steps.js",
        compare=f"{inward}compare/index.html" if len(model.versions) > 1 else "",
        description=description(model.description) if model.description else None,
        card=prose,
        fold=card_fold(prose) if number == 1 else None,
        page=number,
        per_page=PER_PAGE,
        inward=inward,
        pages=tuple(Link(str(n), _from(path, page_path(context.slug, n))) for n in range(1, pages + 1)),
        total=len(model.versions),
        latest=context.link(len(model.versions) - 1, inward) if latest else None,
        champions=tuple((alias, context.link(place[name], inward)) for alias, name in model.aliases if name in place),
        baseline=baseline_name(context),
        result=headline(context, inward),
        used=used_address(context),
        flavors=_flavor_names(latest),
        arity=arity(latest),
        main=_main(context, inward),
        updated=display.day(model.updated),
        updated_iso=display.datetime_attribute(model.updated),
        problem_count=facts.problems,
        tags=pair_rows(model.tags, "tag"),
        problems=tuple(problem_row(values) for values in model.problems),
    )


def _main(context: ModelContext, inward: str) -> MainMetricView | None:
    facts = overview(context)
    if not facts.columns:
        return None
    key, direction, digits, _ = facts.columns[0]
    version, value = facts.best or ("", 0.0)
    return MainMetricView(
        key=key,
        direction=direction,
        stated=key in context.settings.metrics.main,
        best=context.link(facts.place[version], inward) if version else None,
        value=display.number(value, digits) if version else "",
    )


def _flavor_names(version: Version | None) -> str:
    return ", ".join(flavor.name for flavor in version.mlmodel.flavors) if version and version.mlmodel else ""


def _about(model: Model) -> str:
    """The model in one line, for search engines."""
    return plain(model.description or model.card or f"All versions of {model.name}")


def arity(version: Version | None) -> str:
    """The numbers of inputs and outputs: `10 → 1`; `–` for a missing side; without both, the params."""
    return signature_arity(version.signature) if version and version.signature else ""


def signature_arity(signature: Signature) -> str:
    """The numbers of inputs and outputs of a signature, as `arity`."""
    if signature.inputs is None and signature.outputs is None:
        count = len(signature.params or ())
        return "unreadable" if signature.unreadable else f"{count} param{'' if count == 1 else 's'}"
    counts = ("–" if side is None else str(len(side)) for side in (signature.inputs, signature.outputs))
    return " → ".join(counts)


def _inward(number: int) -> str:
    """The relative path from the model's n-th page to the model's folder."""
    return "" if number == 1 else "../../"


def _from(path: str, target: str) -> str:
    return urls.up(path) + target


# --- chart --------------------------------------------------------------------------------------------


def _chart(context: ModelContext, column: MetricColumn) -> Line | None:
    """The main metric of the newest versions."""
    model, baseline = context.model, context.baseline
    count = _chart_length()
    recent = model.versions[-count:]
    place = {version.name: number for number, version in enumerate(recent)}
    values = values_by_version(recent, column.key)
    return line(
        column.key,
        column.direction,
        context.labels[-count:],
        [values.get(version.name) for version in recent],
        frozenset(place[name] for name in column.best if name in place),
        place.get(model.versions[baseline.place].name) if baseline else None,
    )


def _chart_length() -> int:
    """How many versions a chart shows at most."""
    return min(MAX_POINTS, PER_PAGE)

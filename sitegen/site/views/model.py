"""The view of a model page: everything that the template `model.html` shows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from markupsafe import Markup

from sitegen.analysis.metric_ranking import values_by_version
from sitegen.core.fingerprint import fingerprint
from sitegen.domain.comparison import Comparison, worst_first
from sitegen.domain.model import Kind, Model, Version
from sitegen.domain.signature import Signature
from sitegen.site import display, urls
from sitegen.site.charts.svg import Line, line
from sitegen.site.copy_names import image_addresses
from sitegen.site.json_api import facts_of_model
from sitegen.site.markdown import card, description, plain
from sitegen.site.views.card import CardFold, card_fold
from sitegen.site.views.context import ModelContext
from sitegen.site.views.facts import FactsView, facts_view
from sitegen.site.views.overview import MAX_PARAMS, MetricColumn, overview
from sitegen.site.views.pair_rows import PairRow, pair_rows
from sitegen.site.views.parts import Link, ProblemRow, Shell, problem_row
from sitegen.site.views.verdicts import Headline, baseline_name, headline, used_address, verdict_views
from sitegen.site.views.version_table import NO_VERSIONS, VersionTable, version_table

PER_PAGE = 200
"""Versions on one page of a model."""

MAX_POINTS = 100
"""The newest versions of the first page, which the chart shows: the page's fingerprint covers no others."""

MAX_STEPS = 20
MAX_CHANGES = 50
"""Rows of changes for callers, of all steps together."""

SIGNATURE = ("inputs", "outputs", "params")


class ChangeStep(NamedTuple):
    """How the signature changes from one version to another; `more` changes are not shown."""

    old: Link
    new: Link
    comparison: Comparison
    more: int = 0


class ModelView(NamedTuple):
    """The page of one model; long tables go on at further pages.

    `baseline` is the version that newer ones are judged against, `@champion v3`; empty for a model without one.
    `inward` is the way from the page to the model's folder.
    `result` says what the newest version means for callers; `used` is what users load today, and its address.
    `steps` are the newest changes of the signature, `older_steps` is the number of further ones on this page.
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
    main: str
    main_direction: str
    best: Link | None
    best_value: str
    updated: str
    updated_iso: str
    problem_count: int
    tags: tuple[PairRow, ...]
    problems: tuple[ProblemRow, ...]
    table: VersionTable = NO_VERSIONS
    chart: Line | None = None
    chart_limit: int = 0
    steps: tuple[ChangeStep, ...] = ()
    older_steps: int = 0


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
    steps = tuple(_steps(context, inward, part))
    shown = tuple(_newest_steps(steps))
    return frame._replace(
        table=version_table(context, part, inward),
        chart=_chart(context, facts.columns[0]) if facts.columns and frame.page == 1 else None,
        chart_limit=_chart_length() if frame.total > _chart_length() else 0,
        steps=shown,
        older_steps=len(steps) - len(shown),
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
    latest, place, main = model.latest, facts.place, next(iter(facts.columns), None)
    return ModelView(
        shell=context.shell(path, model.name, _about(model)),
        name=model.name,
        kind=model.kind,
        facts=facts_view(facts_of_model(model), score=context.score),
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
        main=main.key if main else "",
        main_direction=main.direction if main else "",
        best=context.link(place[facts.best[0]], inward) if facts.best else None,
        best_value=display.number(facts.best[1], main.digits) if main and facts.best else "",
        updated=display.day(model.updated),
        updated_iso=display.datetime_attribute(model.updated),
        problem_count=facts.problems,
        tags=pair_rows(model.tags, "tag"),
        problems=tuple(problem_row(values) for values in model.problems),
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


# --- chart, history --------------------------------------------------------------------------------------------


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


def _steps(context: ModelContext, inward: str, part: Sequence[int]) -> Iterator[ChangeStep]:
    """What changed the signature: the newest version against the baseline, then each against the one before.

    Logged models have no such history: they are attempts, often at unrelated models.
    """
    versions = context.model.versions
    if context.model.kind == "logged":
        return
    if part and part[0] == len(versions) - 1:
        yield from _from_baseline(context, part[0], inward)
    for number in part:
        step, before = context.steps[number], context.before(number)
        if step and before and _tells(before, versions[number], step):
            yield ChangeStep(context.link(number - 1, inward), context.link(number, inward), step)


def _newest_steps(steps: Sequence[ChangeStep]) -> Iterator[ChangeStep]:
    """The first steps, as many as have room. Of a step that has not enough room the worst changes are shown."""
    room = MAX_CHANGES
    for step in steps[:MAX_STEPS]:
        changes = step.comparison.changes
        if room and len(changes) > room:
            shown = replace(step.comparison, changes=tuple(worst_first(changes)[:room]))
            yield step._replace(comparison=shown, more=len(changes) - room)
        elif room:
            yield step
        room = max(0, room - len(changes))


def _from_baseline(context: ModelContext, number: int, inward: str) -> Iterator[ChangeStep]:
    """How a newer version changes the signature of the baseline, unless that is the version before."""
    lead, beside = verdict_views(context, number, inward)
    if lead and beside and _tells(lead.version, context.model.versions[number], lead.comparison):
        yield ChangeStep(Link(lead.name, lead.url), context.link(number, inward), lead.comparison)


def _tells(old: Version, new: Version, comparison: Comparison) -> bool:
    """Whether a signature is stated and changes."""
    return bool(old.signature or new.signature) and any(change.area in SIGNATURE for change in comparison.changes)

"""The view of a version page: everything that the template `version.html` shows."""

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

from sitegen.analysis.flavors import FLAVORS, FlavorNote
from sitegen.analysis.metric_ranking import tally
from sitegen.analysis.usage.address import Address, addresses
from sitegen.analysis.usage.log_signature import log_signature, named_columns
from sitegen.analysis.usage.snippet import Snippet
from sitegen.analysis.version_conflicts import VersionConflict, version_conflicts
from sitegen.core.fingerprint import fingerprint
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.comparison import Comparison
from sitegen.domain.facts import NO_FACTS, CardFacts
from sitegen.domain.model import Flavor, Row, Version
from sitegen.domain.signature import Json
from sitegen.formats.key_values import as_text
from sitegen.settings.settings import Links, Settings
from sitegen.site import display, urls
from sitegen.site.copy_names import image_addresses
from sitegen.site.display import Moment
from sitegen.site.markdown import card, description, plain
from sitegen.site.metric_sentence import metric_sentence
from sitegen.site.views.code import CodeView, code_view
from sitegen.site.views.context import ModelContext, shell
from sitegen.site.views.errors import ErrorsView, errors_view
from sitegen.site.views.example_column import signature_with_example
from sitegen.site.views.facts import FactsView, facts_view
from sitegen.site.views.file_tree import FileRow, PreviewRow, file_rows, preview_rows
from sitegen.site.views.files import RawText, problem_rows, raw_text
from sitegen.site.views.metric_rows import MetricDelta, MetricRow, main_delta, metric_rows, version_metrics
from sitegen.site.views.overview import main_key
from sitegen.site.views.pair_rows import PairRow, pair_rows
from sitegen.site.views.parts import MAX_ROWS, Link, ProblemRow, Shell, SignatureView, SiteView
from sitegen.site.views.provenance import ProvenanceView, edit_url, provenance
from sitegen.site.views.use import UseView, use_view
from sitegen.site.views.value_tables import ValueTables, value_tables
from sitegen.site.views.verdicts import VerdictView, comparison_url, verdict_views


class FlavorRow(NamedTuple):
    """A flavor with its note, empty for unknown flavors, and its keys."""

    name: str
    note: FlavorNote | None
    keys: tuple[PairRow, ...]


class MetricSummary(NamedTuple):
    """How the metrics of a version changed: one metric, and a sentence about all in common, empty for a single one."""

    main: MetricDelta | None
    sentence: str


class VersionView(NamedTuple):
    """The page of one version. `hidden` is the number of omitted metrics; the API has them. `histories` counts curves.

    `verdicts` are the comparisons with the versions that it is judged against, the one that decides first; `deltas`
    has what is said about metrics for each. `edits` lead to forms that change files of the version.
    `code` is about how to use it; `use` is the view of the tools for callers, None if there are none. `log_signature`
    is code that logs a model without signature with one; `named_columns` is code that names the columns of one unnamed
    array. `conflicts` are packages that are pinned to another release than the one that wrote the model.
    """

    shell: Shell
    model: Link
    label: str
    version: Version
    previous: Link | None
    next: Link | None
    compare: Link | None
    verdicts: tuple[VerdictView, ...]
    deltas: tuple[MetricSummary, ...]
    description: Markup | None
    card: Markup | None
    facts: FactsView
    signature: SignatureView | None
    code: CodeView
    use: UseView | None
    log_signature: Snippet | None
    named_columns: Snippet | None
    metrics: tuple[MetricRow, ...]
    histories: int
    values: ValueTables
    conflicts: tuple[VersionConflict, ...]
    flavors: tuple[FlavorRow, ...]
    files: tuple[FileRow, ...]
    previews: tuple[PreviewRow, ...]
    size: str
    created: Moment | None
    edits: tuple[Link, ...]
    provenance: ProvenanceView
    run_description: Markup | None
    raw: RawText | None
    problems: tuple[ProblemRow, ...]
    errors: ErrorsView
    hidden: int


class VersionInputs(NamedTuple):
    """All inputs of a version page except for the settings and assets, which all pages share.

    `same_files` has for each file of the version the earlier versions with the same content. `run_versions` are other
    versions of its run. `best_rows` are the metrics that no other version of the model has better.
    `verdicts` are the comparisons with the versions that it is judged against. `compare` leads to the first of them
    that can be opened; without one, to the comparison with the next version. `main` is the model's main metric.
    """

    path: str
    model: str
    model_description: str
    model_facts: CardFacts | None
    addresses: tuple[Address, ...]
    previous: Link | None
    next: Link | None
    compare: Link | None
    label: str
    version: Version
    same_files: tuple[str, ...]
    run_versions: tuple[Link, ...]
    verdicts: tuple[VerdictView, ...]
    best_rows: tuple[Row, ...]
    main: str


def version_inputs(context: ModelContext, number: int) -> VersionInputs:
    """The inputs of the page of the model's n-th version."""
    model, version = context.model, context.model.versions[number]
    last = number == len(model.versions) - 1
    verdicts = tuple(filter(None, verdict_views(context, number, "../")))
    return VersionInputs(
        path=urls.version_page(context.slug, context.folders[number]),
        model=model.name,
        model_description=model.description or "",
        model_facts=None if model.facts == NO_FACTS else model.facts,
        addresses=addresses(model, version),
        previous=context.link(number - 1, "../") if number else None,
        next=None if last else context.link(number + 1, "../"),
        compare=_compare(context, number, verdicts),
        label=context.labels[number],
        version=version,
        same_files=context.same_files[number],
        run_versions=tuple(context.link(place, "../") for place in context.run_neighbours[number]),
        verdicts=verdicts,
        best_rows=context.best_rows[number],
        main=main_key(context),
    )


def version_fingerprint(inputs: VersionInputs) -> bytes:
    """Fingerprint of all inputs: the digests of versions, which determine comparisons, and the text of the rest."""
    return fingerprint(repr(_mark(inputs)))


def _mark(item: object) -> object:
    """An input of the page, versions by their digests and comparisons left out: their text would take long."""
    if isinstance(item, Version):
        return item.digest
    if isinstance(item, Comparison):
        return None
    return tuple(map(_mark, item)) if isinstance(item, tuple) else item


def version_view(inputs: VersionInputs, settings: Settings, site: SiteView) -> VersionView:
    """The page of one version."""
    version, mlmodel = inputs.version, inputs.version.mlmodel
    measured = version_metrics(version)
    metrics = metric_rows(measured[:MAX_ROWS], version, inputs.verdicts, inputs.best_rows, settings)
    use = use_view(version)
    return VersionView(
        shell=_shell(inputs, settings, site),
        model=Link(inputs.model, "../index.html"),
        label=inputs.label,
        version=version,
        previous=inputs.previous,
        next=inputs.next,
        compare=inputs.compare,
        verdicts=inputs.verdicts,
        deltas=_deltas(metrics, inputs, settings),
        description=description(version.description) if version.description else None,
        card=card(version.card, image_addresses(version.images, "../")) if version.card else None,
        facts=facts_view(version.facts, inputs.model_facts or NO_FACTS, card=version.card),
        signature=signature_with_example(version.signature, version.example) if version.signature else None,
        code=code_view(inputs.model, version, inputs.addresses, use.example if use else ""),
        use=use,
        log_signature=None if version.signature else log_signature(version),
        named_columns=named_columns(version),
        metrics=metrics,
        histories=sum(row.curve is not None for row in metrics),
        values=value_tables(version, next(iter(inputs.verdicts), None)),
        conflicts=version_conflicts(mlmodel.flavors, version.environment) if mlmodel else (),
        flavors=_flavor_rows(mlmodel.flavors) if mlmodel else (),
        files=file_rows(version, inputs.same_files, settings.files),
        previews=preview_rows(version, settings.files) if version.previews else (),
        size=display.size(sum(file.size for file in version.files)),
        created=None if version.created is None else display.moment(version.created),
        edits=_edits(version, settings.links),
        provenance=provenance(version, settings.links, inputs.run_versions),
        run_description=card(version.run.description) if version.run and version.run.description else None,
        raw=raw_text(version),
        problems=problem_rows(version),
        errors=errors_view(version),
        hidden=max(0, len(measured) - MAX_ROWS),
    )


def _shell(inputs: VersionInputs, settings: Settings, site: SiteView) -> Shell:
    name = f"{inputs.model} {inputs.label}"
    described = inputs.version.description or inputs.model_description or f"Version {inputs.label} of {inputs.model}"
    return shell(site, settings, inputs.path, name, plain(described), "models")


def _deltas(rows: tuple[MetricRow, ...], inputs: VersionInputs, settings: Settings) -> tuple[MetricSummary, ...]:
    """For each version that the page's is judged against: the change of the main metric or of another, and of all."""
    main = (*settings.metrics.main, inputs.main)
    return tuple(
        MetricSummary(main_delta(rows, place, main), _metric_sentence(one.version, inputs.version, settings))
        for place, one in enumerate(inputs.verdicts)
    )


def _metric_sentence(old: Version, new: Version, settings: Settings) -> str:
    """The sentence about the metrics in common; empty for a single one, whose change is shown."""
    common = tally(old, new, settings.metrics.directions)
    return metric_sentence(common) if len(common.better + common.worse + common.same) != 1 else ""


def _edits(version: Version, links: Links) -> tuple[Link, ...]:
    """Links to forms that change the description and the card of the version."""
    urls = ((name, edit_url(version, name, links)) for name in ("model.yaml", "README.md"))
    return tuple(Link(name, url) for name, url in urls if url)


def _compare(context: ModelContext, number: int, verdicts: Iterable[VerdictView]) -> Link | None:
    """The first comparison that can be opened; for a version that is judged against none, that with the next."""
    for one in verdicts:
        if one.compare:
            return Link(one.name, one.compare)
    if verdicts or number + 1 == len(context.model.versions):
        return None
    url = comparison_url(context, number, number + 1, "../")
    return Link(context.link(number + 1).text, url) if url else None


# --- flavors --------------------------------------------------------------------------------------------


@memoize_by_identity(512)
def _flavor_rows(flavors: tuple[Flavor, ...]) -> tuple[FlavorRow, ...]:
    """The rows of flavors. Cached, since versions share flavors."""
    return tuple(FlavorRow(flavor.name, FLAVORS.get(flavor.name), _key_rows(flavor)) for flavor in flavors)


def _key_rows(flavor: Flavor) -> tuple[PairRow, ...]:
    return pair_rows(tuple((key, _flat(value)) for key, value in flavor.keys.items() if value is not None))


def _flat(value: Json) -> str:
    """A value of a flavor on one line; a mapping of texts as `key: text, ...`."""
    if isinstance(value, dict) and value and all(isinstance(inner, str) for inner in value.values()):
        return ", ".join(f"{key}: {inner}" for key, inner in value.items())
    return as_text(value)

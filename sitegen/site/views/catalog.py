"""The view of `catalog.html`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic
from sitegen.settings.settings import Settings
from sitegen.site import urls
from sitegen.site.catalog_scripts import part_count
from sitegen.site.summary import CatalogRow, Summary, severities
from sitegen.site.views.context import shell
from sitegen.site.views.news import News
from sitegen.site.views.parts import Link, Shell, SiteView

PER_PAGE = 100
"""Models on one page of the catalog."""


OPTIONAL = ("change", "aliases", "main", "flavor", "problems")
"""The optional columns of the catalog, shown if a row has a value."""


_STORE = re.compile(r"<store>(.*?)</store>", re.DOTALL)


class CatalogPart(NamedTuple):
    """The inputs of one page of the catalog: its number among `pages`, facts about all models, and its rows.

    `runs` is the number of runs, counted only where there are no models. `stores` is True if models come from several
    stores; `twins` are the folders of models whose name another model has, too; `digests` are the digests of the
    summaries of its models. `news` is what differs from an earlier site, on the first page only.
    """

    number: int
    pages: int
    models: int
    versions: int
    registered: int
    errors: int
    warnings: int
    runs: int
    stores: bool
    twins: tuple[str, ...]
    rows: tuple[CatalogRow, ...]
    digests: tuple[bytes, ...]
    news: News | None = None


class CatalogView(NamedTuple):
    """One page of the catalog. `rows` is the HTML of the rows, `columns` names the optional columns that are shown.

    `scripts` is the number of parts of the data that scripts load.
    """

    shell: Shell
    part: CatalogPart
    pages: tuple[Link, ...]
    columns: frozenset[str]
    rows: Markup
    scripts: int


def catalog_path(number: int) -> str:
    """Path of the catalog's n-th page."""
    return "index.html" if number == 1 else f"page/{number}/index.html"


def catalog_parts(
    summaries: Sequence[Summary], others: Iterable[Diagnostic], runs: int, news: News | None = None
) -> Iterator[CatalogPart]:
    """The pages of the catalog; `others` are problems that belong to no model."""
    parts = [summaries[start : start + PER_PAGE] for start in range(0, len(summaries), PER_PAGE)] or [summaries]
    problems = severities(summaries, others)
    shared = CatalogPart(
        number=0,
        pages=len(parts),
        models=len(summaries),
        versions=sum(summary.versions for summary in summaries),
        registered=sum(summary.kind == "registered" for summary in summaries),
        errors=problems["error"],
        warnings=problems["warning"],
        runs=runs,
        stores=len({summary.store for summary in summaries}) > 1,
        twins=(),
        rows=(),
        digests=(),
    )
    names = Counter(summary.name for summary in summaries)
    for number, part in enumerate(parts, 1):
        rows, digests = tuple(summary.row for summary in part), tuple(summary.digest for summary in part)
        twins = tuple(summary.slug for summary in part if names[summary.name] > 1)
        own = news if number == 1 else None
        yield shared._replace(number=number, twins=twins, rows=rows, digests=digests, news=own)


def catalog_fingerprint(part: CatalogPart) -> bytes:
    """The fingerprint of one page of the catalog; digests represent the rows."""
    return fingerprint(repr(part._replace(rows=())))


def catalog_view(part: CatalogPart, html: str, site: SiteView, settings: Settings) -> CatalogView:
    """One page of the catalog; `html` is that of its rows."""
    path = catalog_path(part.number)
    up = urls.up(path)
    columns, rows = catalog_rows(html, len(part.rows), up, stores=part.stores)
    return CatalogView(
        shell=shell(site, settings, path, site.title, site.description or "All models", "models"),
        part=part,
        pages=tuple(Link(str(number), up + catalog_path(number)) for number in range(1, part.pages + 1)),
        columns=columns,
        rows=rows,
        scripts=part_count(part.models),
    )


def catalog_rows(html: str, count: int, up: str, *, stores: bool) -> tuple[frozenset[str], Markup]:
    """The columns in which any row has a value, and the HTML of the `count` rows with these columns.

    `stores` is True if models come from several stores, so that rows name the store.
    """
    rows = _STORE.sub(r"\1" if stores else "", html.replace("<up>", up))
    columns = frozenset(name for name in OPTIONAL if rows.count(f"<no {name}>") < count)
    for name in OPTIONAL:
        rows = rows.replace(f"<no {name}>", f'<td class="c-{name}"></td>' if name in columns else "")
    return columns, Markup(rows)  # noqa: S704 - rendered rows

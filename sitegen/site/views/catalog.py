"""The view of `catalog.html`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic
from sitegen.settings.settings import Settings
from sitegen.site import urls
from sitegen.site.summary import Summary, severities
from sitegen.site.views.context import shell
from sitegen.site.views.parts import Link, Shell, SiteView

PER_PAGE = 100
"""Models on one page of the catalog."""


OPTIONAL = {
    "flavor": "p3",
    "aliases": "p3",
    "metric": "",
    "trend": "p4",
    "step": "p2",
    "problems": "p2",
    "updated": "p4",
}
"""Columns of the catalog that are left out where no row has a value, and from which width on they are shown."""


_STORE = re.compile(r"<store>(.*?)</store>", re.DOTALL)


class CatalogPart(NamedTuple):
    """What decides about one page of the catalog: its place among `pages`, numbers of all models, and its own rows.

    `stores` says whether models come from several, `digests` are those of the models' summaries.
    """

    number: int
    pages: int
    models: int
    versions: int
    registered: int
    errors: int
    stores: bool
    rows: tuple[str, ...]
    digests: tuple[bytes, ...]


class CatalogView(NamedTuple):
    """One page of the catalog. `rows` is the HTML of the models' rows, `columns` names those that hold something."""

    shell: Shell
    part: CatalogPart
    pages: tuple[Link, ...]
    columns: frozenset[str]
    rows: Markup


def catalog_path(number: int) -> str:
    """Path of the catalog's n-th page."""
    return "index.html" if number == 1 else f"page/{number}/index.html"


def catalog_parts(summaries: Sequence[Summary], others: Iterable[Diagnostic]) -> Iterator[CatalogPart]:
    """The catalog, page by page; `others` are problems of no model."""
    parts = [summaries[start : start + PER_PAGE] for start in range(0, len(summaries), PER_PAGE)] or [summaries]
    whole = CatalogPart(
        number=0,
        pages=len(parts),
        models=len(summaries),
        versions=sum(one.versions for one in summaries),
        registered=sum(one.kind == "registered" for one in summaries),
        errors=severities(summaries, others)["error"],
        stores=len({one.store for one in summaries}) > 1,
        rows=(),
        digests=(),
    )
    for number, part in enumerate(parts, 1):
        rows, digests = tuple(one.row for one in part), tuple(one.digest for one in part)
        yield whole._replace(number=number, rows=rows, digests=digests)


def catalog_fingerprint(part: CatalogPart) -> bytes:
    """Fingerprint of one page of the catalog: digests stand for the rows."""
    return fingerprint(repr(part._replace(rows=())))


def catalog_view(part: CatalogPart, site: SiteView, settings: Settings) -> CatalogView:
    """One page of the catalog."""
    path = catalog_path(part.number)
    up = urls.up(path)
    columns, rows = catalog_rows(part.rows, up, stores=part.stores)
    return CatalogView(
        shell=shell(site, settings, path, site.title, site.description or "All models", "models"),
        part=part,
        pages=tuple(Link(str(number), up + catalog_path(number)) for number in range(1, part.pages + 1)),
        columns=columns,
        rows=rows,
    )


def catalog_rows(parts: Sequence[str], up: str, *, stores: bool) -> tuple[frozenset[str], Markup]:
    """The columns in which any row has something, and the rows with these columns.

    `stores` says whether models come from several, so that rows name theirs.
    """
    rows = _STORE.sub(r'<span class="soft">\1</span>' if stores else "", "".join(parts).replace("<up>", up))
    columns = frozenset(name for name in OPTIONAL if rows.count(f"<no {name}>") < len(parts))
    for name, looks in OPTIONAL.items():
        cell = f'<td class="{looks}"></td>' if looks else "<td></td>"
        rows = rows.replace(f"<no {name}>", cell if name in columns else "")
    return columns, Markup(rows)  # noqa: S704 - rendered rows

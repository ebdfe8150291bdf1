"""Views of the pages about all models: catalog, problems, about."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from sitegen.analysis.compat.rules.table import CHANGE_RULES
from sitegen.analysis.flavors import FLAVORS, FlavorNote
from sitegen.domain.comparison import ChangeRule
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic, Severity, total
from sitegen.domain.rules import RULES, Rule
from sitegen.settings.settings import Settings
from sitegen.site import urls
from sitegen.site.summary import ProblemEntry, Summary, severities
from sitegen.site.views.context import shell
from sitegen.site.views.parts import Link, Shell, SiteView

PER_PAGE = 100
"""Models on one page of the catalog."""

MOST_ENTRIES = 200
"""Problems of one rule that are listed."""


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

    `stores` says whether models come from several, `marks` change whenever the rows do.
    """

    number: int
    pages: int
    models: int
    versions: int
    registered: int
    errors: int
    stores: bool
    rows: tuple[str, ...]
    marks: tuple[bytes, ...]


class CatalogView(NamedTuple):
    """One page of the catalog. `rows` is the HTML of the models' rows, `columns` names those that hold something."""

    shell: Shell
    part: CatalogPart
    pages: tuple[Link, ...]
    columns: frozenset[str]
    rows: Markup


class RuleGroup(NamedTuple):
    """All problems under one rule; `hidden` counts those that only the API lists."""

    id: str
    rule: Rule
    severity: Severity
    total: int
    entries: tuple[ProblemEntry, ...]
    hidden: int


class ProblemsView(NamedTuple):
    """The page of all problems, by rule, worst first."""

    shell: Shell
    groups: tuple[RuleGroup, ...]
    counts: dict[Severity, int]


class AboutView(NamedTuple):
    """Glossary, flavors and rules."""

    shell: Shell
    flavors: dict[str, FlavorNote]
    rules: dict[str, Rule]
    changes: dict[str, ChangeRule]


class NotFoundView(NamedTuple):
    """The page for an address that is not there."""

    shell: Shell


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
        marks=(),
    )
    for number, part in enumerate(parts, 1):
        rows, marks = tuple(one.row for one in part), tuple(one.mark for one in part)
        yield whole._replace(number=number, rows=rows, marks=marks)


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


def problems_view(
    summaries: Iterable[Summary], others: Iterable[Diagnostic], site: SiteView, settings: Settings
) -> tuple[str, ProblemsView]:
    """The page of all problems; `others` are those of no model."""
    entries: dict[str, list[ProblemEntry]] = {}
    counts: dict[str, int] = {}
    severities: dict[str, Severity] = {}
    for found in others:
        entries.setdefault(found.rule, []).append(ProblemEntry(found, "", ""))
        counts[found.rule] = counts.get(found.rule, 0) + found.count
        severities[found.rule] = found.severity
    for one in summaries:
        for entry in one.problems:
            entries.setdefault(entry.found.rule, []).append(entry)
        for rule, severity, count in one.counts:
            counts[rule] = counts.get(rule, 0) + count
            severities[rule] = severity
    order = sorted(counts, key=lambda rule: (SEVERITIES.index(severities[rule]), -counts[rule], rule))
    groups = tuple(
        RuleGroup(
            id=rule,
            rule=RULES[rule],
            severity=severities[rule],
            total=counts[rule],
            entries=tuple(entries.get(rule, ())[:MOST_ENTRIES]),
            hidden=counts[rule] - total(entry.found for entry in entries.get(rule, ())[:MOST_ENTRIES]),
        )
        for rule in order
    )
    sums = {name: sum(group.total for group in groups if group.severity == name) for name in SEVERITIES}
    path = "problems/index.html"
    frame = shell(site, settings, path, "Problems", "What is wrong in the registry, and what to do", "problems")
    return path, ProblemsView(shell=frame, groups=groups, counts=sums)


def about_view(site: SiteView, settings: Settings) -> tuple[str, AboutView]:
    """Glossary, flavors and rules: the same for every registry."""
    path = "about/index.html"
    frame = shell(site, settings, path, "About", "What the words on these pages mean", "about")
    return path, AboutView(shell=frame, flavors=FLAVORS, rules=RULES, changes=CHANGE_RULES)


def not_found_view(site: SiteView, settings: Settings) -> tuple[str, NotFoundView]:
    """The page for addresses that are not there; it works at any depth, since it links by the base URL."""
    frame = shell(site, settings, "404.html", "Not found", "There is no such page", "")
    base = settings.site.base_url
    return "404.html", NotFoundView(shell=frame._replace(up=base, canonical=""))

"""Figures of a site's pages, each with its limit, and the table that shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.campaigns.bench.pages import lighthouse
from tests.support import sites, weights
from tests.support.browsers import Tab
from tests.support.validator import html_errors

SITE = "site"
"""The place of figures that are not those of one page."""
WIDTHS = (390, 1440)
IDLE = 1000
"""Milliseconds in which scripts do what they leave for when the browser has time."""
SAMPLE = 200
"""Pages of a large site whose HTML, links and weights are looked at."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was measured of one of the pages, or of the site, and what it may be."""

    name: str
    place: str
    value: float
    limit: float
    more: bool = False
    """Whether the limit is the least that is good enough, not the most."""
    details: tuple[str, ...] = ()

    @property
    def missed(self) -> bool:
        """Whether the value is on the wrong side of its limit."""
        return self.value < self.limit if self.more else self.value > self.limit


def scores(address: str, pages: dict[str, str], runs: int) -> Iterator[Figure]:
    """What Lighthouse says of each page."""
    for form in lighthouse.FORMS:
        for place, path in pages.items():
            found = lighthouse.measure(address + path, form, runs)
            limit = lighthouse.PERFORMANCE[form]
            yield Figure(
                name=f"performance, {form}",
                place=place,
                value=found.performance,
                limit=limit,
                more=True,
                details=(f"best of {found.runs}", *found.failures),
            )
            for name, value in found.others.items():
                yield Figure(
                    name=f"{name}, {form}", place=place, value=value, limit=100, more=True, details=found.failures
                )
            yield Figure(name=f"layout shift, {form}", place=place, value=found.shift, limit=0)


def faults(browser: Browser, address: str, pages: dict[str, str]) -> Iterator[Figure]:
    """What axe finds in each page in both themes, on a telephone and on a desk; and what the console says."""
    for place, path in pages.items():
        for theme in ("light", "dark"):
            found: list[str] = []
            for width in WIDTHS:
                tab = Tab(browser, color_scheme=theme, viewport={"width": width, "height": 900})
                page = tab.open(address + path)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(IDLE)
                found += [f"{width} px: {fault}" for fault in tab.faults() + tab.complaints()]
                tab.close()
            yield Figure(name=f"axe, {theme}", place=place, value=len(found), limit=0, details=tuple(found))


def contents(site: Path, pages: dict[str, str]) -> Iterator[Figure]:
    """Valid HTML, links and weights: of all pages of a small site, else of pages from all over it."""
    every = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    paths = every[:: -(-len(every) // SAMPLE)]
    errors = [error.removeprefix(f"{site}/") for error in html_errors(site / path for path in paths)]
    yield _list(f"errors in HTML of {len(paths):,} pages", errors)
    yield _list(f"broken links on {len(paths):,} pages", sites.lost_links(site, paths))
    for place, path in pages.items():
        file = path.partition("#")[0] + "index.html"
        limit = weights.LIMITS["version"] if place == "version" else weights.LIMITS["catalog"]
        yield Figure(name="HTML, bytes gz", place=place, value=weights.compressed(site / file), limit=limit)
    first = weights.first_view(site)
    yield Figure(name="HTML, CSS, JS, bytes gz", place="catalog", value=first, limit=weights.LIMITS["catalog"])
    yield Figure(
        name="core index, bytes gz", place="catalog", value=weights.core_index(site), limit=weights.LIMITS["index"]
    )
    yield _weight("heaviest version page, bytes gz", weights.heaviest_page(site, _versions(paths)), "version")
    yield _weight("largest API file, bytes", weights.largest_api_file(site), "API")


def _versions(paths: Iterable[str]) -> list[str]:
    """The pages of versions among these."""
    parts = [path.split("/") for path in paths]
    return ["/".join(one) for one in parts if len(one) == 4 and one[0] == "models" and one[2] != "compare"]


def _list(name: str, found: list[str]) -> Figure:
    return Figure(name=name, place=SITE, value=len(found), limit=0, details=tuple(found))


def _weight(name: str, found: tuple[int, str], limit: str) -> Figure:
    value, path = found
    return Figure(name=name, place=SITE, value=value, limit=weights.LIMITS[limit], details=(path,))


def table(figures: list[Figure], places: Iterable[str]) -> str:
    """All figures as one Markdown table; a missed limit is marked."""
    columns = [*places, SITE]
    lines = ["| | " + " | ".join(columns) + " | limit |", "|---|" + "--:|" * (len(columns) + 1)]
    for name in dict.fromkeys(figure.name for figure in figures):
        row = {figure.place: figure for figure in figures if figure.name == name}
        cells = [_cell(row[place]) if place in row else "" for place in columns]
        limits = " / ".join(dict.fromkeys(f"{'≥' if figure.more else '≤'} {figure.limit:,}" for figure in row.values()))
        lines.append(f"| {name} | {' | '.join(cells)} | {limits} |")
    return "\n".join(lines)


def _cell(figure: Figure) -> str:
    text = f"{figure.value:,.0f}" if figure.value == int(figure.value) else f"{figure.value:.4f}"
    return f"**{text}**" if figure.missed else text

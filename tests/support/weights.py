"""What the files of a site weigh on their way to a browser: bytes, compressed as a static host compresses them."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from tests.support import sites

LEVEL = 6
"""How hard nginx and most hosts try that compress files themselves."""

LIMITS = {"catalog": 60_000, "version": 30_000, "index": 250_000, "API": 2_000_000}
"""The limits: the catalog with its scripts and styles, a version page, the core index, and an API file as it is."""


def compressed(*files: Path) -> int:
    """The size of these files, each compressed by itself."""
    return sum(len(gzip.compress(file.read_bytes(), LEVEL)) for file in files)


def first_view(site: Path, path: str = "index.html") -> int:
    """A page with the styles and scripts that it names: what comes before data that scripts ask for."""
    page = sites.page(site / path)
    styles = [link["href"] for link in page.all("link", rel="stylesheet")]
    scripts = [script["src"] for script in page.all("script") if "src" in script]
    return compressed(site / path, *((site / path).parent / address for address in styles + scripts))


def core_index(site: Path) -> int:
    """The index that the catalog's search loads after the first view."""
    return compressed(*(site / "catalog").glob("index-*.js"))


def heaviest_page(site: Path, paths: Iterable[str]) -> tuple[int, str]:
    """The size of the heaviest of these pages without its shared files, and its path."""
    return max((compressed(site / path), path) for path in paths)


def largest_api_file(site: Path) -> tuple[int, str]:
    """The size of the largest file of the API as it is, and its path."""
    return max((path.stat().st_size, path.relative_to(site).as_posix()) for path in (site / "api").rglob("*.json"))

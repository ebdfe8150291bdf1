"""The runs of all versions, by id and by name, as script files that the catalog's search loads on demand.

A run is found by the beginning of its id or name: the first letters decide which file has it. A search loads one small
file of each part, however many versions there are.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import orjson

from sitegen.core.fingerprint import fingerprint
from sitegen.core.memoize import memoize_by_identity
from sitegen.site.columns import file_of
from sitegen.site.json_api import dumps
from sitegen.site.model_pages import Page
from sitegen.site.summary import Summary

MAX_FILE = 20_000
"""About the bytes of one file of runs."""

FIRST = 2
"""Letters of an id or name that decide which file has it."""


def run_files(part: Sequence[Summary]) -> int:
    """How many files hold the runs of a part of the catalog."""
    return -(-sum(len(summary.runs) for summary in part if summary.runs != b"[]") // MAX_FILE)


def run_scripts(part: tuple[Summary, ...], number: int, base: bytes) -> Iterator[Page]:
    """The files of the n-th part, counted from 1."""
    files = run_files(part)
    mark = fingerprint(base, str(number), *(summary.runs for summary in part)) if files else b""
    for place in range(files):
        yield Page(f"catalog/runs-{place}-{number}.js", mark, partial(_run_script, part, number, place))


def _run_script(part: tuple[Summary, ...], number: int, place: int) -> bytes:
    return b"window.sitegenCatalog.runs(%d,%s);\n" % (
        number - 1,
        dumps({"file": place, "runs": _entries(part)[place]}),
    )


@memoize_by_identity(1)
def _entries(part: tuple[Summary, ...]) -> list[list[tuple[int, str, list[Any]]]]:
    """Place of the model, id or name, and versions of all runs, by file."""
    files = run_files(part)
    entries: list[list[tuple[int, str, list[Any]]]] = [[] for _ in range(files)]
    places: dict[str, int] = {}
    for model, summary in enumerate(part):
        for text, versions in orjson.loads(summary.runs):
            first = _fold(text)[:FIRST]
            if first not in places:
                places[first] = file_of("runs", first, files)
            entries[places[first]].append((model, text, versions))
    return entries


def _fold(text: str) -> str:
    """A text without accents and case, as `fold` in templates/assets/common/letters.js."""
    if text.isascii():
        return text.lower()
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not "\u0300" <= letter <= "\u036f"
    ).lower()

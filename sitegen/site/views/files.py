"""Views of the text of MLmodel, and of the problems that refer to its lines."""

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from sitegen.domain.model import Version
from sitegen.site.views.parts import MAX_ROWS, ProblemRow, html, problem_row


class RawText(NamedTuple):
    """The text of MLmodel, and as many links to its lines, whose ids are `L1` and so on.

    `parts` are stretches of the text, every second one a line that a problem refers to.
    """

    parts: tuple[str, ...]
    numbers: Markup
    lines: int


def raw_text(version: Version) -> RawText | None:
    """The text of MLmodel, with links to its lines."""
    source = next((text for text in version.texts if text.path == "MLmodel"), None)
    if source is None:
        return None
    text, lines = source.text if source.text.endswith("\n") else source.text + "\n", _lines(version)
    if not lines:
        count = text.count("\n")
        return RawText((text,), _numbers(count), count)
    rows = [f"{row}\n" for row in text.split("\n")[:-1]]
    parts, start = [], 0
    for line in sorted(lines):
        parts += ["".join(rows[start : line - 1]), rows[line - 1]]
        start = line
    return RawText((*parts, "".join(rows[start:])), _numbers(len(rows)), len(rows))


def problem_rows(version: Version) -> tuple[ProblemRow, ...]:
    """The version's problems; those of MLmodel link to their line, if it is shown."""
    lines = _lines(version)
    place = _mlmodel(version)
    return tuple(
        problem_row(diagnostic, f"L{diagnostic.line}" if diagnostic.line in lines and diagnostic.path == place else "")
        for diagnostic in version.problems[:MAX_ROWS]
    )


def _lines(version: Version) -> set[int]:
    """The shown lines of MLmodel that a problem refers to."""
    place = _mlmodel(version)
    lines = {diagnostic.line for diagnostic in version.problems if diagnostic.line and diagnostic.path == place}
    text = next((text.text for text in version.texts if text.path == "MLmodel"), "") if lines else ""
    last = text.count("\n") + (not text.endswith("\n")) if text else 0
    return {line for line in lines if line <= last}


def _mlmodel(version: Version) -> str:
    return "MLmodel" if version.path in (None, ".") else f"{version.path}/MLmodel"


@lru_cache(maxsize=64)
def _numbers(count: int) -> Markup:
    """The numbers of lines as links to themselves."""
    return html("\n".join(f'<a id="L{line}" href="#L{line}">{line}</a>' for line in range(1, count + 1)))

"""Views of a version's files: the tree, the text of MLmodel, and the problems that refer to its lines."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from sitegen.domain.model import LoggedFile, Version
from sitegen.settings.settings import Files
from sitegen.site import display, urls
from sitegen.site.anchors import anchors
from sitegen.site.copy_names import copy_path, copy_source, registry_path
from sitegen.site.views.parts import MAX_ROWS, ProblemRow, html, problem_row


class FileRow(NamedTuple):
    """A file, or a folder followed by its files. `url` is empty if the file is neither copied nor linked.

    `anchor` is the id of the row of a file.
    """

    depth: int
    name: str
    size: str
    role: str
    sha256: str
    url: str
    folder: bool
    anchor: str = ""


class RawText(NamedTuple):
    """The text of MLmodel, and as many links to its lines, whose ids are `L1` and so on.

    `parts` are stretches of the text, every second one a line that a problem refers to.
    """

    parts: tuple[str, ...]
    numbers: Markup
    lines: int


def file_rows(version: Version, settings: Files) -> Iterator[FileRow]:
    """The tree: each folder once, followed by its content."""
    open_folders: list[str] = []
    files = sorted(version.files, key=lambda one: one.path.split("/"))
    for file, anchor in zip(files, anchors("file", [file.path for file in files]), strict=True):
        *folders, name = _shown_path(file).split("/")
        common = 0
        while common < min(len(folders), len(open_folders)) and folders[common] == open_folders[common]:
            common += 1
        for depth in range(common, len(folders)):
            yield FileRow(min(depth, 3), folders[depth] + "/", "", "", "", "", True)
        open_folders = folders
        url = _url(version, file, settings) if settings.url or settings.publish else ""
        size, depth = display.size(file.size), min(len(folders), 3)
        yield FileRow(depth, name, size, file.role, file.sha256 or "", url, False, anchor)


def _shown_path(file: LoggedFile) -> str:
    """The path in the tree: files that the run logged outside of the model are in a folder of the tree."""
    if not file.path.startswith("../"):
        return file.path
    inside = file.path.rpartition("/artifacts/")[2] if "/artifacts/" in file.path else file.path.lstrip("./")
    return f"logged by the run/{inside}"


def _url(version: Version, file: LoggedFile, settings: Files) -> str:
    """The URL of the file: its copy in the site, else the one from the settings."""
    if copy_source(version, file, settings.publish):
        return copy_path(file.path)
    return (urls.external(settings.url, path=registry_path(version, file)) or "") if settings.url else ""


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

"""Views of a version's files: the tree, the MLmodel's text, and the problems that point into it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sitegen.domain.model import LoggedFile, Version
from sitegen.settings.settings import Files
from sitegen.site import display, urls
from sitegen.site.copy_names import copy_path, copy_source, registry_path
from sitegen.site.views.parts import MAX_ROWS, ProblemRow, problem_row


class FileRow(NamedTuple):
    """A file, or a folder above its files. `url` leads to it where the settings say how."""

    depth: int
    name: str
    size: str
    role: str
    sha256: str
    url: str
    folder: bool


class RawPart(NamedTuple):
    """A stretch of the MLmodel's text; it starts at a line that a problem points at, or is the first."""

    anchor: str
    text: str


class RawText(NamedTuple):
    """The text of an MLmodel in stretches, and the numbers of its lines as a text of as many lines."""

    parts: tuple[RawPart, ...]
    numbers: str


def file_rows(version: Version, settings: Files) -> Iterator[FileRow]:
    """The tree: each folder once, above what lies in it."""
    open_folders: list[str] = []
    for file in sorted(version.files, key=lambda one: one.path.split("/")):
        *folders, name = _shown_path(file).split("/")
        common = 0
        while common < min(len(folders), len(open_folders)) and folders[common] == open_folders[common]:
            common += 1
        for depth in range(common, len(folders)):
            yield FileRow(min(depth, 3), folders[depth] + "/", "", "", "", "", True)
        open_folders = folders
        url = _url(version, file, settings) if settings.url or settings.publish else ""
        yield FileRow(min(len(folders), 3), name, display.size(file.size), file.role, file.sha256 or "", url, False)


def _shown_path(file: LoggedFile) -> str:
    """Files that the run logged elsewhere stand in a folder of their own."""
    if not file.path.startswith("../"):
        return file.path
    inside = file.path.rpartition("/artifacts/")[2] if "/artifacts/" in file.path else file.path.lstrip("./")
    return f"logged by the run/{inside}"


def _url(version: Version, file: LoggedFile, settings: Files) -> str:
    """Where the file can be had: its copy in the site, else where the settings say."""
    if copy_source(version, file, settings.publish):
        return copy_path(file.path)
    return (urls.external(settings.url, path=registry_path(version, file)) or "") if settings.url else ""


def raw_text(version: Version) -> RawText | None:
    """The text of the MLmodel, with an anchor at each line that a problem points at."""
    source = next((one for one in version.texts if one.path == "MLmodel"), None)
    if source is None:
        return None
    text, lines = source.text if source.text.endswith("\n") else source.text + "\n", _lines(version)
    if not lines:
        return RawText((RawPart("", text),), _numbers(text.count("\n")))
    rows = [f"{row}\n" for row in text.split("\n")[:-1]]
    starts = [0, *(line - 1 for line in sorted(lines) if line > 1)]
    parts = tuple(
        RawPart(f"L{start + 1}" if start + 1 in lines else "", "".join(rows[start:end]))
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)
    )
    return RawText(parts, _numbers(len(rows)))


def problem_rows(version: Version) -> tuple[ProblemRow, ...]:
    """The version's problems; those of the MLmodel lead to their line, if it is shown."""
    lines = _lines(version)
    place = _mlmodel(version)
    return tuple(
        problem_row(found, f"L{found.line}" if found.line in lines and found.path == place else "")
        for found in version.problems[:MAX_ROWS]
    )


def _lines(version: Version) -> set[int]:
    """The lines of the MLmodel that a problem points at, as far as they are shown."""
    place = _mlmodel(version)
    lines = {found.line for found in version.problems if found.line and found.path == place}
    text = next((one.text for one in version.texts if one.path == "MLmodel"), "") if lines else ""
    last = text.count("\n") + (not text.endswith("\n")) if text else 0
    return {line for line in lines if line <= last}


def _mlmodel(version: Version) -> str:
    return "MLmodel" if version.path in (None, ".") else f"{version.path}/MLmodel"


@lru_cache(maxsize=64)
def _numbers(count: int) -> str:
    return "\n".join(str(number) for number in range(1, count + 1))

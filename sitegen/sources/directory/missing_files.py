"""Problems with files that a model folder names and does not hold."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from posixpath import normpath

from sitegen.core.text import join_names
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Flavor
from sitegen.formats.file_roles import environment_paths, missing_files
from sitegen.formats.text import quote
from sitegen.sources.directory.dvc import dvc_pointer

MAX_INCLUDES = 20
"""Other files that one file of the environment may include."""

_INCLUDE = re.compile(
    r"""^[ \t]*(?:-[ \t]+)?["']?(?:-[rc]|--requirement|--constraint)[ \t=]*(?P<path>[^\s"'#]+)""", re.MULTILINE
)


def missing_file_problems(flavors: Collection[Flavor], files: Collection[str]) -> Iterator[Diagnostic]:
    """A problem for each file that flavors name and that is not among `files`."""
    absent = missing_files(flavors, files)
    environment = {path for flavor in flavors for path in environment_paths(flavor)} if absent else set()
    for path, names in absent.items():
        naming = list(dict.fromkeys(names))
        verb = ("name" if path in environment else "need") + ("s" if len(naming) == 1 else "")
        message = f"{path}, which {join_names(naming)} {verb}, is missing"
        if pointer := dvc_pointer(path, files):
            yield problem("dvc-pointer", f"{message}, but {pointer} is", "MLmodel")
        else:
            yield problem("environment-missing" if path in environment else "file-missing", message, "MLmodel")


def missing_include_problems(files: Collection[str], texts: Mapping[str, str | None]) -> Iterator[Diagnostic]:
    """A problem for each file that `-r` or `-c` in one of the texts names and that is not among `files`."""
    for path, text in texts.items():
        for included, line in _includes(text) if text and ("-r" in text or "-c" in text) else ():
            if included not in files:
                yield problem("environment-missing", f"it includes {quote(included)}, which is missing", path, line)


@lru_cache(maxsize=512)
def _includes(text: str) -> Iterable[tuple[str, int]]:
    """The files that a text includes, with their lines; addresses and files outside the folder are left out."""
    found: list[tuple[str, int]] = []
    for match in _INCLUDE.finditer(text):
        path = normpath(match["path"])
        if "://" not in match["path"] and not path.startswith(("/", "..")) and len(found) < MAX_INCLUDES:
            found.append((path, text.count("\n", 0, match.start("path")) + 1))
    return tuple(found)

"""Where a version's logged files lie: in the registry, and in the site where the settings publish them."""

from fnmatch import fnmatchcase

from sitegen.domain.model import LoggedFile, Version
from sitegen.formats.media import SUFFIXES
from sitegen.privacy.paths import PATH
from sitegen.privacy.redactor import EMAIL, SECRET, USER
from sitegen.site.urls import hashed_slug, slug

_TEXTS = frozenset(["csv", "json", "md", "tsv", "txt", "yaml", "yml"])
_PAGES = frozenset(["css", "htm", "html", "ini", "ipynb", "js", "jsonl", "log", "py", "svg", "toml", "xml"])
_WEIGHTS = frozenset(["bin", "gz", "npy", "npz", "onnx", "parquet", "pkl", "pt", "safetensors", "zip"])
TEXT_TYPES = _TEXTS | _PAGES
"""Suffixes of texts, whatever bytes are in them."""
BINARY = _WEIGHTS.union(SUFFIXES)
"""Suffixes of files that are no texts, unless every byte of them is UTF-8."""
WITHHELD = "copy-withheld"
"""The rule of files that are not copied, although the settings ask for them."""
INERT = _TEXTS | BINARY
"""Suffixes behind which no browser runs anything."""


def registry_path(version: Version, file: LoggedFile) -> str | None:
    """A logged file's path from the registry's root; None where the artifacts are missing."""
    if version.path is None:
        return None
    parts: list[str] = [] if version.path == "." else version.path.split("/")
    for part in file.path.split("/"):
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)


def copy_source(version: Version, file: LoggedFile, patterns: tuple[str, ...]) -> str | None:
    """The same where a pattern matches the file's name or path, so that it is published; else None.

    What is too large to be hashed, was withheld or rewritten to be shown, or has more pixels than browsers show is not
    copied.
    """
    name = file.path.rpartition("/")[2]
    if not any(fnmatchcase(name, pattern) or fnmatchcase(file.path, pattern) for pattern in patterns):
        return None
    place = registry_path(version, file)
    changed = place and any(shown in place for shown in (PATH, EMAIL, SECRET, USER))
    whole = place and file.sha256 and "\\" not in place and not changed
    return place if whole and not _is_unknown_image(version, place) else None


def _is_unknown_image(version: Version, place: str | None) -> bool:
    """Whether a file is an image that no browser shows, or one that cannot be published."""
    return any(found.rule in ("image-size", WITHHELD) and found.path == place for found in version.problems)


def copy_path(path: str) -> str:
    """Where the copy of a logged file lies, from the page of its version.

    A page or drawing that a browser could run becomes a text.
    """
    suffix = path.rpartition(".")[2].lower()
    if suffix not in INERT:
        return f"files/{hashed_slug(path, 'file', '')}.txt"
    return f"files/{path}" if slug(path, "file") == path else f"files/{hashed_slug(path, 'file', '')}.{suffix}"

"""Which logged files and images of cards are copied into the site, and the paths of the files and of their copies."""

from fnmatch import fnmatchcase

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.model import CardImage, LoggedFile, Version
from sitegen.formats.media import SUFFIXES
from sitegen.privacy.paths import PATH
from sitegen.privacy.redactor import EMAIL, SECRET, USER
from sitegen.site.urls import hashed_slug, slug

_TEXTS = frozenset(["csv", "json", "md", "tsv", "txt", "yaml", "yml"])
_PAGES = frozenset(["css", "htm", "html", "ini", "ipynb", "js", "jsonl", "log", "py", "svg", "toml", "xml"])
_WEIGHTS = frozenset(["bin", "gz", "npy", "npz", "onnx", "parquet", "pkl", "pt", "safetensors", "zip"])
TEXT_TYPES = _TEXTS | _PAGES
"""Suffixes of files that are treated as texts, whatever their content."""
BINARY = _WEIGHTS.union(SUFFIXES)
"""Suffixes of files that are treated as binary, unless their content is UTF-8 text."""
WITHHELD = "copy-withheld"
"""The rule for files that are not copied although the settings ask for them."""
INERT = _TEXTS | BINARY
"""Suffixes of files in which no browser runs code."""


def registry_path(version: Version, file: LoggedFile) -> str | None:
    """The path of a logged file from the registry's root; None if the artifacts are missing."""
    if version.path is None:
        return None
    parts: list[str] = [] if version.path == "." else version.path.split("/")
    for part in file.path.split("/"):
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)


def has_redaction(path: str) -> bool:
    """Whether a part of a path was redacted, so that it leads to no file."""
    return any(mark in path for mark in (PATH, EMAIL, SECRET, USER))


def copy_source(version: Version, file: LoggedFile, patterns: tuple[str, ...]) -> str | None:
    """The same for a file that is copied: a pattern matches its name or path; None for any other.

    Files are not copied if they are too large to be hashed, were withheld or redacted, or are images with more pixels
    than browsers show.
    """
    if not _matches(file.path, patterns):
        return None
    place = registry_path(version, file)
    copyable = place and file.sha256 and "\\" not in place and not has_redaction(place)
    return place if copyable and not _is_unknown_image(version, place) else None


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a pattern matches the path of a file or its name."""
    name = path.rpartition("/")[2]
    return any(fnmatchcase(name, pattern) or fnmatchcase(path, pattern) for pattern in patterns)


def preview_images(version: Version, patterns: tuple[str, ...]) -> tuple[CardImage, ...]:
    """The logged images that pages show: a pattern matches their name or path, in letters of either case."""
    folded = tuple(pattern.lower() for pattern in patterns)
    return tuple(
        image for image in version.previews if _matches(image.name.lower(), folded) and not has_redaction(image.path)
    )


def _is_unknown_image(version: Version, place: str | None) -> bool:
    """Whether a file has the suffix of an image, but browsers cannot show it or it may not be published."""
    return any(
        diagnostic.rule in ("image-size", WITHHELD) and diagnostic.path == place for diagnostic in version.problems
    )


def copy_path(path: str) -> str:
    """The path of the copy of a logged file, relative to the page of its version.

    A file that a browser could run, such as HTML or SVG, gets the suffix of a text.
    """
    suffix = path.rpartition(".")[2].lower()
    if suffix not in INERT:
        return f"files/{hashed_slug(path, 'file', '')}.txt"
    return f"files/{path}" if slug(path, "file") == path else f"files/{hashed_slug(path, 'file', '')}.{suffix}"


def image_file(image: CardImage) -> str:
    """The path of the copy of a card's image, relative to the folder of its model."""
    return f"card/{fingerprint(image.sha256).hex()[:16]}.{image.suffix}"


def preview_file(image: CardImage) -> str:
    """The path of the copy of a logged image, relative to the folder of its model."""
    return f"preview/{fingerprint(image.sha256).hex()[:16]}.{image.suffix}"


def image_addresses(images: tuple[CardImage, ...], inward: str) -> tuple[tuple[str, str], ...]:
    """The addresses of images by their path in the card; `inward` leads from the page to the folder of its model."""
    return tuple((image.name, inward + image_file(image)) for image in images if not has_redaction(image.path))

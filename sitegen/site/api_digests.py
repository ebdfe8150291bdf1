"""Digests of the files of a site's API, by which models that are the same in two sites are left out."""

import hashlib
import os
import re
from collections.abc import Iterable

from sitegen.storage.output import walk

_FILES = re.compile(r"catalog(?:/\d+)?\.json|(?:models/(?P<model>[^/]+)|versions/(?P<more>[^/]+)/\d+)\.json")
_MODEL_LINES = re.compile(rb"^([0-9a-f]{64})  api/((?:models|versions)/[^\n]+)$", re.MULTILINE)

Digests = dict[str, tuple[tuple[str, str], ...]]
"""By slug, path and SHA-256 of the files that a model has in the API."""


def measure_api(api: str) -> dict[str, str]:
    """The SHA-256 of all files of an API, by path. Links are left out."""
    found = {}
    for path in walk(api):
        if _FILES.fullmatch(path) and not os.path.islink(f"{api}/{path}"):
            with open(f"{api}/{path}", "rb") as file:
                found[path] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def digests_by_model(digests: Iterable[tuple[str, str]]) -> Digests:
    """The digests of the files of each model, from path in the API and SHA-256 of all files."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path, digest in digests:
        match = _FILES.fullmatch(path)
        if match and (slug := match["model"] or match["more"]):
            found.setdefault(slug, []).append((path, digest))
    return {slug: tuple(sorted(files)) for slug, files in found.items()}


def digests_in_manifest(manifest: bytes) -> Digests:
    """The digests of the files of each model in the lines of a manifest."""
    lines = _MODEL_LINES.findall(manifest)
    return digests_by_model((path.decode("utf-8", "replace"), digest.decode()) for digest, path in lines)


def equal_models(one: Digests, other: Digests) -> frozenset[str]:
    """The slugs of models whose files have the same bytes in two sites."""
    return frozenset(slug for slug, files in one.items() if other.get(slug) == files)

"""A site that was built before, with which a build compares: `sitegen build --previous`."""

import hashlib
import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.core.fingerprint import fingerprint
from sitegen.site.api_files import ApiFiles
from sitegen.site.urls import api_catalog
from sitegen.storage.location import scheme
from sitegen.storage.output import FolderOutput, walk

_API = "api/"
_CATALOG = api_catalog(1)
_FILES = re.compile(r"catalog(?:/\d+)?\.json|(?:models/(?P<model>[^/]+)|versions/(?P<more>[^/]+)/\d+)\.json")
_MODEL_LINES = re.compile(rb"^([0-9a-f]{64})  api/((?:models|versions)/[^\n]+)$", re.MULTILINE)

Digests = dict[str, tuple[tuple[str, str], ...]]
"""By slug, path and SHA-256 of the files that a model has in the API."""


class EarlierSite(NamedTuple):
    """The API of a site that was built before. `mark` changes whenever one of its files does."""

    files: ApiFiles
    digests: Digests
    mark: bytes


def find_api(folder: str, output: str) -> str | None:
    """The folder of the API of a site: below the site's folder, or the folder itself.

    None for the output of the build, where no site is yet. Raises SitegenError for all other folders without an API.
    """
    if scheme(folder):
        raise SitegenError(f"--previous {folder}: name a folder of this machine with a copy of the site or of its api/")
    api = next((one for one in (f"{folder}/api", folder) if os.path.isfile(f"{one}/catalog.json")), None)
    if api is None and (scheme(output) or os.path.realpath(folder) != os.path.realpath(output)):
        missing = "has no api/catalog.json" if os.path.isdir(folder) else "does not exist"
        raise SitegenError(f"--previous {folder} {missing}; name a site that sitegen has built, or its api/")
    return api


def open_earlier_site(folder: str, api: str) -> EarlierSite:
    """The site in a folder, by its API. Raises SitegenError where its catalog cannot be read."""
    files = ApiFiles(f"--previous {folder}", _Reader(api).read)
    files.catalog()
    digests = _measure(api)
    return EarlierSite(files, digests_by_model(digests.items()), fingerprint(repr(sorted(digests.items()))))


class _Reader(NamedTuple):
    """Reads files of a site's API, by their path in the site, from the folder `api`."""

    api: str

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none. Links, of which a copied site has none, are not followed."""
        inner = path.removeprefix(_API)
        place = f"{os.path.realpath(self.api)}/{inner}"
        if not path.startswith(_API) or os.path.realpath(place) != os.path.normpath(place):
            return None
        return FolderOutput(self.api).read(inner)


def _measure(api: str) -> dict[str, str]:
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

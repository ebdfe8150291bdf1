"""A site that was built before, with which a build compares: `sitegen build --previous`."""

import os
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.core.fingerprint import fingerprint
from sitegen.site.api_digests import Digests, digests_by_model, measure_api
from sitegen.site.api_files import ApiFiles
from sitegen.storage.location import scheme
from sitegen.storage.output import FolderOutput

_API = "api/"


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
    digests = measure_api(api)
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

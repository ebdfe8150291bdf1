"""The files of a built site's API: the catalog, and the models, whose lists may go on in further files."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from sitegen.core.errors import SitegenError
from sitegen.domain.model import Model
from sitegen.site.json_api import SCHEMA_VERSION
from sitegen.site.urls import api_catalog, api_file
from sitegen.sources.site.api import CatalogEntry, parse_catalog, parse_model
from sitegen.storage.listing import is_inside
from sitegen.storage.output import output_at

_MAX_FILES = 100_000
"""Files of one list that goes on in further files."""


class ApiFiles:
    """The API of a site. `location` names the site in messages; `read` returns the bytes at a path of the site."""

    def __init__(self, location: str, read: Callable[[str], bytes | None]) -> None:
        self.location, self.read = location, read

    def catalog(self) -> tuple[CatalogEntry, ...]:
        """The models of the catalog. Raises SitegenError where the API is not whole."""
        return tuple(one for file in self._files(api_catalog(1)) for one in self._parse(parse_catalog, file))

    def model(self, slug: str) -> Model:
        """A model with all of its versions. Raises SitegenError where the API is not whole."""
        parts = [self._parse(parse_model, file) for file in self._files(api_file(slug))]
        whole: Model = replace(parts[0], versions=tuple(one for part in parts for one in part.versions))
        return whole

    def _parse(self, parse: Any, fields: Any) -> Any:
        try:
            return parse(fields)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SitegenError(f"{self.location}: its API has not the form of its schema: {error!r}") from error

    def _files(self, path: str) -> Iterator[Any]:
        """The files of a list, one after the other."""
        following: str | None = path
        for _ in range(_MAX_FILES):
            if following is None:
                return
            if not is_inside(following):
                raise SitegenError(f"{self.location}: its API names a file outside of it")
            data = self.read(following)
            if data is None:
                raise SitegenError(f"{self.location}: {following} of its API is missing")
            try:
                fields = orjson.loads(data)
                version, after = fields["schema_version"], fields["next"]
            except (orjson.JSONDecodeError, KeyError, TypeError) as error:
                raise SitegenError(f"{self.location}: {following} cannot be read: {error}") from error
            if version != SCHEMA_VERSION:
                raise SitegenError(
                    f"{self.location}: {following} has schema_version {version!r:.20}, and this sitegen reads "
                    f"{SCHEMA_VERSION}: build the site again"
                )
            following = after
            yield fields
        raise SitegenError(f"{self.location}: {path} goes on without end")


def api_at(location: str) -> ApiFiles:
    """The API of the site in a folder, or behind a URL."""
    return ApiFiles(location, output_at(location).read)

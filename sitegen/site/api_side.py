"""A built site as a side of a review, and a registry reduced to what a site has: only so are the two comparable."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache

import orjson

from sitegen.analysis.review.side import LoadedVersion, RegistrySide, SideModel, SideVersion
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.facts import NO_FACTS
from sitegen.domain.model import Model, Version
from sitegen.privacy.values import redact_model
from sitegen.settings.settings import Privacy
from sitegen.site.api_files import ApiFiles
from sitegen.site.json_api import dumps, version_fields
from sitegen.site.urls import api_catalog, assign_slugs
from sitegen.sources.site.api import CatalogEntry, parse_version
from sitegen.storage.output import output_at

LACKS = frozenset(["card", "example", "mlmodel", "refusals", "type_hints"])
"""What the API does not have of a version, or not whole."""

_LOST_RULES = ("signature-json", "signature-shape", "signature-refused", "merge-conflict")
"""Rules of problems for which a version cannot be judged."""


def is_site(location: str) -> bool:
    """Whether a location holds a built site."""
    return output_at(location).read(api_catalog(1)) is not None


class ApiSide:
    """A side that is read from the API of a built site, redacted once more by the settings of the review.

    `equal` has the slugs of models whose files have the same bytes on the other side: they are left out.
    """

    scope = ""
    lacks = LACKS
    problems: tuple[Diagnostic, ...] = ()

    def __init__(self, files: ApiFiles, privacy: Privacy, equal: Collection[str] = ()) -> None:
        self.files, self.privacy, self.equal = files, privacy, equal
        self._model = lru_cache(maxsize=2)(self._read_model)

    def models(self) -> tuple[SideModel, ...]:
        """The models of the catalog. Raises SitegenError where the API is not whole."""
        return tuple(self._side_model(one) for one in self.files.catalog() if one.slug not in self.equal)

    def outline(self, model: SideModel) -> Model:
        """The model with its aliases; its versions have only a name and a stage."""
        found = self._model(model.store)
        shells = tuple(Version(name=one.name, stage=one.stage) for one in found.versions)
        return replace(found, versions=shells if found.kind == "registered" else ())

    def load(self, model: SideModel, ids: Collection[str]) -> dict[str, LoadedVersion]:
        """The versions with these ids."""
        found = self._model(model.store).versions
        return {id: loaded_version(one) for one in found if (id := _id_of(one, model.kind)) in ids}

    def read(self, model: SideModel) -> Model:
        """The model with all of its versions."""
        return self._model(model.store)

    def _side_model(self, entry: CatalogEntry) -> SideModel:
        found = self._model(entry.slug)
        versions = tuple(SideVersion(_id_of(one, found.kind), None) for one in found.versions)
        return SideModel(found.name, found.kind, entry.slug, versions, None)

    def _read_model(self, slug: str) -> Model:
        return redact_model(self.files.model(slug), self.privacy)


class PublishedSide:
    """A registry with what a site would publish of it."""

    scope = ""
    lacks = LACKS

    def __init__(self, side: RegistrySide) -> None:
        self.side, self.problems = side, side.problems
        self._models: dict[str, SideModel] = {}

    def models(self) -> tuple[SideModel, ...]:
        """The models; `store` is the folder that a site gives them."""
        refs = self.side.discovery.models if self.side.discovery else ()
        slugs = assign_slugs(refs).slugs
        found = self.side.models()
        self._models = {slugs[one.kind, one.store, one.name]: one for one in found}
        return tuple(one._replace(store=slug, token=None) for slug, one in self._models.items())

    def outline(self, model: SideModel) -> Model:
        """The model without what a site does not publish as data."""
        found = self.side.outline(self._models[model.store])
        return replace(found, card=None, facts=NO_FACTS)

    def load(self, model: SideModel, ids: Collection[str]) -> dict[str, LoadedVersion]:
        """The versions as the API has them; their ids are those of the registry."""
        found = self.side.load(self._models[model.store], ids)
        return {id: _publish(one) for id, one in found.items()}


def _publish(loaded: LoadedVersion) -> LoadedVersion:
    version = parse_version(orjson.loads(dumps(version_fields(loaded.version))))
    return replace(loaded, version=version)


def loaded_version(version: Version) -> LoadedVersion:
    """A version of the API, with the reasons why it cannot be judged."""
    return LoadedVersion(version=version, blockers=tuple(_blockers(version)))


def _blockers(version: Version) -> Iterator[Diagnostic]:
    place = "MLmodel" if version.path in (None, ".") else f"{version.path}/MLmodel"
    if version.mlmodel is None:
        lost = [one for one in version.problems if one.severity == "error"]
        yield from lost or [problem("mlmodel-missing", "the site has no MLmodel of it", place)]
        return
    yield from (one for one in version.problems if one.rule in _LOST_RULES)
    if not any(flavor.name == "python_function" for flavor in version.mlmodel.flavors):
        yield problem("pyfunc-missing", "the site knows no flavor python_function of it", place)


def _id_of(version: Version, kind: str) -> str:
    if kind == "registered":
        return version.name
    return version.path if version.path is not None else (version.run.id if version.run else version.name)

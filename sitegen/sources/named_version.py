"""Finding a version of a registry by what people call it: `MODEL/3`, `MODEL@champion`, `models:/MODEL/3`."""

import difflib
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.domain.model import Model, Version
from sitegen.formats.text import shorten
from sitegen.sources.directory.single_version import MLMODEL, OneModel
from sitegen.sources.discovery import Discovery
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.reading import read_bundle, texts_of
from sitegen.sources.refs import ModelRef
from sitegen.storage.listing import printable

SCHEME = "models:/"
"""The prefix of addresses of MLflow's registry."""

FORMS = "MODEL/VERSION, MODEL@ALIAS or models:/MODEL/VERSION"
"""What a version may be called."""

LATEST = "latest"

_MAX_NAMES = 8
"""Names in a message."""


class Reading(NamedTuple):
    """One way to read a name: the model, and which of its versions. `alias`: the version is named by an alias."""

    model: str
    version: str
    alias: bool = False


def readings(name: str) -> tuple[Reading, ...]:
    """The ways to read a name: a model's name may hold slashes and @ itself."""
    text = name.removeprefix(SCHEME).strip("/")
    splits = (text.rpartition("/"), text.rpartition("@"))
    return tuple(Reading(model, version, mark == "@") for model, mark, version in splits if mark)


def read_by_name(discovery: Discovery, name: str) -> OneModel:
    """The version that a name means. Raises SitegenError, with near names, where there is none or more than one."""
    wanted = readings(name)
    found = [
        (ref, model, version)
        for reading in wanted
        for ref in discovery.models
        if ref.name == reading.model
        for model in _load(discovery, ref, reading)
        for version in [_version(model, reading)]
        if version is not None
    ]
    found = found or list(_by_model_id(discovery, name.removeprefix(SCHEME)))
    if not found:
        raise SitegenError(_why_missing(discovery, name, wanted))
    if len(found) > 1:
        places = ", ".join(shorten(printable(ref.store) or ".", 80) for ref, _, _ in found)
        raise SitegenError(f"{name} is in {len(found)} stores: {places}; name one of them by --registry")
    ref, _, version = found[0]
    return _one_model(discovery, ref, version)


def _load(discovery: Discovery, ref: ModelRef, reading: Reading) -> Iterator[Model]:
    """The model with all its versions, or with the one that is named; nothing where all are hidden."""
    named = tuple(one for one in ref.versions if one.name in (reading.version, f"v{reading.version}"))
    source = discovery.source
    some = replace(ref, versions=named) if named and not reading.alias else ref
    model = load_model(source.stores, some, ParseCache(source.tree, {}, 0))
    if model is not None:
        yield model


def _version(model: Model, reading: Reading) -> Version | None:
    """The version of a model: by an alias; by its name, with or without a v; the latest; the last of a stage."""
    names = {version.name: version for version in model.versions}
    if reading.alias:
        return names.get(dict(model.aliases).get(reading.version, ""))
    for name in (reading.version, f"v{reading.version}", reading.version.removeprefix("v")):
        if name in names:
            return names[name]
    if reading.version.lower() == LATEST:
        return model.latest
    in_stage = [one for one in model.versions if one.stage and one.stage.lower() == reading.version.lower()]
    return in_stage[-1] if in_stage else None


def _by_model_id(discovery: Discovery, id: str) -> Iterator[tuple[ModelRef, Model, Version]]:
    """The logged model with an id, which MLflow calls `models:/m-...`; one that discovery knows the id of first."""
    if not id.startswith("m-"):
        return
    known = [ref for ref in discovery.models if any(id in (one.model_id, one.name) for one in ref.versions)]
    for ref in known or (ref for ref in discovery.models if ref.kind == "logged"):
        for model in _load(discovery, ref, Reading(ref.name, id)):
            found = next((one for one in model.versions if id in (one.name, one.model_id)), None)
            if found:
                yield ref, model, found
                return


def _one_model(discovery: Discovery, ref: ModelRef, version: Version) -> OneModel:
    """The version with the text of its MLmodel."""
    if version.path is None:
        lost = next((one.path for one in version.problems if one.rule == "mlmodel-missing"), version.name)
        return OneModel(version=version, path=lost)
    path = MLMODEL if version.path == "." else f"{version.path}/{MLMODEL}"
    for one in ref.versions:
        if one.folder and printable(one.folder.path or ".") == version.path:
            only = one.folder._replace(only=frozenset([MLMODEL]))
            contents = read_bundle(discovery.source.tree, only, (MLMODEL,), ())
            return OneModel(version=version, path=path, text=texts_of(contents).text(MLMODEL))
    return OneModel(version=version, path=path)


# --- what there is instead -------------------------------------------------------------------------------------


def _why_missing(discovery: Discovery, name: str, wanted: tuple[Reading, ...]) -> str:
    for reading in wanted:
        for ref in discovery.models:
            if ref.name == reading.model:
                return _why_no_version(discovery, ref, reading)
    whole = name.removeprefix(SCHEME)
    if any(ref.name == whole for ref in discovery.models):
        return f"{name} names a model and no version of it: write {FORMS}"
    asked = wanted[0].model if wanted else whole
    return f"no model is called {asked}; {_near(asked, [printable(ref.name) for ref in discovery.models], 'models')}"


def _why_no_version(discovery: Discovery, ref: ModelRef, reading: Reading) -> str:
    model = next(_load(discovery, ref, Reading(ref.name, "")), None)
    aliases = dict(model.aliases) if model else {}
    if not reading.alias:
        versions = [version.name for version in model.versions] if model else []
        return f"{ref.name} has no version {reading.version}; {_first(versions[::-1], 'versions')}"
    if reading.version in aliases:
        return f"alias {reading.version} of {ref.name} points at version {aliases[reading.version]}, which is not here"
    return f"{ref.name} has no alias {reading.version}; {_near(reading.version, list(aliases), 'aliases')}"


def _near(asked: str, names: list[str], kind: str) -> str:
    """The nearest names, else the first ones."""
    folded = {name.lower(): name for name in reversed(names)}
    near = [folded[one] for one in difflib.get_close_matches(asked.lower(), folded, n=3)]
    return f"near: {', '.join(shorten(one, 80) for one in near)}" if near else _first(names, kind)


def _first(names: list[str], kind: str) -> str:
    names = list(dict.fromkeys(names))
    if not names:
        return f"there are no {kind}"
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return f"{kind}: {', '.join(shorten(one, 80) for one in names[:_MAX_NAMES])}{more}"

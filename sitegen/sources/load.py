"""Loading models: reads files, asks the stores, and assembles the facts."""

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from sitegen.domain.model import LoggedFile, Model
from sitegen.formats.file_roles import role
from sitegen.formats.model_yaml import NO_SIDECAR, parse_sidecar
from sitegen.sources.assemble import (
    NO_ARTIFACTS,
    Artifacts,
    Facts,
    ModelFiles,
    assemble_model,
    assemble_version,
    digest_of,
)
from sitegen.sources.card_images import card_images
from sitegen.sources.directory.model_folder import NO_FOLDER, parse_folder, read_folder
from sitegen.sources.discovery import Discovery
from sitegen.sources.join import SIDECARS
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.reading import Contents, is_image, previews, read_bundle, texts_of
from sitegen.sources.refs import Bundle, Key, ModelRef, VersionRef
from sitegen.sources.tracking_store import LoggedFacts, ModelFacts, RunFacts, TrackingStore, VersionFacts
from sitegen.storage.listing import printable
from sitegen.storage.tree import Tree

T = TypeVar("T")
StoreItem = tuple[int, str]
"""The number of a store, and the id of an item in it."""

NO_VERSION, NO_RUN, NO_LOGGED_MODEL = VersionFacts(), RunFacts(), LoggedFacts()


def load_model(stores: tuple[TrackingStore, ...], ref: ModelRef, recall: ParseCache) -> Model | None:
    """A model with all its versions; None when MLflow hides every one of them."""
    runs = _ask_stores(stores, (one.run for one in ref.versions), lambda store, keys: store.runs(keys, recall))
    logged = _ask_stores(
        stores, (one.logged for one in ref.versions), lambda store, keys: store.logged_models(keys, recall)
    )
    registered = _ask_stores(
        stores, (one.registered for one in ref.versions), lambda store, keys: store.versions(keys, recall)
    )
    versions = []
    for one in sorted(ref.versions, key=lambda one: one.model_id is None):  # originals before their copies
        run = runs.get(_store_item(one.run), NO_RUN)
        if run.deleted and ref.kind == "logged" and one.logged is None and one.copy_of is None:
            continue
        folder = recall.value("folder", one.folder, read_folder, parse_folder) if one.folder else NO_FOLDER
        facts = Facts(
            folder=folder,
            registered=registered.get(_store_item(one.registered), NO_VERSION),
            run=run,
            logged=logged.get(_store_item(one.logged), NO_LOGGED_MODEL),
            artifacts=_artifacts(one, recall),
            images=card_images("images", folder.card, one.folder.path, [one.folder], recall) if one.folder else (),
        )
        digest = digest_of(one, facts)
        versions.append(recall.versions.get(digest) or assemble_version(ref.name, one, facts, digest))
    if ref.versions and not versions:
        return None
    model_facts = stores[ref.key.store].model(ref.key, recall) if ref.key else ModelFacts()
    beside = _model_files(ref, recall)
    return assemble_model(ref, model_facts, beside, versions)


def load_models(discovery: Discovery) -> Iterator[Model]:
    """Load all models of a registry, one after the other, without a cache."""
    source = discovery.source
    source.tree.ahead(discovery.files())
    for ref in discovery.models:
        model = load_model(source.stores, ref, ParseCache(source.tree, {}, 0))
        if model is not None:
            yield model


def _store_item(key: Key | None) -> StoreItem:
    return (key.store, key.id) if key else (-1, "")


def _ask_stores(
    stores: tuple[TrackingStore, ...],
    keys: Iterable[Key | None],
    ask: Callable[[TrackingStore, list[Key]], dict[str, T]],
) -> dict[StoreItem, T]:
    """The answers of the stores for the keys, with one query for each store and no key twice."""
    by_store: dict[int, dict[str, Key]] = {}
    for key in keys:
        if key is not None:
            by_store.setdefault(key.store, {})[key.id] = key
    answers = {place: ask(stores[place], list(asked.values())) for place, asked in by_store.items()}
    return {(place, id): facts for place, found in answers.items() for id, facts in found.items()}


# --- files that the run logged beside the model ----------------------------------------------------------------


def _artifacts(ref: VersionRef, recall: ParseCache) -> Artifacts:
    """The files that the run logged in addition to the model, with paths relative to the model's folder."""
    if ref.artifacts is None:
        return NO_ARTIFACTS
    base = ref.folder.path if ref.folder else ref.artifacts.path
    found = recall.value("artifacts", ref.artifacts, _read_artifacts, _parse_artifacts)
    prefix = posixpath.relpath(ref.artifacts.path or ".", base or ".")
    return Artifacts(
        files=tuple(file._replace(path=_join(prefix, file.path)) for file in found.files),
        previews=tuple(image._replace(name=_join(prefix, image.name)) for image in found.previews),
        problems=found.problems,
    )


def _join(prefix: str, path: str) -> str:
    return posixpath.normpath(f"{printable(prefix)}/{path}")


def _read_artifacts(tree: Tree, bundle: Bundle) -> Contents:
    return read_bundle(tree, bundle, (), (), details=True)


def _parse_artifacts(contents: Contents) -> Artifacts:
    files = (
        LoggedFile(path=printable(path), size=file.size, role=role(path, {}), sha256=content.value.sha256)
        for path, (file, content) in sorted(contents.files.items())
    )
    return Artifacts(files=tuple(files), previews=previews(contents), problems=tuple(texts_of(contents).problems))


# --- model.yaml and README.md of a model in the directory layout -----------------------------------------------


def _model_files(ref: ModelRef, recall: ParseCache) -> ModelFiles:
    """The model's own files. The images of its card may lie beside it, or in the folders of its versions."""
    if ref.folder is None:
        return ModelFiles()
    beside = recall.value("beside", ref.folder, _read_model_files, _parse_model_files)
    bundles = [ref.folder, *(one.folder for one in ref.versions if one.folder)] if beside.card.images else []
    return beside._replace(images=card_images("images-beside", beside.card, ref.folder.path, bundles, recall))


def _read_model_files(tree: Tree, bundle: Bundle) -> Contents:
    return read_bundle(tree, bundle, SIDECARS, ())


def _parse_model_files(contents: Contents) -> ModelFiles:
    own = tuple(one for one in contents.problems if not is_image(one.path))  # an image may belong to no card
    texts = texts_of(contents._replace(problems=own))
    sidecar = texts.parse("model.yaml", parse_sidecar) or NO_SIDECAR
    card = texts.card()
    return ModelFiles(sidecar, card, tuple(texts.problems))

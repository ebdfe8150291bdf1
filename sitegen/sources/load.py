"""Loading one model: its files and the facts of the stores, joined."""

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from sitegen.diagnostics import Diagnostic
from sitegen.domain.model import LoggedFile, Model
from sitegen.formats.roles import role
from sitegen.formats.sidecar import NO_SIDECAR, Sidecar, parse_sidecar
from sitegen.sources.assemble import Facts, assemble_model, assemble_version
from sitegen.sources.folder import MOST_FILES, FolderFacts, read_folder
from sitegen.sources.reading import read, read_text
from sitegen.sources.refs import Bundle, Key, ModelRef, VersionRef
from sitegen.sources.source import Source
from sitegen.sources.stores import LoggedFacts, ModelFacts, RunFacts, TrackingStore, VersionFacts
from sitegen.storage import Tree, printable

T = TypeVar("T")
Place = tuple[int, str]
"""A store and the id of what it knows."""

NO_FOLDER, NO_VERSION, NO_RUN, NO_LOGGED = FolderFacts(), VersionFacts(), RunFacts(), LoggedFacts()


def load_model(source: Source, ref: ModelRef) -> Model | None:
    """A model with all its versions; None when MLflow hides every one of them."""
    runs = _ask(source, (one.run for one in ref.versions), lambda store, keys: store.runs(keys))
    logged = _ask(source, (one.logged for one in ref.versions), lambda store, keys: store.logged(keys))
    registered = _ask(source, (one.registered for one in ref.versions), lambda store, keys: store.versions(keys))
    versions = []
    for one in ref.versions:
        run = runs.get(_place(one.run), NO_RUN)
        if run.deleted and ref.kind == "logged":
            continue
        facts = Facts(
            folder=read_folder(source.tree, one.folder) if one.folder else NO_FOLDER,
            registered=registered.get(_place(one.registered), NO_VERSION),
            run=run,
            logged=logged.get(_place(one.logged), NO_LOGGED),
            artifacts=_artifacts(source.tree, one),
        )
        versions.append(assemble_version(one, facts))
    if ref.versions and not versions:
        return None
    facts_of_model = source.stores[ref.key.store].model(ref.key) if ref.key else ModelFacts()
    sidecar, card, problems = _beside(source.tree, ref.folder)
    model = assemble_model(ref, facts_of_model, sidecar, card, versions)
    return replace(model, problems=(*problems, *model.problems))


def _place(key: Key | None) -> Place:
    return (key.store, key.id) if key else (-1, "")


def _ask(
    source: Source, keys: Iterable[Key | None], ask: Callable[[TrackingStore, list[Key]], dict[str, T]]
) -> dict[Place, T]:
    """What the stores know of the keys: one question to each store."""
    by_store: dict[int, list[Key]] = {}
    for key in keys:
        if key is not None:
            by_store.setdefault(key.store, []).append(key)
    return {
        (place, id): facts
        for place, asked in by_store.items()
        for id, facts in ask(source.stores[place], asked).items()
    }


def _artifacts(tree: Tree, ref: VersionRef) -> tuple[LoggedFile, ...]:
    """What the run logged beside the model, with paths relative to the model's folder."""
    if ref.artifacts is None:
        return ()
    base = ref.folder.path if ref.folder else ref.artifacts.path
    found: list[LoggedFile] = []
    for file in ref.artifacts.files():
        if len(found) >= MOST_FILES:
            break
        whole = ref.artifacts.within(file)
        path = printable(posixpath.relpath(whole.path, base or "."))
        sha256 = read(tree, whole, 0).value.sha256
        found.append(LoggedFile(path=path, size=file.size, role=role(file.path, {}), sha256=sha256))
    return tuple(sorted(found, key=lambda file: file.path))


def _beside(tree: Tree, folder: Bundle | None) -> tuple[Sidecar, str | None, tuple[Diagnostic, ...]]:
    """model.yaml and README.md of a model in the directory layout, and what is wrong with them."""
    texts: dict[str, str] = {}
    problems: list[Diagnostic] = []
    if folder is None:
        return NO_SIDECAR, None, ()
    for file in folder.files():
        loaded = read_text(tree, folder.within(file))
        problems += loaded.problems
        if loaded.value is not None:
            texts[file.path] = loaded.value
    if "model.yaml" not in texts:
        return NO_SIDECAR, texts.get("README.md"), tuple(problems)
    sidecar = parse_sidecar(texts["model.yaml"], printable(f"{folder.path}/model.yaml".lstrip("/")))
    return sidecar.value, texts.get("README.md"), (*problems, *sidecar.problems)

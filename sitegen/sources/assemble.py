"""Assembling models and versions from the facts of files and stores, by the precedence of sources."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sitegen.domain.diagnostic import Diagnostic, cap_problems, problem
from sitegen.domain.facts import NO_FACTS, CardFacts, facts_of_pairs, merge_facts
from sitegen.domain.model import CardImage, LoggedFile, Model, Pairs, Run, Version, merge_pairs
from sitegen.formats.front_matter import NO_CARD, Card
from sitegen.formats.model_yaml import NO_SIDECAR, Sidecar
from sitegen.formats.text import quote, shorten
from sitegen.sources.directory.model_folder import NO_FOLDER, FolderFacts
from sitegen.sources.limits import limit_pairs, limit_values, limit_version
from sitegen.sources.reading import MAX_PREVIEWS, add_folder
from sitegen.sources.refs import ModelRef, VersionRef
from sitegen.sources.tracking_store import LoggedFacts, ModelFacts, RunFacts, VersionFacts
from sitegen.sources.version_metrics import copy_problems, version_metrics
from sitegen.sources.version_names import VersionOrder, is_similar_to_version, version_order
from sitegen.storage.listing import printable

MAX_NAME_LENGTH = 250
"""Characters of an id that is used as the name of a version."""


@dataclass(frozen=True, kw_only=True)
class Artifacts:
    """Files that a run logged in addition to the model."""

    files: tuple[LoggedFile, ...] = ()
    previews: tuple[CardImage, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


NO_ARTIFACTS = Artifacts()


class Facts(NamedTuple):
    """The facts about one version from all sources; empty where a source is missing."""

    folder: FolderFacts
    registered: VersionFacts
    run: RunFacts
    logged: LoggedFacts
    artifacts: Artifacts = NO_ARTIFACTS
    images: tuple[CardImage, ...] = ()


class ModelFiles(NamedTuple):
    """The contents of a model's own files in the directory layout: `model.yaml`, the card and its images."""

    sidecar: Sidecar = NO_SIDECAR
    card: Card = NO_CARD
    problems: tuple[Diagnostic, ...] = ()
    images: tuple[CardImage, ...] = ()


def assemble_version(model: str, ref: VersionRef, facts: Facts, digest: bytes) -> Version:
    """Assemble a version. Precedence: the registry, then the logged model, the run, the files.

    Of a copy the files come first, and what the registry says of the original's place in it is not said of the copy.
    """
    folder, run, logged = facts.folder, facts.run, facts.logged
    registered = _of_copy(facts.registered) if ref.copy_of else facts.registered
    own = folder if ref.copy_of else NO_FOLDER
    values = version_metrics(ref, run, logged, folder.metrics)
    mlmodel, sidecar = folder.mlmodel, folder.sidecar
    logged_at = logged.created or (mlmodel.created if mlmodel else None) or (run.run.start if run.run else None)
    tags = merge_pairs(run.tags, logged.tags, folder.tags, sidecar.tags, registered.tags, own.tags)
    version = Version(
        name=ref.name or _version_id(ref, folder),
        path=None if ref.folder is None else printable(ref.folder.path) or ".",
        created=registered.created or sidecar.created or logged_at,
        updated=registered.updated or logged.updated,
        description=registered.description or sidecar.description,
        card=folder.card.text,
        images=facts.images,
        facts=_facts(folder, tags),
        source=registered.source,
        stage=registered.stage or sidecar.stage,
        aliases=tuple(alias for alias, _ in sidecar.aliases),
        status=registered.status,
        model_status=logged.status,
        copy_of=ref.copy_of,
        tags=tags,
        params=merge_pairs(run.params, logged.params, own.params) or folder.params,
        metrics=values.metrics,
        dataset_metrics=values.of_datasets,
        mlmodel=mlmodel,
        model_id=ref.model_id or (mlmodel.model_id if mlmodel else None),
        run=_run(ref, facts),
        environment=folder.environment,
        datasets=tuple(sorted(run.datasets, key=lambda one: (one.name, one.digest or "", one.context or ""))),
        **_file_fields(folder, facts.artifacts),
        problems=cap_problems(_problems(model, ref, facts), _place(ref)),
        digest=digest,
    )
    return limit_version(version, _place(ref))


def _file_fields(folder: FolderFacts, artifacts: Artifacts) -> dict[str, Any]:
    """The fields of a version that come from its files alone."""
    return {
        "files": (*folder.files, *artifacts.files),
        "pickles": folder.pickles,
        "previews": (*folder.previews, *artifacts.previews)[:MAX_PREVIEWS],
        "example": folder.example,
        "texts": folder.texts,
    }


def _of_copy(registered: VersionFacts) -> VersionFacts:
    """What the registry says of a version that is true of its copies, too."""
    return VersionFacts(description=registered.description, tags=registered.tags)


def assemble_model(ref: ModelRef, facts: ModelFacts, beside: ModelFiles, versions: Iterable[Version]) -> Model:
    """Assemble a model from its versions; each version gets the aliases that point at it."""
    sidecar, card = beside.sidecar, beside.card
    ordered = sorted(_make_names_unique(versions), key=_by_number if ref.kind == "registered" else _by_time)
    names = {version.name for version in ordered}
    own = {alias: version.name for version in ordered for alias in version.aliases}
    aliases = own | {alias: _target(name, names) for alias, name in (*sidecar.aliases, *facts.aliases)}
    place = next((bundle.path for bundle in ref.bundles()), "")
    lost = [
        problem("alias-target", f"alias {alias} points at version {name}, which is not here", printable(place))
        for alias, name in sorted(aliases.items())
        if name not in names
    ]
    beyond: list[Diagnostic] = []
    tags = limit_pairs("tags", merge_pairs(sidecar.tags, facts.tags), printable(place), beyond)
    listed = limit_values("aliases", tuple(sorted(aliases.items())), printable(place), beyond)
    pointing: dict[str, list[str]] = {}
    for alias, name in listed:
        pointing.setdefault(name, []).append(alias)
    problems = cap_problems((*beside.problems, *facts.problems, *lost, *beyond), printable(place))
    shown = tuple(_with_aliases(version, tuple(pointing.get(version.name, ()))) for version in ordered)
    return Model(
        name=ref.name,
        kind=ref.kind,
        store=ref.store,
        address=f"models:/{ref.name}" if ref.key else "",
        updated=facts.updated or max(filter(None, (one.updated or one.created for one in shown)), default=None),
        description=facts.description or sidecar.description,
        card=card.text,
        images=beside.images,
        facts=merge_facts(sidecar.facts, card.facts, facts_of_pairs(tags)),
        tags=tags,
        aliases=listed,
        versions=shown,
        problems=problems,
        digest=_digest_of_model(repr((ref.kind, ref.store, ref.name, beside, aliases, problems)), facts.digest, shown),
    )


def _facts(folder: FolderFacts, tags: Pairs) -> CardFacts:
    """What people state about a version: model.yaml, the card, tags, and at last the metadata of the MLmodel."""
    metadata = folder.mlmodel.metadata if folder.mlmodel else None
    task = metadata.get("task") if isinstance(metadata, dict) else None
    logged = CardFacts(task=task) if isinstance(task, str) else NO_FACTS
    return merge_facts(folder.sidecar.facts, folder.card.facts, facts_of_pairs(tags), logged)


def _digest_of_model(own: str, facts: bytes, versions: tuple[Version, ...]) -> bytes:
    whole = hashlib.blake2b(own.encode("utf-8", "surrogatepass"), digest_size=16)
    whole.update(facts)
    for version in versions:
        whole.update(version.digest)
    return whole.digest()


def _version_id(ref: VersionRef, folder: FolderFacts) -> str:
    """The name of an unregistered version: an id, never a number that the next version would shift."""
    mlmodel = folder.mlmodel
    stated = (mlmodel.model_id, mlmodel.run_id, mlmodel.model_uuid) if mlmodel else (None, None, None)
    name = ref.model_id or stated[0] or ref.run_id or stated[1] or stated[2] or "1"
    return name[:MAX_NAME_LENGTH]


def _make_names_unique(versions: Iterable[Version]) -> Iterator[Version]:
    """Make the names of the versions unique.

    A copy of a model in the artifacts of another run states the id of the original: it is named after its run.
    """
    taken: set[str] = set()
    for version in sorted(versions, key=_is_copy):
        name = version.name
        if name in taken:
            place = hashlib.sha256((version.path or "").encode()).hexdigest()[:8]
            name = version.run.id if version.run and version.run.id not in {"", *taken} else f"{name}-{place}"
            digest = hashlib.blake2b(version.digest + name.encode(), digest_size=16).digest()
            version = replace(version, name=name, digest=digest)
        taken.add(name)
        yield version


def _is_copy(version: Version) -> bool:
    run = version.mlmodel.run_id if version.mlmodel else None
    return run is not None and version.run is not None and run != version.run.id


def _by_number(version: Version) -> VersionOrder:
    return version_order(version.name)


def _by_time(version: Version) -> tuple[int, str]:
    return version.created or 0, version.name


def _run(ref: VersionRef, facts: Facts) -> Run | None:
    """The run with its name and experiment from `model.yaml` and the index."""
    sidecar, mlmodel = facts.folder.sidecar, facts.folder.mlmodel
    experiment = ref.experiment or sidecar.experiment
    if facts.run.run:
        return replace(facts.run.run, experiment=experiment or facts.run.run.experiment_id)
    id = ref.run_id or (mlmodel.run_id if mlmodel else None)
    if id or sidecar.run_name or experiment:
        return Run(id=id or "", name=sidecar.run_name, experiment=experiment)
    return None


def _target(name: str, names: set[str]) -> str:
    """The version that an alias points at: 3 means v3 where the folder has that name."""
    return name if name in names or f"v{name}" not in names else f"v{name}"


def _with_aliases(version: Version, aliases: tuple[str, ...]) -> Version:
    if aliases == version.aliases:
        return version
    digest = hashlib.blake2b(version.digest + repr(aliases).encode(), digest_size=16).digest()
    return replace(version, aliases=aliases, digest=digest)


def _place(ref: VersionRef) -> str:
    """The path of a version, for diagnostics."""
    return printable(next((bundle.path for bundle in ref.bundles()), "") or ref.name or ".")


_INCOMPLETE = frozenset(["PENDING", "FAILED", "PENDING_REGISTRATION", "FAILED_REGISTRATION"])
"""Statuses of a model or version whose files need not be there."""


def _problems(model: str, ref: VersionRef, facts: Facts) -> Iterable[Diagnostic]:
    if ref.copy_of:
        yield from copy_problems(ref, facts.run, facts.logged, facts.folder, _place(ref))
        yield from _folder_problems(ref, facts.folder, complete=True)
        return
    complete = _INCOMPLETE.isdisjoint([facts.registered.status, facts.logged.status])
    yield from facts.registered.problems
    yield from facts.run.problems
    yield from facts.logged.problems
    unsaid = facts.registered.source is None and facts.registered.problems  # the cause is reported already
    if ref.folder is None and complete and not unsaid:
        place = next((bundle.path for bundle in ref.bundles()), ref.name or "")
        who = f"version {ref.name} of {model}" if ref.name else " ".join(filter(None, (model, ref.model_id)))
        message = f"the files of {shorten(printable(who), 80)} are not below the registry's root"
        yield problem("mlmodel-missing", message, printable(place))
    if ref.registered and ref.run_id and ref.run is None:
        place = next((bundle.path for bundle in ref.bundles()), ref.name or "")
        yield problem("run-missing", f"run {ref.run_id} is not here", printable(place))
    is_loose = ref.name is None and ref.run_id is None and ref.model_id is None
    if ref.folder and is_loose and is_similar_to_version(name := ref.folder.path.rpartition("/")[2]):
        message = f"{quote(printable(name))} is not read as the number of a version"
        yield problem("version-name", message, printable(ref.folder.path))
    yield from _folder_problems(ref, facts.folder, complete)
    yield from facts.artifacts.problems


def _folder_problems(ref: VersionRef, folder: FolderFacts, complete: bool) -> Iterable[Diagnostic]:
    """The problems of a folder's files; a model that is not complete may lack files."""
    prefix = printable(f"{ref.folder.path}/" if ref.folder and ref.folder.path else "")
    for found in folder.problems:
        if complete or found.rule != "file-missing":
            yield add_folder(found, prefix)


def digest_of(ref: VersionRef, facts: Facts) -> bytes:
    """The digest of everything from which a version is assembled."""
    whole = hashlib.blake2b(digest_size=16)
    folders = [bundle and bundle.path for bundle in (ref.folder, ref.artifacts, *ref.fact_bundles())]
    identity = (ref.name, ref.run_id, ref.model_id, ref.experiment, ref.shares_run, ref.copy_of)
    whole.update(repr(folders).encode())  # problems name the folders
    whole.update(repr(identity).encode())
    for part in (facts.folder, facts.registered, facts.run, facts.logged):
        whole.update(part.digest)
    if facts.artifacts is not NO_ARTIFACTS:
        whole.update(repr(facts.artifacts).encode())
    if facts.images:
        whole.update(repr(facts.images).encode())
    return whole.digest()

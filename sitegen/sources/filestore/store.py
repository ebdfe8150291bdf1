"""Facts from the folders of MLflow's file store (`mlruns/`), versions 1.x to 3.x.

<experiment>/meta.yaml                      <experiment>/<run>/{meta.yaml,params,metrics,tags,inputs,artifacts}
models/<name>/{meta.yaml,tags,aliases}      models/<name>/version-N/{meta.yaml,tags}
<experiment>/models/m-<id>/{meta.yaml,params,metrics,tags,artifacts}         (MLflow 3)
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import NamedTuple

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Loaded, problem
from sitegen.domain.model import Dataset, Metric, Pairs, Run
from sitegen.formats import meta_yaml as fields
from sitegen.formats.meta_yaml import META, MODEL_STATUS, RUN_STATUS, Meta, dataset_context, parse_dataset, parse_meta
from sitegen.formats.metrics import as_step, metric, parse_model_points, parse_points
from sitegen.formats.text import quote
from sitegen.sources.model_metrics import ModelMetric, ModelOutput, group_points
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.reading import Contents, Texts, read_bundle, texts_of
from sitegen.sources.refs import Bundle, Key, SharedFolders
from sitegen.sources.tracking_store import LoggedFacts, ModelFacts, RunFacts, VersionFacts
from sitegen.storage.listing import printable
from sitegen.storage.tree import Tree

_FOLDERS = ("params/", "metrics/", "tags/", "inputs/", "outputs/", "aliases/")


class UsedDataset(NamedTuple):
    """A dataset that a run used: its id, its context, and the file that names it."""

    id: str
    context: str | None
    place: str


class RunFiles(NamedTuple):
    """The facts in the files of a run, and references to its datasets."""

    facts: RunFacts
    used: tuple[UsedDataset, ...]


@dataclass(frozen=True)
class FileStore:
    """A file store. Keys hold the listings of the files."""

    path: str

    def runs(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, RunFacts]:
        """Facts of runs, by id."""
        return {key.id: _run_facts(key, key.bundle, recall) for key in keys if key.bundle}

    def logged_models(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, LoggedFacts]:
        """Facts of logged models, by id."""
        return {
            key.id: recall.value("logged", key.bundle, _read_folder, parse_logged_model) for key in keys if key.bundle
        }

    def versions(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, VersionFacts]:
        """Facts of registered versions, by the keys' ids."""
        return {key.id: recall.value("version", key.bundle, _read_folder, parse_version) for key in keys if key.bundle}

    def model(self, key: Key, recall: ParseCache) -> ModelFacts:
        """Facts of a registered model."""
        return recall.value("model", key.bundle, _read_folder, parse_model) if key.bundle else ModelFacts()


def _read_folder(tree: Tree, bundle: Bundle) -> Contents:
    return read_bundle(tree, bundle, (META,), _FOLDERS)


def _run_facts(key: Key, bundle: Bundle, recall: ParseCache) -> RunFacts:
    """A run with its datasets, which lie in the folder of the experiment."""
    own = recall.value("run", bundle, _read_folder, partial(parse_run, key.id))
    return _with_datasets(own.facts, [_dataset(used, key.datasets, recall) for used in own.used if key.datasets])


def parse_run(id: str, contents: Contents) -> RunFiles:
    """A run from the files of its folder."""
    texts = texts_of(contents)
    if META in contents.files:
        meta = _meta(texts, *fields.RUN_FIELDS)
    else:
        meta = Meta(fields={})
        texts.problems.append(problem("meta-missing", f"the run has no {META}", texts.prefix.rstrip("/") or "."))
    used = tuple(_used_datasets(texts))
    steps = tuple(_outputs(texts))
    metrics, at_steps = _metrics(texts, {step for _, step in steps} if len(steps) > 1 else set())
    tags = _pairs(texts, "tags/")
    system = dict(pair for pair in tags if pair[0].startswith("mlflow."))
    run = Run(
        id=id,
        name=meta.text("run_name", "name") or system.get("mlflow.runName"),
        experiment_id=meta.text("experiment_id"),
        status=RUN_STATUS.get(meta.text("status") or "", meta.text("status")),
        start=meta.time("start_time"),
        end=meta.time("end_time"),
        user=meta.text("user_id") or system.get("mlflow.user"),
        artifact_uri=meta.text("artifact_uri"),
        description=system.get("mlflow.note.content"),
        system=tuple(sorted(system.items())),
    )
    facts = RunFacts(
        run=run,
        params=_pairs(texts, "params/"),
        metrics=metrics,
        tags=tuple(pair for pair in tags if pair[0] not in system),
        outputs=tuple(ModelOutput(id, step, at_steps.get(step, ())) for id, step in steps),
        deleted=meta.deleted,
        problems=tuple(texts.problems),
        digest=contents.digest,
    )
    return RunFiles(facts, used)


def parse_logged_model(contents: Contents) -> LoggedFacts:
    """A logged model from the files of its folder."""
    texts = texts_of(contents)
    meta = _meta(texts, *fields.LOGGED_MODEL_FIELDS)
    source = meta.text("source_run_id")
    return LoggedFacts(
        created=meta.time("creation_timestamp"),
        updated=meta.time("last_updated_timestamp"),
        status=MODEL_STATUS.get(meta.text("status") or "", meta.text("status")),
        run=source,
        params=_pairs(texts, "params/"),
        metrics=tuple(_model_metrics(texts, source)),
        tags=tuple(pair for pair in _pairs(texts, "tags/") if not pair[0].startswith("mlflow.")),
        problems=tuple(texts.problems),
        digest=contents.digest,
    )


def parse_version(contents: Contents) -> VersionFacts:
    """A registered version from the files of its folder."""
    texts = texts_of(contents)
    meta = _meta(texts, *fields.VERSION_FIELDS)
    stage = meta.text("current_stage")
    return VersionFacts(
        created=meta.time("creation_timestamp"),
        updated=meta.time("last_updated_timestamp"),
        description=meta.text("description"),
        source=meta.text("source"),
        stage=None if stage == "None" else stage,  # MLflow writes the text
        status=meta.text("status"),
        tags=_pairs(texts, "tags/"),
        problems=tuple(texts.problems),
        digest=contents.digest,
    )


def parse_model(contents: Contents) -> ModelFacts:
    """A registered model from the files of its folder.

    MLflow reads aliases from files alone: the map in meta.yaml is a copy, which stays when a model is renamed.
    """
    texts = texts_of(contents)
    meta = _meta(texts, *fields.REGISTERED_MODEL_FIELDS)
    return ModelFacts(
        updated=meta.time("last_updated_timestamp"),
        description=meta.text("description"),
        tags=_pairs(texts, "tags/"),
        aliases=tuple((name, version.strip()) for name, version in _pairs(texts, "aliases/")),
        problems=tuple(texts.problems),
        digest=contents.digest,
    )


def _meta(texts: Texts, *required: str, path: str = META) -> Meta:
    return texts.parse(path, lambda text, place: parse_meta(text, place, *required)) or Meta(fields={})


def _pairs(texts: Texts, folder: str) -> Pairs:
    """One pair a file: the path is the key, the whole content its text."""
    found = ((key, texts.text(path)) for path, key in texts.below(folder))
    return tuple(sorted((key, text) for key, text in found if text is not None))


def _metrics(texts: Texts, steps: Collection[int]) -> tuple[tuple[Metric, ...], dict[int, tuple[Metric, ...]]]:
    """One metric a file below `metrics/`, and their values at some steps."""
    found = []
    at_steps: dict[int, list[Metric]] = {}
    for path, key in texts.below("metrics/"):
        points = texts.parse(path, parse_points) or []
        value = metric(key, points)
        found += [value] if value else []
        for step in steps:
            value = metric(key, [point for point in points if point[0] == step])
            at_steps.setdefault(step, []).extend([value] if value else [])
    by_key = {step: tuple(sorted(values, key=lambda one: one.key)) for step, values in at_steps.items()}
    return tuple(sorted(found, key=lambda one: one.key)), by_key


def _model_metrics(texts: Texts, source: str | None) -> Iterator[ModelMetric]:
    """The metrics of a logged model, by run and dataset."""
    for path, key in sorted(texts.below("metrics/"), key=lambda one: one[1]):
        yield from group_points(key, texts.parse(path, parse_model_points) or (), source)


def _outputs(texts: Texts) -> Iterator[tuple[str, int]]:
    """The logged models of a run, each with its step."""
    for path, key in sorted(texts.below("outputs/")):
        if path.endswith(f"/{META}"):
            outputs = _meta(texts, path=path)
            yield outputs.text("destination_id") or key.partition("/")[0], as_step(outputs.text("step"))


def _used_datasets(texts: Texts) -> Iterator[UsedDataset]:
    """The datasets that the run's inputs name; other inputs are models."""
    for path, key in texts.below("inputs/"):
        inputs = _meta(texts, path=path)
        if path.endswith(f"/{META}") and inputs.text("source_type") in (None, "DATASET"):
            id = inputs.text("source_id") or key.partition("/")[0]
            yield UsedDataset(id, dataset_context(inputs), texts.prefix + printable(path))


def _with_datasets(own: RunFacts, found: list[Loaded[Dataset | None]]) -> RunFacts:
    if not found:
        return own
    datasets = tuple(one.value for one in found if one.value)
    problems = tuple(chain.from_iterable(one.problems for one in found))
    digest = fingerprint(own.digest, repr(datasets), repr(problems))
    return own._replace(datasets=datasets, problems=own.problems + problems, digest=digest)


def _dataset(used: UsedDataset, shared: SharedFolders, recall: ParseCache) -> Loaded[Dataset | None]:
    """Read a dataset from the folder named by its id; a problem where the listing has no such folder."""
    folder = shared.folders.get(used.id)
    if folder is None or META not in folder.names:
        message = f"dataset {quote(used.id)} is not here"
        return Loaded(None, (problem("dataset-missing", message, used.place),))
    bundle = Bundle(f"{shared.path}/{used.id}", (("", folder),), frozenset([META]))
    found = recall.value("dataset", bundle, _read_folder, _parse_dataset)
    return found._replace(value=replace(found.value, context=used.context)) if found.value else found


def _parse_dataset(contents: Contents) -> Loaded[Dataset | None]:
    texts = texts_of(contents)
    dataset = texts.parse(META, partial(parse_dataset, context=None))
    return Loaded(dataset, tuple(texts.problems))

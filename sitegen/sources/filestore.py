"""MLflow's file store (`mlruns/`), 1.x to 3.x: the facts inside of its folders.

<experiment>/meta.yaml                      <experiment>/<run>/{meta.yaml,params,metrics,tags,inputs,artifacts}
models/<name>/{meta.yaml,tags,aliases}      models/<name>/version-N/{meta.yaml,tags}
<experiment>/models/m-<id>/{meta.yaml,params,metrics,tags,artifacts}         (MLflow 3)
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from sitegen.diagnostics import Loaded
from sitegen.digests import fingerprint
from sitegen.domain.model import Dataset, Metric, Pairs, Run
from sitegen.formats.filestore import MODEL_STATUS, RUN_STATUS, Meta, dataset_context, parse_dataset, parse_meta
from sitegen.formats.metrics import parse_metric_lines
from sitegen.listing import File, printable
from sitegen.sources.reading import Contents, Texts, read_bundle, read_text
from sitegen.sources.recall import Recall
from sitegen.sources.refs import Bundle, Key
from sitegen.sources.stores import LoggedFacts, ModelFacts, RunFacts, VersionFacts
from sitegen.storage import Tree

META = "meta.yaml"
_FOLDERS = ("params/", "metrics/", "tags/", "inputs/", "aliases/")

Lookup = Callable[[str], Loaded[str | None]]
"""The text of a file by its path from the root."""


@dataclass(frozen=True)
class FileStore:
    """Facts from the files of a store; the keys carry the listings."""

    path: str

    def runs(self, keys: Iterable[Key], recall: Recall) -> dict[str, RunFacts]:
        """Facts of runs, by id."""
        lookup = partial(_lookup, recall.tree)
        return {
            key.id: recall.value("run", key.bundle, _read, partial(parse_run, key.id, lookup), key.stamp)
            for key in keys
            if key.bundle
        }

    def logged(self, keys: Iterable[Key], recall: Recall) -> dict[str, LoggedFacts]:
        """Facts of logged models, by id."""
        return {key.id: recall.value("logged", key.bundle, _read, parse_logged) for key in keys if key.bundle}

    def versions(self, keys: Iterable[Key], recall: Recall) -> dict[str, VersionFacts]:
        """Facts of registered versions, by the keys' ids."""
        return {key.id: recall.value("version", key.bundle, _read, parse_version) for key in keys if key.bundle}

    def model(self, key: Key, recall: Recall) -> ModelFacts:
        """Facts of a registered model."""
        return recall.value("model", key.bundle, _read, parse_model) if key.bundle else ModelFacts()


def _read(tree: Tree, bundle: Bundle) -> Contents:
    return read_bundle(tree, bundle, (META,), _FOLDERS)


def _lookup(tree: Tree, path: str) -> Loaded[str | None]:
    return read_text(tree, File(path, 0, 0))


def parse_run(id: str, lookup: Lookup, contents: Contents) -> RunFacts:
    """A run from the files of its folder; `lookup` finds its datasets, which lie beside the runs."""
    texts = _texts(contents)
    meta = _meta(texts)
    datasets = tuple(_datasets(texts, lookup))
    tags = _pairs(texts, "tags/")
    system = dict(pair for pair in tags if pair[0].startswith("mlflow."))
    run = Run(
        id=meta.text("run_id", "run_uuid") or id,
        name=meta.text("run_name", "name") or system.get("mlflow.runName"),
        experiment=meta.text("experiment_id"),
        status=RUN_STATUS.get(meta.text("status") or "", meta.text("status")),
        start=meta.time("start_time"),
        end=meta.time("end_time"),
        user=meta.text("user_id") or system.get("mlflow.user"),
        description=system.get("mlflow.note.content"),
        system=tuple(sorted(system.items())),
    )
    return RunFacts(
        run=run,
        params=_pairs(texts, "params/"),
        metrics=_metrics(texts),
        tags=tuple(pair for pair in tags if pair[0] not in system),
        datasets=datasets,
        deleted=meta.deleted,
        problems=tuple(texts.problems),
        digest=fingerprint(contents.digest, repr(datasets), repr(texts.problems)),
    )


def parse_logged(contents: Contents) -> LoggedFacts:
    """A logged model from the files of its folder."""
    texts = _texts(contents)
    meta = _meta(texts)
    return LoggedFacts(
        created=meta.time("creation_timestamp"),
        status=MODEL_STATUS.get(meta.text("status") or "", meta.text("status")),
        params=_pairs(texts, "params/"),
        metrics=_metrics(texts),
        tags=tuple(pair for pair in _pairs(texts, "tags/") if not pair[0].startswith("mlflow.")),
        problems=tuple(texts.problems),
        digest=contents.digest,
    )


def parse_version(contents: Contents) -> VersionFacts:
    """A registered version from the files of its folder."""
    texts = _texts(contents)
    meta = _meta(texts)
    stage = meta.text("current_stage")
    return VersionFacts(
        created=meta.time("creation_timestamp"),
        description=meta.text("description"),
        source=meta.text("source"),
        stage=None if stage == "None" else stage,  # MLflow writes the text
        tags=_pairs(texts, "tags/"),
        problems=tuple(texts.problems),
        digest=contents.digest,
    )


def parse_model(contents: Contents) -> ModelFacts:
    """A registered model from the files of its folder; aliases stand in files and, mirrored, in meta.yaml."""
    texts = _texts(contents)
    meta = _meta(texts)
    mirrored = meta.fields.get("aliases")
    aliases = {name: str(value) for name, value in mirrored.items()} if isinstance(mirrored, dict) else {}
    aliases |= dict(_pairs(texts, "aliases/"))
    return ModelFacts(
        description=meta.text("description"),
        tags=_pairs(texts, "tags/"),
        aliases=tuple(sorted((name, value.strip()) for name, value in aliases.items())),
        problems=tuple(texts.problems),
        digest=contents.digest,
    )


def _texts(contents: Contents) -> Texts:
    return Texts(contents, printable(f"{contents.place}/") if contents.place else "")


def _meta(texts: Texts, path: str = META) -> Meta:
    return texts.parsed(path, parse_meta) or Meta(fields={})


def _pairs(texts: Texts, folder: str) -> Pairs:
    """One pair a file: the path is the key, the whole content its text."""
    found = ((key, texts.text(path)) for path, key in texts.below(folder))
    return tuple(sorted((key, text) for key, text in found if text is not None))


def _metrics(texts: Texts) -> tuple[Metric, ...]:
    """One metric a file below `metrics/`."""
    found = []
    for path, key in texts.below("metrics/"):
        text = texts.text(path)
        if text is not None:
            loaded = parse_metric_lines(text, key, texts.prefix + printable(path))
            texts.problems += loaded.problems
            found += [loaded.value] if loaded.value else []
    return tuple(sorted(found, key=lambda metric: metric.key))


def _datasets(texts: Texts, lookup: Lookup) -> Iterator[Dataset]:
    """The datasets that the run's inputs name, in `<experiment>/datasets/<id>`; an id is a hash of the content."""
    experiment = texts.contents.place.rpartition("/")[0]
    for path, key in texts.below("inputs/"):
        inputs = _meta(texts, path)
        if not path.endswith(f"/{META}") or inputs.text("source_type") not in (None, "DATASET"):
            continue
        id = inputs.text("source_id") or key.partition("/")[0]
        if "/" in id or id.startswith("."):
            continue
        place = f"{experiment}/datasets/{id}/{META}".lstrip("/")
        text = lookup(place)
        texts.problems += text.problems
        if text.value is not None:
            loaded = parse_dataset(text.value, printable(place), dataset_context(inputs))
            texts.problems += loaded.problems
            yield loaded.value

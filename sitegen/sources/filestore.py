"""MLflow's file store (`mlruns/`), 1.x to 3.x: what its folders hold, and the facts inside.

<experiment>/meta.yaml                      <experiment>/<run>/{meta.yaml,params,metrics,tags,inputs,artifacts}
models/<name>/{meta.yaml,tags,aliases}      models/<name>/version-N/{meta.yaml,tags}
<experiment>/models/m-<id>/{meta.yaml,params,metrics,tags,artifacts}         (MLflow 3)
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sitegen.diagnostics import Diagnostic
from sitegen.domain.model import Dataset, Metric, Pairs, Run
from sitegen.formats.filestore import (
    MODEL_STATUS,
    RUN_STATUS,
    Meta,
    dataset_context,
    parse_dataset,
    parse_meta,
)
from sitegen.formats.metrics import parse_metric_lines
from sitegen.sources.reading import read_text
from sitegen.sources.refs import Bundle, Key
from sitegen.sources.stores import LoggedFacts, ModelFacts, RunFacts, VersionFacts
from sitegen.storage import File, Tree, printable

META = "meta.yaml"


@dataclass(frozen=True)
class FileStore:
    """Facts from the files of a store; the keys carry the listings."""

    tree: Tree
    path: str

    def runs(self, keys: Iterable[Key]) -> dict[str, RunFacts]:
        """Facts of runs, by id."""
        return {key.id: self._run(_Files(self.tree, key.bundle), key.id) for key in keys if key.bundle}

    def logged(self, keys: Iterable[Key]) -> dict[str, LoggedFacts]:
        """Facts of logged models, by id."""
        return {key.id: _logged(_Files(self.tree, key.bundle)) for key in keys if key.bundle}

    def versions(self, keys: Iterable[Key]) -> dict[str, VersionFacts]:
        """Facts of registered versions, by the keys' ids."""
        return {key.id: _version(_Files(self.tree, key.bundle)) for key in keys if key.bundle}

    def model(self, key: Key) -> ModelFacts:
        """Facts of a registered model."""
        if key.bundle is None:
            return ModelFacts()
        files = _Files(self.tree, key.bundle)
        meta = files.meta()
        mirrored = meta.fields.get("aliases")
        aliases = {name: str(value) for name, value in mirrored.items()} if isinstance(mirrored, dict) else {}
        aliases |= dict(files.pairs("aliases/"))
        return ModelFacts(
            description=meta.text("description"),
            tags=files.pairs("tags/"),
            aliases=tuple(sorted((name, value.strip()) for name, value in aliases.items())),
            problems=tuple(files.problems),
            digest=files.digest.digest(),
        )

    def _run(self, files: "_Files", id: str) -> RunFacts:
        meta = files.meta()
        tags = files.pairs("tags/")
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
            params=files.pairs("params/"),
            metrics=files.metrics(),
            tags=tuple(pair for pair in tags if pair[0] not in system),
            datasets=tuple(self._datasets(files)),
            deleted=meta.deleted,
            problems=tuple(files.problems),
            digest=files.digest.digest(),
        )

    def _datasets(self, files: "_Files") -> Iterator[Dataset]:
        """The datasets that the run's inputs name; they lie beside the runs of the experiment."""
        experiment = files.bundle.path.rpartition("/")[0]
        for path in files.below("inputs/"):
            if not path.endswith(f"/{META}"):
                continue
            inputs = files.meta(path)
            if inputs.text("source_type") not in (None, "DATASET"):
                continue
            id = inputs.text("source_id") or path.split("/")[1]
            if "/" in id or id.startswith("."):
                continue
            file = File(f"{experiment}/datasets/{id}/{META}".lstrip("/"), 0, 0)
            text = read_text(self.tree, file)
            files.problems += text.problems
            files.digest.update(repr(text.value).encode())
            if text.value is not None:
                loaded = parse_dataset(text.value, printable(file.path), dataset_context(inputs))
                files.problems += loaded.problems
                yield loaded.value


def _logged(files: "_Files") -> LoggedFacts:
    meta = files.meta()
    return LoggedFacts(
        created=meta.time("creation_timestamp"),
        status=MODEL_STATUS.get(meta.text("status") or "", meta.text("status")),
        params=files.pairs("params/"),
        metrics=files.metrics(),
        tags=tuple(pair for pair in files.pairs("tags/") if not pair[0].startswith("mlflow.")),
        problems=tuple(files.problems),
        digest=files.digest.digest(),
    )


def _version(files: "_Files") -> VersionFacts:
    meta = files.meta()
    stage = meta.text("current_stage")
    return VersionFacts(
        created=meta.time("creation_timestamp"),
        description=meta.text("description"),
        source=meta.text("source"),
        stage=None if stage == "None" else stage,  # MLflow writes the text
        tags=files.pairs("tags/"),
        problems=tuple(files.problems),
        digest=files.digest.digest(),
    )


class _Files:
    """The files of one bundle, read on demand; what is wrong goes to `problems`."""

    def __init__(self, tree: Tree, bundle: Bundle) -> None:
        self.tree, self.bundle = tree, bundle
        self.problems: list[Diagnostic] = []
        self.digest = hashlib.blake2b(digest_size=16)
        self._files = {file.path: file for file in bundle.files()}

    def below(self, prefix: str) -> list[str]:
        """Paths of the files below a folder, relative to the bundle."""
        return [path for path in self._files if path.startswith(prefix)]

    def text(self, path: str) -> str | None:
        """The text of one file."""
        loaded = read_text(self.tree, self.bundle.within(self._files[path]))
        self.problems += loaded.problems
        self.digest.update(f"{path}\0{loaded.value}\0".encode("utf-8", "surrogatepass"))
        return loaded.value

    def meta(self, path: str = META) -> Meta:
        """The fields of a meta.yaml; none where it is not there."""
        text = self.text(path) if path in self._files else None
        if text is None:
            return Meta(fields={})
        loaded = parse_meta(text, self._place(path))
        self.problems += loaded.problems
        return loaded.value

    def pairs(self, prefix: str) -> Pairs:
        """One pair a file: the path is the key, the whole content its text."""
        texts = ((printable(path.removeprefix(prefix)), self.text(path)) for path in self.below(prefix))
        return tuple(sorted((key, text) for key, text in texts if text is not None))

    def metrics(self) -> tuple[Metric, ...]:
        """One metric a file below `metrics/`."""
        found = []
        for path in self.below("metrics/"):
            text = self.text(path)
            if text is None:
                continue
            key = printable(path.removeprefix("metrics/"))
            loaded = parse_metric_lines(text, key, self._place(path))
            self.problems += loaded.problems
            if loaded.value:
                found.append(loaded.value)
        return tuple(sorted(found, key=lambda metric: metric.key))

    def _place(self, path: str) -> str:
        return printable(f"{self.bundle.path}/{path}" if self.bundle.path else path)

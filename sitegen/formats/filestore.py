"""The meta.yaml files of MLflow's file store: experiments, runs, logged models, registered models, datasets.

Every scalar is read as it is written, so that an id made of digits stays an id.
"""

from dataclasses import dataclass

from sitegen.diagnostics import Loaded, problem
from sitegen.domain.model import Dataset
from sitegen.domain.signature import Json
from sitegen.formats.times import milliseconds
from sitegen.formats.yaml import load_yaml

RUN_STATUS = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
MODEL_STATUS = {"1": "PENDING", "2": "READY", "3": "FAILED"}
DELETED_STAGE = "Deleted_Internal"


@dataclass(frozen=True, kw_only=True)
class Meta:
    """The fields of one meta.yaml: texts, None where a field is absent or null, or not a text."""

    fields: dict[str, Json]

    def text(self, *names: str) -> str | None:
        """The first of the fields that is there."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, str) and value:
                return value
        return None

    def time(self, *names: str) -> int | None:
        """The first of the fields that is there, in milliseconds since 1970, UTC."""
        return milliseconds(self.text(*names))

    @property
    def deleted(self) -> bool:
        """Whether MLflow hides it: a deleted run, experiment, or version of a model."""
        return self.text("lifecycle_stage") == "deleted" or self.text("current_stage") == DELETED_STAGE


def parse_meta(text: str, path: str) -> Loaded[Meta]:
    """The fields of a meta.yaml; none, and a problem, where it is no mapping."""
    loaded = load_yaml(text, path, verbatim=True)
    if isinstance(loaded.value, dict):
        return Loaded(Meta(fields=loaded.value), loaded.problems)
    problems = loaded.problems or (problem("meta-shape", "the file holds no fields", path),)
    return Loaded(Meta(fields={}), problems)


def parse_dataset(text: str, path: str, context: str | None) -> Loaded[Dataset]:
    """A dataset that a run used, from `datasets/<hash>/meta.yaml`."""
    loaded = parse_meta(text, path)
    meta = loaded.value
    dataset = Dataset(
        name=meta.text("name") or "dataset",
        digest=meta.text("digest"),
        context=context,
        source_type=meta.text("source_type"),
        source=meta.text("source"),
        schema=meta.text("schema"),
        profile=meta.text("profile"),
    )
    return Loaded(dataset, loaded.problems)


CONTEXT_TAG = "mlflow.data.context"
"""MLflow's tag of an input for what it was used for: training, testing."""


def dataset_context(meta: Meta) -> str | None:
    """What a run used a dataset for, from `inputs/<hash>/meta.yaml`."""
    tags = meta.fields.get("tags")
    context = tags.get(CONTEXT_TAG) if isinstance(tags, dict) else None
    return context if isinstance(context, str) else None

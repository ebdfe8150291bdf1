"""The meta.yaml files of MLflow's file store: experiments, runs, logged models, registered models, datasets.

Every scalar is read as a text, so that an id made of digits stays an id.
"""

from dataclasses import dataclass

from sitegen.domain.diagnostic import Loaded, problem
from sitegen.domain.model import Dataset
from sitegen.domain.signature import Json
from sitegen.formats.times import milliseconds
from sitegen.formats.yaml import load_yaml

META = "meta.yaml"
"""The name of the files."""

RUN_STATUS = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
MODEL_STATUS = {"0": "UNSPECIFIED", "1": "PENDING", "2": "READY", "3": "FAILED"}
DELETED_STAGE = "Deleted_Internal"


EXPERIMENT_FIELDS = ("experiment_id", "name")
RUN_FIELDS = ("run_id|run_uuid",)
LOGGED_MODEL_FIELDS = ("model_id",)
REGISTERED_MODEL_FIELDS = ("name",)
VERSION_FIELDS = ("version",)
"""The fields that MLflow requires of an experiment, run, logged model, registered model or version.

MLflow sorts fields by name, so that a truncated file mostly lacks them.
"""

_LAST_FIELDS: dict[tuple[str, ...], tuple[str, ...]] = {RUN_FIELDS: ("status",), LOGGED_MODEL_FIELDS: ("name",)}
"""Fields that MLflow writes after the required ones; required, too, if the last line has no end."""


@dataclass(frozen=True, kw_only=True)
class Meta:
    """The fields of one meta.yaml.

    `complete` is False if the last line has no end, unlike MLflow's files: then the last value may be cut off.
    """

    fields: dict[str, Json]
    complete: bool = True

    def has(self, name: str) -> bool:
        """Whether the field is present and not empty."""
        return self.fields.get(name) not in (None, "")

    def text(self, *names: str) -> str | None:
        """The first of the fields that is a text and not empty; None if there is none."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, str) and value:
                return value
        return None

    def time(self, *names: str) -> int | None:
        """The same as a time, in milliseconds since 1970, UTC."""
        return milliseconds(self.text(*names))

    @property
    def deleted(self) -> bool:
        """Whether MLflow hides the item: a deleted run, experiment or model version."""
        return self.text("lifecycle_stage") == "deleted" or self.text("current_stage") == DELETED_STAGE


def parse_meta(text: str, path: str, *required: str) -> Loaded[Meta]:
    """The fields of a meta.yaml; no fields and a problem if it is not a mapping.

    Also reports one problem if a `required` field is missing; `a|b` requires one of the two.
    """
    loaded = load_yaml(text, path, verbatim=True)
    if not isinstance(loaded.value, dict):
        problems = loaded.problems or (problem("meta-incomplete", "the file holds no fields", path),)
        return Loaded(Meta(fields={}), problems)
    meta = Meta(fields=loaded.value, complete=text.endswith("\n"))
    wanted = required if meta.complete else (*required, *_LAST_FIELDS.get(required, ()))
    missing = [names.partition("|")[0] for names in wanted if not any(map(meta.has, names.split("|")))]
    lacking = (problem("meta-incomplete", f"the field {missing[0]} is not there", path),) if missing else ()
    return Loaded(meta, loaded.problems + lacking)


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
"""MLflow's tag for the purpose of a dataset: training, testing."""


def dataset_context(meta: Meta) -> str | None:
    """The purpose of a dataset in a run, from `inputs/<hash>/meta.yaml`."""
    tags = meta.fields.get("tags")
    context = tags.get(CONTEXT_TAG) if isinstance(tags, dict) else None
    return context if isinstance(context, str) else None

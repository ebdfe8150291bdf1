"""`Model`, `Version`, `Run` and the other values of a registry.

Metrics and files are named tuples, which are faster to create: a large registry has millions of them.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.environment import NO_ENVIRONMENT, Environment
from sitegen.domain.facts import NO_FACTS, CardFacts
from sitegen.domain.signature import Json, Signature

if TYPE_CHECKING:
    from pandas import DataFrame

Pairs = tuple[tuple[str, str], ...]
"""Keys with their texts, sorted by key: params, tags, aliases."""

Kind = Literal["registered", "logged"]


@dataclass(frozen=True, kw_only=True)
class Flavor:
    """One way to load the model: `sklearn`, `python_function`, ... with the keys that its library wrote."""

    name: str
    keys: dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class MLmodel:
    """The content of an MLmodel file. Times are milliseconds since 1970, UTC; sizes are bytes.

    `rest` holds all other fields, as in the file.
    """

    flavors: tuple[Flavor, ...] = ()
    signature: Signature | None = None
    artifact_path: str | None = None
    run_id: str | None = None
    model_uuid: str | None = None
    model_id: str | None = None
    created: int | None = None
    mlflow_version: str | None = None
    databricks_runtime: str | None = None
    size: int | None = None
    signature_from_type_hint: bool = False
    example: dict[str, Json] | None = None
    metadata: Json = None
    rest: dict[str, Json] = field(default_factory=dict)


class Origin(NamedTuple):
    """Where the value of a metric comes from, if it is not simply the latest value of the version's run.

    `dataset` and `digest` name the dataset that it was measured on, `run_id` is the run that logged it. `of_run`: the
    logged model itself has no such metric; the value is that of the run that logged the model.
    """

    dataset: str | None = None
    digest: str | None = None
    run_id: str | None = None
    of_run: bool = False


NO_ORIGIN = Origin()


class Metric(NamedTuple):
    """One metric: its latest value, that is the one with the highest (step, timestamp, value).

    `points` is the history as (step, value), thinned to at most 500 points; `logged`, how often it was logged, `least`
    and `most` speak of the whole history. A metric that was logged once has no points.
    """

    key: str
    value: float
    step: int = 0
    timestamp: int | None = None
    logged: int = 1
    least: float | None = None
    most: float | None = None
    points: tuple[tuple[int, float], ...] = ()
    origin: Origin | None = None

    @property
    def dataset(self) -> tuple[str | None, str | None]:
        """Name and digest of the dataset that the value was measured on: only values of one dataset are compared."""
        return (self.origin or NO_ORIGIN)[:2]


NO_DATASET: tuple[str | None, str | None] = (None, None)
"""Name and digest of the dataset of a metric that names none."""


Row = tuple[str, tuple[str | None, str | None]]
"""Key and dataset of a metric: only values of one row are compared."""


def metrics_by_row(version: "Version") -> dict[Row, Metric]:
    """The metrics of a version by key and dataset."""
    return {(metric.key, metric.dataset): metric for metric in (*version.metrics, *version.dataset_metrics)}


def name_dataset(metric: Metric) -> str:
    """The dataset of a metric in words: its name and, in brackets, its digest."""
    name, digest = metric.dataset
    return f"{name} ({digest})" if digest else name or ""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset that a run used. `context` is its purpose: training, evaluation."""

    name: str
    digest: str | None = None
    context: str | None = None
    source_type: str | None = None
    source: str | None = None
    schema: str | None = None
    profile: str | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """The run that logged a version. Times are milliseconds since 1970, UTC.

    `experiment` is its name, or its id where nobody knows the name. `artifact_uri` is where the run logged its
    files; no page shows it.
    """

    id: str
    name: str | None = None
    experiment: str | None = None
    experiment_id: str | None = None
    status: str | None = None
    start: int | None = None
    end: int | None = None
    user: str | None = None
    artifact_uri: str | None = None
    description: str | None = None
    system: Pairs = ()
    """MLflow's own tags (`mlflow.source.name` ...)."""


class LoggedFile(NamedTuple):
    """One file logged with a version.

    `path` is relative to the folder of the MLmodel; a file that the run logged elsewhere starts with `../`.
    `sha256` is None above 16 MiB.
    """

    path: str
    size: int
    role: str
    sha256: str | None = None


class CardImage(NamedTuple):
    """An image that a page shows: its path from the folder of the card or version, that from the root, its content."""

    name: str
    path: str
    sha256: str
    suffix: Literal["png", "jpg", "gif", "webp"]


Unread = Literal["size", "compression", "count"]
"""Why a pickle was not read: its size, a compression that is damaged or unknown, or the number of pickles before it."""


@dataclass(frozen=True, kw_only=True)
class PickleFile:
    """The imports of a pickled file: pairs of a module and a name in it. The file was never loaded.

    `complete` is False where the file holds more than was read; `unread` says why nothing was read at all.
    """

    path: str
    imports: Pairs = ()
    complete: bool = True
    unread: Unread | None = None


@dataclass(frozen=True, kw_only=True)
class Example:
    """An input example: its first rows as texts, and the number of all rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    params: str | None = None


MAX_TEXT_LENGTH = 2**16
"""Characters of a text on a page."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text file; only its beginning where `complete` is False."""

    path: str
    text: str
    complete: bool = True


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a model, from the MLmodel, its run, the registry and the files beside it.

    `path` is the folder of the MLmodel, relative to the registry's root (`.` for the root itself), None when the
    artifacts are missing. `mlmodel` is None when there is none that can be read.

    `metrics` has one value a key: the row without a dataset, else the row with the newest point. `dataset_metrics` has
    every row that was measured on a dataset, sorted by key and dataset. `status` is that of the registered version,
    `model_status` that of the logged model. `copy_of` names the version that this one is a copy of.
    """

    name: str
    path: str | None = None
    created: int | None = None
    updated: int | None = None
    """When MLflow last changed it, in milliseconds since 1970, UTC; None for what is in no store of MLflow's."""
    description: str | None = None
    card: str | None = None
    images: tuple[CardImage, ...] = ()
    facts: CardFacts = NO_FACTS
    source: str | None = None
    stage: str | None = None
    aliases: tuple[str, ...] = ()
    tags: Pairs = ()
    params: Pairs = ()
    metrics: tuple[Metric, ...] = ()
    dataset_metrics: tuple[Metric, ...] = ()
    status: str | None = None
    model_status: str | None = None
    copy_of: str | None = None
    mlmodel: MLmodel | None = None
    model_id: str | None = None
    run: Run | None = None
    environment: Environment = NO_ENVIRONMENT
    datasets: tuple[Dataset, ...] = ()
    files: tuple[LoggedFile, ...] = ()
    pickles: tuple[PickleFile, ...] = ()
    previews: tuple[CardImage, ...] = ()
    example: Example | None = None
    texts: tuple[Text, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    digest: bytes = b""
    """Changes whenever anything of the version does, and only then."""

    @property
    def signature(self) -> Signature | None:
        """The signature, where MLmodel has one that can be read."""
        return self.mlmodel.signature if self.mlmodel else None


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model and its versions, oldest first.

    `store` tells models of one name apart: the path of their store, relative to the root ("" for the root).
    `address` is what MLflow loads versions from: `models:/<name>`, or empty for a model that is in no MLflow registry.
    """

    name: str
    kind: Kind
    store: str = ""
    address: str = ""
    updated: int | None = None
    """When MLflow last changed it, else when its newest version was changed or made; milliseconds since 1970, UTC."""
    description: str | None = None
    card: str | None = None
    images: tuple[CardImage, ...] = ()
    facts: CardFacts = NO_FACTS
    tags: Pairs = ()
    aliases: Pairs = ()
    versions: tuple[Version, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    digest: bytes = b""
    """Changes whenever anything of the model or its versions does, and only then."""

    @property
    def latest(self) -> Version | None:
        """The newest version."""
        return self.versions[-1] if self.versions else None

    def to_frame(self) -> "DataFrame":
        """A row for each version, with the columns of MLflow's search_runs."""
        from sitegen.domain.table import frame  # that module imports this one

        return frame([self])


def merge_pairs(*pairs: Pairs) -> Pairs:
    """Pairs of several sources, sorted by key; the last source that has a key counts."""
    merged = {key: text for source in pairs for key, text in source}
    return tuple(sorted(merged.items()))

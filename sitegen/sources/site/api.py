"""Models and versions from the JSON of a site's API. What the API lacks, they lack, too."""

from typing import Any, NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.environment import Environment
from sitegen.domain.facts import FACTS, CardFacts
from sitegen.domain.model import (
    NO_DATASET,
    Dataset,
    Flavor,
    LoggedFile,
    Metric,
    MLmodel,
    Model,
    Origin,
    Pairs,
    Run,
    Version,
)
from sitegen.domain.signature import Column, ParamSpec, Signature, Tensor, Type
from sitegen.formats.requirements import parse_requirements
from sitegen.formats.times import parse_time
from sitegen.sources.site.types import parse_type_name

Fields = dict[str, Any]
"""An object of JSON, as a schema of the API describes it."""


class CatalogEntry(NamedTuple):
    """A model in the catalog of the API. `slug` names its file."""

    name: str
    kind: str
    slug: str


def parse_catalog(fields: Fields) -> tuple[CatalogEntry, ...]:
    """The models of one file of the catalog."""
    return tuple(CatalogEntry(one["name"], one["kind"], one["slug"]) for one in fields["models"])


def parse_model(fields: Fields) -> Model:
    """A model from its file, with the versions in it."""
    kind = fields["kind"]
    if kind not in ("registered", "logged"):
        raise SitegenError(f"{kind!r} is no kind of a model")
    return Model(
        name=fields["name"],
        kind=kind,
        description=fields.get("description"),
        tags=_pairs(fields["tags"]),
        aliases=_pairs(fields["aliases"]),
        versions=tuple(parse_version(one) for one in fields["versions"]),
        problems=_problems(fields),
    )


def parse_version(fields: Fields) -> Version:
    """A version from its object."""
    dataset_metrics = tuple(map(_dataset_metric, fields.get("dataset_metrics") or ()))
    return Version(
        name=fields["version"],
        path=fields["path"],
        created=_time(fields.get("created")),
        description=fields.get("description"),
        facts=_facts(fields.get("facts") or {}),
        source=fields.get("source"),
        stage=fields.get("stage"),
        aliases=tuple(fields["aliases"]),
        tags=_pairs(fields["tags"]),
        params=_pairs(fields["params"]),
        metrics=tuple(_metric(key, value, dataset_metrics) for key, value in fields["metrics"].items()),
        dataset_metrics=dataset_metrics,
        status=fields.get("status"),
        model_status=fields.get("model_status"),
        mlmodel=_mlmodel(fields),
        run=_run(fields),
        environment=_environment(fields["environment"]),
        datasets=tuple(
            Dataset(name=one["name"], digest=one["digest"], context=one["context"], source_type=one["source_type"])
            for one in fields["datasets"]
        ),
        files=tuple(LoggedFile(one["path"], one["size"], one["role"], one["sha256"]) for one in fields["files"]),
        problems=_problems(fields),
    )


def _facts(fields: Fields) -> CardFacts:
    stated: Fields = {name: fields.get(name) for name in FACTS}
    return CardFacts(**stated)


def _mlmodel(fields: Fields) -> MLmodel | None:
    """The MLmodel; None where it cannot be read, which an error about the file says."""
    flavors = tuple(Flavor(name=name, keys=keys) for name, keys in fields["flavors"].items())
    if not flavors and fields["signature"] is None and _lacks_mlmodel(fields):
        return None
    return MLmodel(
        flavors=flavors,
        signature=None if fields["signature"] is None else _signature(fields["signature"]),
        model_uuid=fields.get("model_uuid"),
        mlflow_version=fields.get("mlflow_version"),
    )


def _lacks_mlmodel(fields: Fields) -> bool:
    """Whether an error is about the MLmodel itself."""
    return fields["path"] is None or any(
        one["severity"] == "error" and one["path"].rpartition("/")[2] == "MLmodel" for one in fields["problems"]
    )


def _signature(fields: Fields) -> Signature:
    params = fields["params"]
    return Signature(
        inputs=_columns(fields["inputs"]),
        outputs=_columns(fields["outputs"]),
        params=None if params is None else tuple(map(_param, params)),
    )


def _columns(columns: list[Fields] | None) -> tuple[Column, ...] | None:
    if columns is None:
        return None
    return tuple(Column(name=one["name"], type=_type(one), required=one["required"]) for one in columns)


def _type(fields: Fields) -> Type:
    shape = fields.get("shape")
    return parse_type_name(fields["type"]) if shape is None else Tensor(fields["type"], tuple(shape))


def _param(fields: Fields) -> ParamSpec:
    shape = fields["shape"]
    kind = parse_type_name(fields["type"])
    return ParamSpec(
        name=fields["name"], type=kind, default=fields["default"], shape=None if shape is None else tuple(shape)
    )


def _metric(key: str, value: float | str, rows: tuple[Metric, ...]) -> Metric:
    """The value of a key; the dataset is that of a row with the same value."""
    number = float(value)
    same = next((row for row in rows if row.key == key and repr(row.value) == repr(number)), None)
    return same or Metric(key, number)


def _dataset_metric(fields: Fields) -> Metric:
    origin = Origin(fields["dataset"], fields["digest"], fields["run_id"])
    known = origin[:2] != NO_DATASET
    return Metric(fields["key"], float(fields["value"]), step=fields["step"], origin=origin if known else None)


def _run(fields: Fields) -> Run | None:
    if fields["run_id"] is None:
        return None
    stated = fields.get("run") or {}
    return Run(
        id=fields["run_id"],
        name=fields.get("run_name"),
        experiment=fields.get("experiment"),
        status=stated.get("status"),
        description=stated.get("description"),
    )


def _environment(fields: Fields) -> Environment:
    requirements = parse_requirements("\n".join(fields["requirements"]), "requirements.txt").value
    return Environment(python=fields["python"], requirements=tuple(requirements))


def _pairs(fields: Fields) -> Pairs:
    return tuple(sorted(fields.items()))


def _time(text: str | None) -> int | None:
    return None if text is None else parse_time(text)


def _problems(fields: Fields) -> tuple[Diagnostic, ...]:
    names = ("rule", "severity", "message", "path", "line", "column", "hint")
    return tuple(
        Diagnostic(**{name: one[name] for name in names}, count=one.get("count", 1)) for one in fields["problems"]
    )

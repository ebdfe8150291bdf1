"""The signatures that payloads are judged by: as MLflow writes them, and as the API of a site states them."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sitegen.domain.signature import Tensor, type_name
from sitegen.formats.signature import parse_signature

Spec = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One signature. `inputs` and `params` are what an MLmodel file holds."""

    name: str
    inputs: tuple[Spec, ...]
    params: tuple[Spec, ...] = ()

    def texts(self) -> dict[str, str | None]:
        """The three texts of an MLmodel file."""
        params = json.dumps(self.params) if self.params else None
        return {"inputs": json.dumps(self.inputs), "outputs": None, "params": params}

    @cache  # noqa: B019 - there are a dozen
    def api(self) -> dict[str, list[Spec] | None]:
        """`inputs` and `params` as the API has them."""
        texts = self.texts()
        signature, findings = parse_signature(texts["inputs"], None, texts["params"])
        assert not findings, (self.name, findings)
        inputs = [
            {
                "name": one.name,
                "type": type_name(one.type),
                "required": one.required,
                "shape": list(one.type.shape) if isinstance(one.type, Tensor) else None,
            }
            for one in signature.inputs or ()
        ]
        params = [
            {
                "name": one.name,
                "type": type_name(one.type),
                "default": one.default,
                "shape": list(one.shape) if one.shape else None,
            }
            for one in signature.params or ()
        ]
        return {"inputs": inputs, "params": params or None}

    def __hash__(self) -> int:
        return hash(self.name)


def column(type: str | Spec, name: str | None = None, required: bool = True) -> Spec:
    """An input of a table."""
    kind = {"type": type} if isinstance(type, str) else type
    return {**kind, "required": required} if name is None else {**kind, "name": name, "required": required}


def array(items: str | Spec) -> Spec:
    """A list type."""
    return {"type": "array", "items": {"type": items} if isinstance(items, str) else items}


def mapping(values: str | Spec) -> Spec:
    """A map type."""
    return {"type": "map", "values": {"type": values} if isinstance(values, str) else values}


def object_of(**members: str | Spec) -> Spec:
    """An object type; a name that ends in `_` is that of an optional property."""
    return {
        "type": "object",
        "properties": {
            name.rstrip("_"): {
                **({"type": kind} if isinstance(kind, str) else kind),
                "required": not name.endswith("_"),
            }
            for name, kind in members.items()
        },
    }


def tensor(dtype: str, shape: list[int], name: str | None = None) -> Spec:
    """A tensor."""
    spec = {"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}}
    return spec if name is None else {"name": name, **spec}


def param(name: str, type: str | Spec, default: object, shape: list[int] | None = None) -> Spec:
    """A param."""
    kind = {"type": type} if isinstance(type, str) else type
    return {"name": name, "default": default, "shape": shape, **kind}


SCALARS = ("boolean", "integer", "long", "float", "double", "string", "binary", "datetime")

CASES = (
    Case("scalars", tuple(column(kind, kind) for kind in SCALARS)),
    Case(
        "optional columns",
        (
            column("integer", "age"),
            column("double", "BMI"),
            column("string", "city", required=False),
            column("boolean", "smoker", required=False),
            column("long", "id", required=False),
            column("float", "weight", required=False),
        ),
    ),
    Case(
        "nested objects",
        (
            column(object_of(zip="long", street="string", floor_="long", tags_=array("string")), "address"),
            column(array("double"), "scores"),
            column(mapping("double"), "prices", required=False),
            column("string", "name"),
            column(array(object_of(sku="string", count="long", note_="string")), "items", required=False),
        ),
    ),
    Case(
        "deep types",
        (
            column({"type": "any"}, "extra"),
            column(mapping(array("long")), "index"),
            column(array(array("long")), "grid"),
            column(object_of(inner=object_of(x="double", flag_="boolean"), when_="datetime"), "outer", required=False),
            column(array("boolean"), "flags", required=False),
            column(array("integer"), "small", required=False),
            column(array("float"), "weights", required=False),
        ),
    ),
    Case("unnamed tensor", (tensor("float32", [-1, 2, 2]),)),
    Case(
        "named tensors",
        (
            tensor("int64", [-1, 3], "ids"),
            tensor("float64", [-1], "value"),
            tensor("bool", [-1, 2], "mask"),
            tensor("str", [-1], "label"),
        ),
    ),
    Case("unnamed columns", (column("double"), column("long"), column("string"))),
    Case(
        "params",
        (column("double", "x"), column("long", "y")),
        (
            param("temperature", "double", 0.5),
            param("top_k", "integer", 10),
            param("seed", "long", None),
            param("scale", "float", 1.0),
            param("mode", "string", "fast"),
            param("stream", "boolean", False),
            param("since", "datetime", "2024-01-01T00:00:00"),
            param("stop", "string", ["a"], [-1]),
            param("weights", "double", [0.5, 1.5], [-1]),
            param("filter", object_of(field="string", limit_="long"), {"field": "a"}),
        ),
    ),
    Case(
        "one column and params",
        (column("string", "prompt_text"),),
        (param("max_tokens", "integer", 100), param("temperature", "float", 0.1)),
    ),
    Case(
        "dates, bytes, vectors",
        (
            column("datetime", "when"),
            column("binary", "blob", required=False),
            column({"type": "sparkml_vector"}, "features"),
            column("boolean", "flag", required=False),
            column({"type": "any"}, "context", required=False),
        ),
    ),
    Case("one small tensor", (tensor("uint8", [-1, 3], "pixels"),)),
    Case("ragged tensor", (tensor("float64", [-1, -1, 2]),)),
    Case("unnamed matrix", (tensor("int32", [-1, 3]),)),
    Case("map columns", (column(mapping("string"), "labels"), column(mapping("double"), "rates", required=False))),
)

"""The signature of a model: its inputs, outputs and params."""

import json
from dataclasses import dataclass
from typing import Literal

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Scalar:
    """boolean, integer, long, float, double, string, binary or datetime."""

    name: str


@dataclass(frozen=True)
class Array:
    """A list whose items all have one type."""

    items: "Type"


@dataclass(frozen=True)
class Map:
    """A mapping from strings to values of one type."""

    values: "Type"


@dataclass(frozen=True)
class Property:
    """One named member of an object. `required` False means that it may be absent."""

    name: str
    type: "Type"
    required: bool = True


@dataclass(frozen=True)
class Object:
    """A mapping with known members, sorted by name. MLflow refuses members that it does not know."""

    properties: tuple[Property, ...]


@dataclass(frozen=True)
class AnyType:
    """Any JSON value (MLflow 2.19 and later)."""


@dataclass(frozen=True)
class Vector:
    """Spark ML's vector, `sparkml_vector` in the file."""


@dataclass(frozen=True)
class Tensor:
    """An array of one numpy dtype. `shape` counts elements per axis, -1 stands for any number."""

    dtype: str
    shape: tuple[int, ...]


Type = Scalar | Array | Map | Object | AnyType | Vector | Tensor


@dataclass(frozen=True, kw_only=True)
class Column:
    """One input or output: a column of a table, or a tensor.

    `name` None: unnamed. `required` None: the file does not say and the type is no scalar; MLflow then treats
    the column as optional. Optional means that it may be absent, not that it may be null.
    """

    name: str | None
    type: Type
    required: bool | None = True


@dataclass(frozen=True, kw_only=True)
class ParamSpec:
    """One param that a call may carry beside its data. `shape` (-1,) means a list of `type`, None a single value."""

    name: str
    type: Type
    default: Json
    shape: tuple[int, ...] | None = None


Kind = Literal["columns", "tensors", "mixed", "none"]


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The contract between a model and its callers. None: the file does not state this part.

    `unreadable` names the parts of the file that cannot be parsed completely.
    """

    inputs: tuple[Column, ...] | None = None
    outputs: tuple[Column, ...] | None = None
    params: tuple[ParamSpec, ...] | None = None
    unreadable: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """`columns` for tables, `tensors` for arrays; `mixed` (which MLflow refuses); `none` without inputs."""
        return kind_of(self.inputs)


def kind_of(columns: tuple[Column, ...] | None) -> Kind:
    """The kind of one side of a signature."""
    if not columns:
        return "none"
    tensors = sum([isinstance(column.type, Tensor) for column in columns])
    return "columns" if not tensors else "tensors" if tensors == len(columns) else "mixed"


def type_name(type: Type) -> str:
    """The type as one line: `double`, `array<T>`, `map<T>`, `object{"a":T,"b"?:T}`, a tensor's dtype."""
    match type:
        case Scalar(name):
            return name
        case Array(items):
            return f"array<{type_name(items)}>"
        case Map(values):
            return f"map<{type_name(values)}>"
        case Object(properties):
            return "object{" + ",".join(map(_property_name, properties)) + "}"
        case AnyType():
            return "any"
        case Vector():
            return "sparkml_vector"
        case Tensor(dtype, _):
            return dtype


def _property_name(member: Property) -> str:
    mark = "" if member.required else "?"
    return f"{json.dumps(member.name, ensure_ascii=False)}{mark}:{type_name(member.type)}"

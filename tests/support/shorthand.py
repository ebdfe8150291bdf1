"""Signatures as one line of text, for tables of tests: `age: long, note?: string | top: long = 3 -> score: double`.

Inputs, then ` | ` and params, then ` -> ` and outputs; a part that is not there is not stated. A name may be left out
(`long`). Types are written as pages show them, tensors as `float64(-1,2)`, properties as `object{a: long, b?: any}`.
"""

import json
import re
from collections.abc import Iterator

from sitegen.domain.signature import (
    AnyType,
    Array,
    Column,
    Map,
    Object,
    ParamSpec,
    Property,
    Scalar,
    Signature,
    Tensor,
    Type,
    Vector,
)


def signature(text: str) -> Signature | None:
    """The signature that a line states; None for `none`."""
    if text == "none":
        return None
    rest, arrow, outputs = text.partition("->")
    inputs, bar, params = rest.partition("|")
    return Signature(
        inputs=tuple(map(column, items(inputs))) if inputs.strip() else None,
        outputs=tuple(map(column, items(outputs))) if arrow else None,
        params=tuple(map(param, items(params))) if bar else None,
    )


def items(text: str) -> Iterator[str]:
    """The items between commas that are in no brackets."""
    depth, item = 0, ""
    for letter in text:
        depth += (letter in "<{([") - (letter in ">})]")
        if letter == "," and depth == 0:
            yield item.strip()
            item = ""
        else:
            item += letter
    if item.strip():
        yield item.strip()


def column(text: str) -> Column:
    """A column, a tensor: `age: long`, `age?: long`, `long`."""
    name, required, kind = member(text)
    return Column(name=name, type=kind, required=required)


def member(text: str) -> tuple[str | None, bool, Type]:
    """Name, whether it must be there, type."""
    found = re.match(r"""(?P<name>""|[\w ]+)(?P<optional>\??):\s*(?P<type>.+)""", text)
    if not found:
        return None, True, type_of(text)
    return found["name"].strip('"'), not found["optional"], type_of(found["type"])


def param(text: str) -> ParamSpec:
    """A param: `top: long = 3`; the default tells whether it is a list."""
    spec, _, default = text.partition("=")
    name, _, kind = member(spec.strip())
    value = json.loads(default)
    return ParamSpec(name=name or "", type=kind, default=value, shape=(-1,) if isinstance(value, list) else None)


def type_of(text: str) -> Type:
    """A type as pages show it."""
    text = text.strip()
    if inner := re.fullmatch(r"(array|map)<(.+)>", text):
        return (Array if inner[1] == "array" else Map)(type_of(inner[2]))
    if inner := re.fullmatch(r"object\{(.*)\}", text):
        found = [Property(str(name), kind, required) for name, required, kind in map(member, items(inner[1]))]
        return Object(tuple(sorted(found, key=lambda one: one.name)))
    if inner := re.fullmatch(r"(\w+(?:\[\w+\])?)\((.*)\)", text):
        return Tensor(inner[1], tuple(int(size) for size in inner[2].split(",") if size))
    return {"any": AnyType(), "sparkml_vector": Vector()}.get(text) or Scalar(text)

"""Random signatures that MLflow can load: tables, arrays, nested types, params.

A signature is a dict of three lists (`inputs`, `outputs`, `params`, each None where it is not stated) whose items are
those that MLflow writes into MLmodel; `texts` turns it into the three JSON texts of that file.
"""

import json
from random import Random
from typing import Any

Item = dict[str, Any]
Draft = dict[str, list[Item] | None]
Texts = dict[str, str | None]

SCALARS = ("boolean", "integer", "long", "float", "double", "string", "binary", "datetime")
COMMON = ("long", "double", "string", "integer", "float", "boolean")
DTYPES = ("float64", "float32", "int64", "int32", "uint8", "bool", "object", "str", "int16", "uint64", "float16")
RARE_DTYPES = ("datetime64[ns]", "datetime64[s]", "timedelta64[ns]", "float128", "complex64", "bytes", "void")
NAMES = ("age", "income", "city", "Age", "zip", "note", "score", "day", "p q", "naïve", "0", "1", "x.y")
DEFAULTS: dict[str, list[object]] = {
    "boolean": [True, False],
    "integer": [3, 0],
    "long": [5, 5_000_000_000, 1],
    "float": [0.5, 2.0],
    "double": [0.1, 1.0],
    "string": ["text", "2024-01-01", "7"],
    "datetime": ["2024-01-01T00:00:00", "1999-12-31T12:00:00"],
}


def texts(signature: Draft) -> Texts | None:
    """The three texts that an MLmodel file holds; None where no part is stated, since MLflow loads no empty one."""
    stated = {part: None if items is None else json.dumps(items) for part, items in signature.items()}
    return stated if any(stated.values()) else None


def draft(random: Random) -> Draft:
    """A signature that MLflow can load."""
    params = [param(random, name) for name in random.sample(NAMES, random.randint(1, 3))]
    return {
        "inputs": schema(random),
        "outputs": schema(random) if random.random() < 0.6 else None,
        "params": params if random.random() < 0.3 else None,
    }


def schema(random: Random) -> list[Item]:
    """Named columns (most), unnamed columns, an unnamed tensor, or named tensors."""
    kind = random.random()
    names = random.sample(NAMES, random.randint(1, 5))
    if kind < 0.65:
        return [column(random, name) for name in names]
    if kind < 0.75:
        return [{**column(random, None), "required": True} for _ in names]
    if kind < 0.88:
        return [tensor(random, None)]
    return [tensor(random, name) for name in names[:3]]


def column(random: Random, name: str | None) -> Item:
    """A column; one in five optional, hand-written ones now and then without the key."""
    item = {**type_of(random, 0), "required": random.random() < 0.8}
    if name is not None:
        item["name"] = name
        if random.random() < 0.05:
            del item["required"]
    return item


def type_of(random: Random, depth: int) -> Item:
    """A scalar, or (less the deeper) a nested type."""
    kind = random.random() + 0.12 * depth
    if kind > 0.32:
        return {"type": random.choice(COMMON if random.random() < 0.8 else SCALARS)}
    if kind < 0.1:
        return {"type": "array", "items": type_of(random, depth + 1)}
    if kind < 0.2:
        members = {name: member(random, depth) for name in random.sample(NAMES, random.randint(1, 3))}
        return {"type": "object", "properties": members}
    if kind < 0.26:
        return {"type": "map", "values": type_of(random, depth + 1)}
    return {"type": "sparkml_vector" if kind > 0.3 and not depth else "any"}


def member(random: Random, depth: int) -> Item:
    """A property of an object."""
    return {**type_of(random, depth + 1), "required": random.random() < 0.75}


def any_dtype(random: Random) -> str:
    """A dtype of a tensor; one in eight is no number that JSON has."""
    return random.choice(DTYPES if random.random() < 0.875 else RARE_DTYPES)


def tensor(random: Random, name: str | None) -> Item:
    """A tensor, usually with a free batch."""
    shape = [-1 if random.random() < 0.85 else 2, *(random.choice((-1, 1, 2, 3)) for _ in range(random.randint(0, 2)))]
    item: Item = {"type": "tensor", "tensor-spec": {"dtype": any_dtype(random), "shape": shape}}
    return item if name is None else {**item, "name": name}


def param(random: Random, name: str) -> Item:
    """A param: a single value, a list, seldom an object or one without a default."""
    if random.random() < 0.08:
        members: Item = {"a": {"type": "double", "required": True}, "b": {"type": "string", "required": False}}
        return {"name": name, "type": "object", "properties": members, "default": {"a": 0.5}, "shape": None}
    kind = random.choice(tuple(DEFAULTS))
    default = random.choice(DEFAULTS[kind])
    if random.random() < 0.25:
        return {"name": name, "type": kind, "default": [default], "shape": [-1]}
    empty = kind != "datetime" and random.random() < 0.1
    return {"name": name, "type": kind, "default": None if empty else default, "shape": None}

"""Whatever MLflow does not load never passes `sitegen compare`. Asked where SITEGEN_MLFLOW_PYTHON names a Python."""

import json
import random
from pathlib import Path

import pytest

from tests.mlflow.truth.asking import PYTHONS, VARIABLE, ask
from tests.process.test_gate import GOOD, PYFUNC, REFUSED, SIGNATURE
from tests.support import sites
from tests.support.registries import COLUMNS, ONE, SIGNED, mlmodel

pytestmark = pytest.mark.skipif(not PYTHONS, reason=f"{VARIABLE} names no Python that has MLflow")

SCRIPT = Path(__file__).with_name("mlflow_loads.py")

FIELDS = (
    *(
        "1: x",
        "null: x",
        "true: x",
        "2024-01-01: x",
        "self: 1",
        "_signature: 5",
        "x: 2024-13-45",
        "x: =",
        "x: !!int abc",
    ),
    *("x: !foo b", "x: !!binary a", "x: !!set {a, b}", "x: !!timestamp no", "x: !!bool no", "<<: 5", "<<: {a: 1}"),
    *("x: 0b", "x: 0o8", "x: 1:99:99", "x: 1_000", "x: " + "9" * 5000, "env_vars: x", "env_vars: [1]", "resources: no"),
    *("metadata: 5", "run_id: {}", "x: &a [*a]", "x: *q", "x: \t1", "x: a: b", "x: [1", "x: !!omap [a: 1]", "~: 3"),
    *("x: !!float no", "x: 2024-02-30 10:00:00", "x: 2024-01-01T10:00:00+99:99", "x: \x85y", "x: \x7f", "{}", "- x"),
    *("signature: {}", "signature: []", "flavors: []", "flavors: {python_function: {}}", "flavors: {1: {}}"),
)
VALUES = (
    *(None, True, 0, 5, 2**40, 10**20, 1.5, "a", "", "2024-01-01", "2024-13-01", "20240101", "NaN", float("nan")),
    *([], [1], [1, "a"], ["2024-01-01"], [[1]], ["NaN"], [None], {}, {"a": 1}, {"a": "x"}, {"a": [1]}, {"b": 1}),
)
TYPES = ("long", "double", "string", "datetime", "boolean", "float", "integer", "binary", "object", "array", "any")


def params(numbers: random.Random) -> str:
    """A model with one param of some type, with some default and shape."""
    kind, inner = numbers.choice(TYPES), {"type": numbers.choice(TYPES[:7]), "required": numbers.random() < 0.5}
    param = {"name": "p", "type": kind, "default": numbers.choice(VALUES), "properties": {"a": inner}}
    if numbers.random() < 0.4:
        param["shape"] = numbers.choice([None, [-1], [2], [], 0, "x"])
    if kind != "object":
        del param["properties"]
    return mlmodel(COLUMNS, ONE, [param])


def damaged(numbers: random.Random) -> str:
    """A good file with some letters replaced."""
    text = SIGNED
    for _ in range(numbers.randint(1, 3)):
        start = numbers.randrange(len(text))
        piece = numbers.choice([*":\n '\"[{#&*!?|>%@1=", "null", "- ", "<<: "])
        text = text[:start] + piece + text[start + numbers.choice([0, 1, 5, 40]) :]
    return text


def test_what_mlflow_does_not_load_never_passes(tmp_path: Path) -> None:
    """Not from a table of oddities, not from random params, not from damaged files; and what is fine passes."""
    numbers = random.Random(7)
    table = [text for text, _, _ in REFUSED.values()] + [f"{PYFUNC}{SIGNATURE}{field}\n" for field in FIELDS]
    texts = table + list(GOOD.values()) + [make(numbers) for make in (params, damaged) for _ in range(300)]
    answers = json.loads(ask(PYTHONS[0], SCRIPT, lines=json.dumps(texts)).splitlines()[-1])
    place = tmp_path / "MLmodel"
    passed = []
    for text, refusal in zip(texts, answers, strict=True):
        place.write_text(text, encoding="utf-8")
        code = sites.sitegen("compare", place, place).code
        assert code in (0, 1, 2)
        assert code or not refusal, (refusal, text)
        passed += [text] if code == 0 else []
    assert set(GOOD.values()) <= set(passed)
    assert sum(not refusal for refusal in answers) < 1.5 * len(passed)

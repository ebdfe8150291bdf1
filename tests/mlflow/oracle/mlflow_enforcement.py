"""Asks MLflow's own enforcement: are calls that fit an old signature taken by a new one, and unchanged?

Runs alone in an interpreter that has MLflow; it imports nothing of this repository but its neighbour. Reads one JSON
object a line, `{"old": S, "new": S}`, where S is null or the three texts `{"inputs", "outputs", "params"}` of an
MLmodel file. Writes one a line, with an answer for each way to call:

    {"python": A, "rest": A, "python_params": A, "rest_params": A, "why": {...}, "unsent": {"python": [...], ...}}

accepted: every call that the old model takes is taken by the new one. lossy: taken, but MLflow drops something that
the caller sends. altered: taken, but the new model sees other values than the old one. partly: some calls are taken,
some refused, so it depends on the data. refused: no call is taken. untried: there is no call that the old model takes,
or nothing is known about its callers. unloadable: MLflow cannot read one of the signatures. `unsent` names inputs and
properties that are in no call which the old model takes, so that nothing is known about them.

A Python caller hands objects to predict(); a REST caller sends JSON, which the scoring server casts to the schema of
the model that it serves. `--matrix` prints the tables that sitegen/analysis/compat/mlflow_casts.py holds.
"""

import json
import logging
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Iterable

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow.models.signature import ModelSignature  # noqa: E402
from mlflow.pyfunc import _validate_prediction_input  # noqa: E402
from mlflow.pyfunc.scoring_server import infer_and_parse_data  # noqa: E402
from mlflow.types.schema import Schema  # noqa: E402
from mlflow_calls import VALUES, Call, all_parts, calls, jsonable, param_calls  # noqa: E402

logging.getLogger("mlflow").setLevel(logging.ERROR)

ROUTES = ("python", "rest", "python_params", "rest_params")

Outcome = tuple[str, str]
"""What became of one call, and why."""


# --- data ------------------------------------------------------------------------------------------------------


def enforced(schema: Schema | None, data: object, payload: object) -> object:
    """What the model would see; raises what MLflow raises. With a payload, the scoring server reads it first."""
    if payload is not None:
        data = infer_and_parse_data(json.loads(json.dumps(payload)), schema)
    # MLflow changes objects in place, and a deep copy of a table shares the objects in its cells
    data = pickle.loads(pickle.dumps(data))
    return _validate_prediction_input(data, {}, schema, None)[0]


def outcome(old: Schema, new: Schema | None, data: object, payload: object) -> Outcome | None:
    """What becomes of one call; None where the old model does not take it."""
    try:
        before = enforced(old, data, payload)
    except Exception:  # noqa: BLE001 - whatever MLflow raises is a refusal
        return None
    try:
        after = enforced(new, data, payload)
    except Exception as error:  # noqa: BLE001
        return "refused", str(error).split("Error: ")[-1].replace("\n", " ")[-200:]
    old_columns, new_columns = seen(before, after)
    for name in old_columns.keys() & new_columns.keys():
        for one, other in zip(old_columns[name], new_columns[name], strict=True):
            if not same(one, other):
                return "altered", f"{name}: {one!r} became {other!r}"
    lost = old_columns.keys() - new_columns.keys()
    return ("lossy", f"dropped: {sorted(map(str, lost))}") if lost else ("accepted", "")


def seen(before: object, after: object) -> list[dict[object, list[object]]]:
    """What two models see, as columns: by name where both know names, else by position."""
    if isinstance(before, pd.DataFrame | dict) and isinstance(after, pd.DataFrame | dict):
        return [{name: values(data[name]) for name in data} for data in (before, after)]
    return [dict(enumerate(by_position(data))) for data in (before, after)]


def values(column: pd.Series | np.ndarray) -> list[object]:
    """The values of a column of a table, or of a tensor."""
    return list(column.ravel() if isinstance(column, np.ndarray) else column)


def by_position(data: object) -> list[list[object]]:
    """The columns of a table or an array; named tensors one behind the other."""
    if isinstance(data, pd.DataFrame):
        return [list(data.iloc[:, i]) for i in range(data.shape[1])]
    if isinstance(data, dict):
        return [column for item in data.values() for column in by_position(item)]
    array = np.asarray(data)
    return [list(column) for column in array.reshape(len(array) if array.ndim else 1, -1).T]


def same(one: object, other: object) -> bool:
    """Whether two values are the same to a model. Numbers count by value, to the precision of float32."""
    one, other = (item.tolist() if isinstance(item, np.ndarray | np.generic) else item for item in (one, other))
    if isinstance(one, bool | int | float) and isinstance(other, bool | int | float):
        return bool(np.isclose(float(one), float(other), rtol=1e-6, atol=0, equal_nan=True))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    return type(one) is type(other) and one == other


# --- params ----------------------------------------------------------------------------------------------------


def param_outcome(new: object, params: dict[str, object]) -> Outcome:
    """What becomes of the params of one call, whatever its data."""
    try:
        given = _validate_prediction_input(None, pickle.loads(pickle.dumps(params)), None, new)[1]
    except Exception as error:  # noqa: BLE001
        return "refused", str(error).replace("\n", " ")[-200:]
    lost = sorted(set(params) - set(given or {}))
    return ("lossy", f"dropped: {lost}") if lost else ("accepted", "")


# --- answers ---------------------------------------------------------------------------------------------------


def summary(outcomes: Iterable[Outcome | None]) -> Outcome:
    """The answer over all calls, and the first reason for it."""
    tried = [found for found in outcomes if found]
    answers = {answer for answer, _ in tried}
    worst = next((answer for answer in ("refused", "altered", "lossy", "accepted") if answer in answers), "untried")
    why = next((why for answer, why in tried if answer == worst), "")
    return ("partly" if worst == "refused" and len(answers) > 1 else worst), why


def judge(old: ModelSignature | None, new: ModelSignature | None) -> dict[str, object]:
    """The answers for one pair of signatures."""
    schema, target = (side.inputs if side else None for side in (old, new))
    sent = list(calls(schema)) if schema else []
    unsent = {route: set(all_parts(schema)) if schema else set() for route in ("python", "rest")}

    def tried(route: str, call: Call) -> Outcome | None:
        if route == "rest" and call.payload is None:
            return None
        found = outcome(schema, target, call.data, call.payload if route == "rest" else None)
        if found:
            unsent[route] -= call.parts
        return found

    found = {route: summary([tried(route, call) for call in sent]) for route in ("python", "rest")}
    specs = new.params if new else None
    params = list(param_calls(old.params if old else None))
    found["python_params"] = summary(param_outcome(specs, given) for given in params)
    found["rest_params"] = summary(param_outcome(specs, json.loads(json.dumps(jsonable(given)))) for given in params)
    return {
        **{route: answer for route, (answer, _) in found.items()},
        "why": {route: why for route, (_, why) in found.items() if why},
        "unsent": {route: sorted(parts) for route, parts in unsent.items()},
    }


def answer(pair: dict[str, dict[str, str | None] | None]) -> dict[str, object]:
    """The answers for one line of input."""
    try:
        old, new = (ModelSignature.from_dict(pair[side]) if pair[side] else None for side in ("old", "new"))
    except Exception as error:  # noqa: BLE001
        return {**dict.fromkeys(ROUTES, "unloadable"), "why": {"load": str(error)[:200]}, "unsent": {}}
    return judge(old, new)


# --- tables ----------------------------------------------------------------------------------------------------

CELLS = {"accepted": "yes", "partly": "data", "altered": "alters", "refused": "no", "untried": "-"}
DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
DTYPES += ["float16", "float32", "float64", "object", "str"]
NESTED = {"name": "c", "required": True}
TABLES: dict[str, tuple[list[str], Callable[[str], dict[str, object]]]] = {
    "scalar": (list(VALUES), lambda name: {"name": "c", "type": name}),
    "property": (list(VALUES), lambda name: {**NESTED, "type": "object", "properties": {"p": {"type": name}}}),
    "items": (list(VALUES), lambda name: {**NESTED, "type": "array", "items": {"type": name}}),
    "dtype": (DTYPES, lambda name: {"type": "tensor", "tensor-spec": {"dtype": name, "shape": [-1, 2]}}),
}


def table(title: str, route: str) -> str:
    """What MLflow makes of each type where it expects another: rows are old types, columns new ones."""
    types, item = TABLES[title]
    texts = {name: {"inputs": json.dumps([item(name)]), "outputs": None, "params": None} for name in types}
    lines = [["", *types]]
    for old in types:
        answers = [answer({"old": texts[old], "new": texts[new]})[route] for new in types]
        lines.append([old, *(CELLS[str(found)] for found in answers)])
    return "\n".join(" ".join(f"{cell:8}" for cell in line).rstrip() for line in lines)


def main() -> None:
    """Answers lines, or prints the tables."""
    if "--matrix" in sys.argv:
        for title in TABLES:
            for route in ("python", "rest"):
                print(f"{title} {route}\n{table(title, route)}\n")
        return
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

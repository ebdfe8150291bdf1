"""Asks MLflow itself: are calls that fit an old signature taken by a new one, and unchanged, in each form of a call?

Runs alone in an interpreter that has MLflow; it imports nothing of this repository but its neighbours. Reads one JSON
object a line, `{"old": S, "new": S}`, where S is null or the three texts `{"inputs", "outputs", "params"}` of an
MLmodel file. Writes one a line, with an answer for each kind of caller and for each form of a call:

    {"python": A, "rest": A, "python_params": A, "rest_params": A, "forms": {"dict": A, ...}, "why": {...},
     "unsent": {"dict": [...], ...}}

accepted: every call that the old model takes is taken by the new one. lossy: taken, but MLflow drops something that
the caller sends. altered: taken, but the new model sees other values than the old one. partly: some calls are taken,
some refused, so it depends on the data. refused: no call that was tried is taken. untried: there is no call that the
old model takes, or nothing is known about its callers. unloadable: MLflow cannot read one of the signatures. `unsent`
names inputs and properties that are in no call of a form which the old model takes, so that nothing is known of them.

A Python caller hands objects to predict(); a REST caller sends JSON or CSV to the scoring server, which casts it to the
schema of the model that it serves: a call is taken where the server answers with status 200. `--matrix` prints the
tables that sitegen/analysis/compat/mlflow_casts.py holds.
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
from mlflow.models import Model  # noqa: E402
from mlflow.models.signature import ModelSignature  # noqa: E402
from mlflow.pyfunc import PyFuncModel, _validate_prediction_input  # noqa: E402
from mlflow.pyfunc.scoring_server import invocations  # noqa: E402
from mlflow.types.schema import Schema  # noqa: E402
from mlflow_calls import VALUES, all_parts, calls, param_calls  # noqa: E402
from mlflow_forms import FORMS, REST_FORMS, Sent, jsonable  # noqa: E402
from scipy.sparse import issparse  # noqa: E402

logging.disable(logging.CRITICAL)

PARAM_ROUTES = ("python_params", "rest_params")
ROUTES = ("python", "rest", *PARAM_ROUTES)
OK = 200

Outcome = tuple[str, str]
"""What became of one call, and why."""


# --- data ------------------------------------------------------------------------------------------------------


class Recorder:
    """A model that keeps what it is given."""

    seen: object = None

    def predict(self, model_input: object) -> list[object]:
        """Keeps the data and predicts nothing."""
        self.seen = model_input
        return []


class Served:
    """A model of one schema, as MLflow loads and serves it."""

    def __init__(self, schema: Schema | None) -> None:
        self.schema = schema
        self.recorder = Recorder()
        signature = ModelSignature(inputs=schema) if schema else None
        flavors = {"python_function": {"loader_module": "recorder"}}
        self.model = PyFuncModel(Model(signature=signature, flavors=flavors), self.recorder)

    def __call__(self, sent: Sent) -> object:
        """What the model sees of a call; raises what MLflow raises."""
        if sent.over_rest:
            kind = "text/csv" if sent.form == "csv" else "application/json"
            answer = invocations(sent.data, kind, self.model, self.schema)
            if answer.status != OK:
                raise ValueError(answer.response)
        else:
            # MLflow changes objects in place, and a deep copy of a table shares the objects in its cells
            self.model.predict(pickle.loads(pickle.dumps(sent.data)))
        return self.recorder.seen


def outcome(old: Served, new: Served, sent: Sent) -> Outcome | None:
    """What becomes of one call; None where the old model does not take it."""
    try:
        before = old(sent)
    except Exception:  # noqa: BLE001 - whatever MLflow raises is a refusal
        return None
    if isinstance(before, pd.DataFrame) and before.empty:
        return None  # MLflow knew nothing of what was sent, and dropped it
    try:
        after = new(sent)
    except Exception as error:  # noqa: BLE001
        return "refused", str(error).split("Error: ")[-1].replace("\n", " ")[-200:]
    old_columns, new_columns = seen(before, after)
    for name in old_columns.keys() & new_columns.keys():
        one, other = old_columns[name], new_columns[name]
        if new.schema is None:  # the data arrives in whatever form it was sent, and None or NaN is the form's choice
            one, other = ([without_null(item) for item in items] for items in (one, other))
        if len(one) != len(other) or not all(map(same, one, other)):
            return "altered", f"{name}: {one!r} became {other!r}"
    lost = old_columns.keys() - new_columns.keys()
    return ("lossy", f"dropped: {sorted(map(str, lost))}") if lost else ("accepted", "")


def seen(before: object, after: object) -> list[dict[object, list[object]]]:
    """What two models see, as columns: by name where both know names, else by position."""
    before, after = (pd.DataFrame(data) if is_records(data) else data for data in (before, after))
    if isinstance(before, pd.DataFrame) and isinstance(after, dict) and len(before) == 1:
        after = {name: [item] for name, item in after.items()}  # one row, which a model without a schema gets as it is
    if isinstance(before, pd.DataFrame | dict) and isinstance(after, pd.DataFrame | dict):
        return [{name: values(data[name]) for name in data} for data in (before, after)]
    return [dict(enumerate(by_position(data))) for data in (before, after)]


def is_records(data: object) -> bool:
    """Whether data is a list of dicts, as a model without a schema gets it."""
    return isinstance(data, list) and bool(data) and all(isinstance(item, dict) for item in data)


def values(column: object) -> list[object]:
    """The values of a column of a table, of a tensor, or of an entry of a dict, which may be a single one."""
    if isinstance(column, np.ndarray):
        return list(column.ravel())
    return list(column) if isinstance(column, list | pd.Series) else [column]


def by_position(data: object) -> list[list[object]]:
    """The columns of a table or an array; named tensors one behind the other."""
    if isinstance(data, pd.DataFrame):
        return [list(data.iloc[:, i]) for i in range(data.shape[1])]
    if isinstance(data, dict):
        return [column for item in data.values() for column in by_position(item)]
    try:
        array = data.toarray() if issparse(data) else np.asarray(data)
    except ValueError:  # lists of different lengths
        rows = list(data)
        whole = all(isinstance(row, list) for row in rows) and len(set(map(len, rows))) == 1
        return [list(column) for column in zip(*rows, strict=True)] if whole else [rows]
    return [list(column) for column in array.reshape(len(array) if array.ndim else 1, -1).T]


def plain(item: object) -> object:
    """The value of numpy's, as plain Python or pandas have it."""
    if isinstance(item, np.datetime64):
        return pd.Timestamp(item)
    if isinstance(item, np.longdouble):  # tolist() leaves it
        return float(item)
    return item.tolist() if isinstance(item, np.ndarray | np.generic) else item


def without_null(item: object) -> object:
    """The value, None for every kind of null."""
    item = plain(item)
    return None if item is pd.NaT or (isinstance(item, float) and item != item) else item


def same(one: object, other: object) -> bool:
    """Whether two values are the same to a model. Numbers count by value, to the precision of float32."""
    one, other = map(plain, (one, other))
    if isinstance(one, bool | int | float) and isinstance(other, bool | int | float):
        return bool(np.isclose(float(one), float(other), rtol=1e-6, atol=0, equal_nan=True))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    return type(one) is type(other) and bool(one is other or one == other)  # NaT does not equal itself


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


def judge(old: ModelSignature | None, new: ModelSignature | None, *, thorough: bool) -> dict[str, object]:
    """The answers for one pair of signatures. Not `thorough`: a form is done with its first call that breaks."""
    schema, target = (side.inputs if side else None for side in (old, new))
    unsent = {form: set(all_parts(schema)) if schema else set() for form in FORMS}
    found: dict[str, list[Outcome]] = {form: [] for form in FORMS}
    if schema:
        before, after = Served(schema), Served(target)
        for call in calls(schema):
            if not thorough and {answer for answer, _ in found[call.sent.form]} & {"refused", "altered"}:
                continue
            if result := outcome(before, after, call.sent):
                found[call.sent.form].append(result)
                unsent[call.sent.form] -= call.parts
    routes = {
        route: [result for form in FORMS if (form in REST_FORMS) == (route == "rest") for result in found[form]]
        for route in ("python", "rest")
    }
    answers = {key: summary(results) for key, results in {**routes, **found, **params_asked(old, new)}.items()}
    return {
        **{route: answers[route][0] for route in ROUTES},
        "forms": {form: answers[form][0] for form in FORMS},
        "why": {key: why for key, (_, why) in answers.items() if why},
        "unsent": {form: sorted(parts) for form, parts in unsent.items()},
    }


def params_asked(old: ModelSignature | None, new: ModelSignature | None) -> dict[str, list[Outcome]]:
    """What becomes of each param that the old model takes, from Python and as JSON."""
    before, after = (side.params if side else None for side in (old, new))
    found: dict[str, list[Outcome]] = {route: [] for route in PARAM_ROUTES}
    for given, in_json in param_calls(before):
        for route in PARAM_ROUTES if in_json else PARAM_ROUTES[:1]:
            sent = json.loads(json.dumps(jsonable(given))) if route == "rest_params" else given
            if param_outcome(before, sent)[0] == "accepted":
                found[route].append(param_outcome(after, sent))
    return found


def answer(pair: dict[str, dict[str, str | None] | None], *, thorough: bool = False) -> dict[str, object]:
    """The answers for one line of input."""
    try:
        old, new = (ModelSignature.from_dict(pair[side]) if pair[side] else None for side in ("old", "new"))
    except Exception as error:  # noqa: BLE001
        return {**dict.fromkeys(ROUTES, "unloadable"), "forms": {}, "why": {"load": str(error)[:200]}, "unsent": {}}
    return judge(old, new, thorough=thorough)


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


def tables(title: str) -> dict[str, str]:
    """What MLflow makes of each type where it expects another, by form: rows are old types, columns new ones."""
    types, item = TABLES[title]
    texts = {name: {"inputs": json.dumps([item(name)]), "outputs": None, "params": None} for name in types}
    found = {
        (old, new): answer({"old": texts[old], "new": texts[new]}, thorough=True)["forms"]
        for old in types
        for new in types
    }
    lines = {form: [["", *types]] for form in FORMS}
    for form in FORMS:
        lines[form] += [[old, *(CELLS[found[old, new][form]] for new in types)] for old in types]
    return {
        form: "\n".join(" ".join(f"{cell:8}" for cell in line).rstrip() for line in rows)
        for form, rows in lines.items()
        if any(set(line[1:]) - {"-"} for line in rows[1:])
    }


def main() -> None:
    """Answers lines, or prints the tables."""
    if "--matrix" in sys.argv:
        for title in sys.argv[2:] or TABLES:
            for form, text in tables(title).items():
                print(f"{title} {form}\n{text}\n", flush=True)
        return
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

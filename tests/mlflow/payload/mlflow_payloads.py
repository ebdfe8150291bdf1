"""Asks MLflow what becomes of payloads: its scoring server, and predict() on what a Python caller hands over.

Runs alone in an interpreter that has MLflow; it imports nothing of this repository. The first line of input is a JSON
list of signatures, each the three texts of an MLmodel file. Each further line is `{"signature": N, "text": "...",
"casts": code or null}`. Writes one line for each of them:

    {"rest": V, "python": V, "casts": V, "why": {...}}

V is accepted, changed (the model receives another value than the one that was sent), refused, or none: there is nothing
that a Python caller could hand over. `casts` is the verdict after running the code on the caller's `data`.
"""

import asyncio
import base64
import csv
import io
import json
import logging
import math
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow.models.signature import ModelSignature  # noqa: E402
from mlflow.pyfunc import scoring_server  # noqa: E402
from mlflow.types.schema import AnyType, Array, DataType, Map, Object, TensorSpec  # noqa: E402

logging.getLogger("mlflow").setLevel(logging.CRITICAL)
np.seterr(all="ignore")

FORMS = ("dataframe_split", "dataframe_records", "inputs", "instances")
CHAT = ("messages", "prompt", "input")
PRECISION = {"float16": 2**-11, "float32": 2**-24, "float": 2**-24}
NUMERIC = ("int", "uint", "float", "double", "integer", "long")
ABSENT = None
"""What was not sent arrives as a missing value, like null."""


class Recorder(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """A model that remembers what it receives."""

    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # noqa: ARG002
        """Nothing. (Without type hints, from which MLflow would infer a signature.)"""
        self.seen = (model_input, params)
        return []


@dataclass
class Model:
    """A model of one signature, and its server."""

    model: Any
    recorder: Recorder
    app: Any
    signature: ModelSignature

    def post(self, body: str, content_type: str) -> int:
        """The status of a request to /invocations."""
        return asyncio.run(call(self.app, body.encode("utf-8", "surrogatepass"), content_type))


async def call(app: Any, body: bytes, content_type: str) -> int:
    """One request to an ASGI application."""
    told: list[int] = []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/invocations", "raw_path": b"/invocations", "query_string": b"", "root_path": "",
        "headers": [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
    }  # fmt: skip

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    try:
        await app(scope, receive, send)
    except Exception:  # noqa: BLE001 - a server answers this with 500
        return 500
    return told[0]


def load(texts: dict[str, str | None], folder: str) -> Model:
    """A model of a signature."""
    signature = ModelSignature.from_dict(texts)
    mlflow.pyfunc.save_model(folder, python_model=Recorder(), signature=signature, pip_requirements=[])
    model = mlflow.pyfunc.load_model(folder)
    return Model(model, model.unwrap_python_model(), scoring_server.init(model), signature)


# --- what was sent ---------------------------------------------------------------------------------------------


class Cell(str):
    """A cell of CSV, which has no type."""

    __slots__ = ()


def is_json(text: str) -> bool:
    """Whether a text is sent as JSON: it starts like a list or an object."""
    return text.strip()[:1] in ("[", "{")


def parse(text: str) -> Any:
    """The request of a JSON text; None where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def overflows(text: str) -> bool:
    """Whether a number of the text is written with digits and read as infinite."""
    found: list[bool] = []
    try:
        json.loads(text, parse_float=lambda digits: found.append(math.isinf(float(digits))))
    except ValueError:
        return False
    return any(found)


def sent_data(request: dict[str, Any], model: Model) -> Any:
    """The data of a request, whatever its form."""
    if any(key in request for key in CHAT):
        return {key: value for key, value in request.items() if key not in param_names(model)}
    return next(request[form] for form in FORMS if form in request)


def param_names(model: Model) -> list[str]:
    """Params of the signature."""
    return [one.name for one in model.signature.params or ()]


def sent_params(request: dict[str, Any], model: Model) -> Any:
    """The params of a request."""
    if any(key in request for key in CHAT):
        return {key: value for key, value in request.items() if key in param_names(model)}
    return request.get("params")


def column_of(data: Any, name: Any, place: int, rows: int) -> list[list[Any]]:
    """What was sent for a column of a table: one list of cells, or two where both readings are possible."""
    if isinstance(data, list) and data and all(isinstance(one, dict) for one in data):
        cells = [one.get(name) for one in data]
        return [cells, [cells]]
    if isinstance(data, list):
        if all(isinstance(one, list) for one in data):
            return [[one[place] if place < len(one) else ABSENT for one in data], data]
        return [data]
    if isinstance(data, dict):
        found = data.get(name)
        if isinstance(found, dict) and rows != 1:
            return [[found] * rows]
        if isinstance(found, list):
            return [found, [found]]
        return [[found] * rows]
    return [[data]]


def split_column(body: dict[str, Any], name: Any, place: int, rows: int) -> list[list[Any]]:
    """The same for dataframe_split."""
    data, columns = body["data"], body.get("columns")
    if isinstance(data, dict) or (isinstance(data, list) and data and isinstance(data[0], dict)):
        return column_of(data, name, place, rows)
    if not isinstance(data, list):
        return [[data] * rows]
    at = columns.index(name) if columns and name in columns else place
    cells = [(one[at] if at < len(one) else ABSENT) if isinstance(one, list) else one for one in data]
    return [data] if data and not isinstance(data[0], list) else [cells]


# --- whether it arrives ----------------------------------------------------------------------------------------


def missing(value: Any) -> bool:
    """None, NaN, NaT."""
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return isinstance(value, float | np.floating) and math.isnan(value)


def same_number(sent: float, got: Any, kind: str) -> bool:
    """Whole numbers exactly, fractions to the precision of the type."""
    if isinstance(sent, int) or isinstance(got, int):
        return bool(sent == got)
    if sent == got:
        return True
    return math.isfinite(sent) and math.isfinite(got) and abs(got - sent) <= abs(sent) * PRECISION.get(kind, 2**-51)


def same_cell(cell: Cell, got: Any, kind: str) -> bool:
    """A cell of CSV, read as the type wants it."""
    text = str(cell)
    if text == "":
        return same(None, got, kind)
    if isinstance(got, str):
        return text == got
    if missing(got):
        return text in ("NaN", "nan") and not kind.startswith(NUMERIC)
    if isinstance(got, bool):
        return text.lower() == str(got).lower()
    try:
        number = int(text) if text.strip().lstrip("+-").isdigit() else float(text)
    except ValueError:
        return False
    if isinstance(number, float) and math.isinf(number) and "inf" not in text.lower():
        return False
    return same(number, got, kind)


def same(sent: Any, got: Any, kind: str) -> bool:
    """Whether one value arrives as it was sent."""
    if isinstance(got, np.generic) and not isinstance(got, np.datetime64):
        got = got.item()
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    if isinstance(sent, Cell):
        return same_cell(sent, got, kind)
    if sent is None:
        return missing(got) and not (isinstance(got, float) and kind.startswith(NUMERIC))
    if isinstance(sent, bool):
        return isinstance(got, bool) and sent == got
    if isinstance(sent, int | float):
        if isinstance(sent, float) and math.isnan(sent):
            return missing(got)
        return isinstance(got, int | float) and not isinstance(got, bool) and same_number(sent, got, kind)
    if isinstance(sent, str):
        return same_text(sent, got)
    return False


def same_text(sent: str, got: Any) -> bool:
    """Texts, dates and bytes."""
    if isinstance(got, str):
        return sent == got
    if isinstance(got, bytes):
        return base64.b64encode(got).decode() == sent.replace("\n", "")
    if isinstance(got, int | float):
        return False
    try:
        meant = pd.Timestamp(sent)
        if missing(got) or meant is pd.NaT:
            return missing(got) and meant is pd.NaT
        return bool(
            meant.tz_localize(None) == pd.Timestamp(got)
            if meant.tz is None
            else meant.tz_convert(None) == pd.Timestamp(got)
        )
    except (ValueError, TypeError):
        return False


def arrives(sent: Any, got: Any, kind: Any) -> bool:
    """The same for lists and objects."""
    if isinstance(got, np.ndarray) and got.ndim:
        got = list(got)
    if isinstance(got, list) or isinstance(sent, list):
        inner = kind.dtype if isinstance(kind, Array) else kind
        both = isinstance(got, list) and isinstance(sent, list) and len(got) == len(sent)
        return both and all(arrives(one, other, inner) for one, other in zip(sent, got, strict=True))
    if isinstance(got, dict) or isinstance(sent, dict):
        if not (isinstance(got, dict) and isinstance(sent, dict)):
            return False
        return all(arrives(value, got.get(key), member(kind, key)) for key, value in sent.items())
    return same(sent, got, kind_name(kind))


def member(kind: Any, key: str) -> Any:
    """The type of a member of an object or a map."""
    if isinstance(kind, Object):
        return next((one.dtype for one in kind.properties if one.name == key), kind)
    return kind.value_type if isinstance(kind, Map) else kind


def kind_name(kind: Any) -> str:
    """The name of a scalar type or a dtype."""
    if isinstance(kind, DataType):
        return str(kind.name)
    return "any" if isinstance(kind, AnyType | Array | Object | Map) else str(kind)


def leaves(value: Any) -> Iterator[Any]:
    """The values of an array in C order."""
    if isinstance(value, np.ndarray) and value.ndim:
        value = list(value)
    if isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def changed(sent_column: Callable[[Any, int, int], list[list[Any]]], raw: Any, framed: bool, model: Model) -> bool:
    """Whether the model received other data than was sent."""
    seen = model.recorder.seen[0]
    specs = list(model.signature.inputs)
    if isinstance(specs[0], TensorSpec):
        return tensors_changed(sent_column, raw, seen, specs, framed)
    for place, (name, spec) in enumerate(
        zip(seen.columns, [spec for spec in specs if spec.name is None or spec.name in seen], strict=False)
    ):
        got = list(seen[name])
        options = sent_column(name, place, len(got))
        if not any(
            len(one) == len(got) and all(arrives(a, b, spec.type) for a, b in zip(one, got, strict=True))
            for one in options
        ):
            return True
    return False


def tensors_changed(
    sent_column: Callable[[Any, int, int], list[list[Any]]], raw: Any, seen: Any, specs: list[Any], framed: bool
) -> bool:
    """The same for arrays."""
    pairs = [(None, seen)] if isinstance(seen, np.ndarray) else list(seen.items())
    for (name, got), spec in zip(pairs, specs, strict=True):
        whole = name is None or (
            isinstance(raw, list) and not any(isinstance(one, dict) for one in raw) and len(pairs) == 1 and not framed
        )
        records = not framed and isinstance(raw, list) and bool(raw) and all(isinstance(one, dict) for one in raw)
        sent = raw if whole else [one.get(name) for one in raw] if records else sent_column(name, 0, len(got))[0]
        one, other = list(leaves(sent)), list(leaves(got))
        if len(one) != len(other) or not all(same(a, b, str(spec.type)) for a, b in zip(one, other, strict=True)):
            return True
    return False


def params_changed(sent: Any, model: Model) -> bool:
    """Whether a param arrives as another value."""
    specs = {one.name: one for one in model.signature.params or ()}
    got = model.recorder.seen[1] or {}
    return isinstance(sent, dict) and any(
        name in specs and not arrives(value, got[name], specs[name].dtype) for name, value in sent.items()
    )


# --- the two routes --------------------------------------------------------------------------------------------


def outcome(sent: Any, params: Any, model: Model, text: str) -> str:
    """What became of a call that was accepted."""
    if is_json(text) and overflows(text):
        return "changed"
    return "changed" if changed(*sent, model) or params_changed(params, model) else "accepted"


def sent_of(text: str, model: Model) -> tuple[Any, Any]:
    """(how to find what was sent for a column and what was sent as a whole, the params)."""
    if not is_json(text):
        lines = [line for line in csv.reader(io.StringIO(text)) if line and (len(line) > 1 or line[0].strip(" \t"))]
        width = len(lines[0])
        rows = [[Cell(line[place]) if place < len(line) else Cell("") for place in range(width)] for line in lines[1:]]
        return (
            (
                lambda name, place, _: [
                    [row[names_of(text).index(name) if isinstance(name, str) else place] for row in rows]
                ]
            ),
            rows,
            True,
        ), None
    request = parse(text)
    assert request is not None
    data = sent_data(request, model)
    if "dataframe_split" in request:
        raw = data["data"]
        if isinstance(raw, list) and raw and isinstance(raw[0], dict):
            raw = [[row.get(name) for name in data.get("columns") or row] for row in raw]
        return ((lambda name, place, rows: split_column(data, name, place, rows)), raw, True), sent_params(
            request, model
        )
    return (
        (lambda name, place, rows: column_of(data, name, place, rows)),
        data,
        "dataframe_records" in request,
    ), sent_params(request, model)


def names_of(text: str) -> list[str]:
    """The names of columns as pandas makes them unique."""
    return list(pd.read_csv(io.StringIO(text)).columns)


def over_rest(text: str, model: Model) -> tuple[str, str]:
    """The server's verdict."""
    status = model.post(text, "application/json" if is_json(text) else "text/csv")
    if status != 200:
        return "refused", str(status)
    return outcome(*sent_of(text, model), model, text), ""


def caller_data(text: str, model: Model) -> Any:
    """What a Python caller hands over for a payload."""
    if not is_json(text):
        return pd.read_csv(io.StringIO(text))
    request = parse(text)
    assert request is not None
    data = sent_data(request, model)
    if "dataframe_split" in request:
        return scoring_server.dataframe_from_parsed_json(data, "split")
    if "dataframe_records" in request:
        return scoring_server.dataframe_from_parsed_json(data, "records")
    if not model.signature.inputs.is_tensor_spec() or any(key in request for key in CHAT):
        return data
    if "instances" in request and isinstance(data, list) and data and all(isinstance(one, dict) for one in data):
        names = dict.fromkeys(name for one in data for name in one)
        data = {name: [one[name] for one in data if name in one] for name in names}
    return {name: np.array(value) for name, value in data.items()} if isinstance(data, dict) else np.array(data)


def no_call(text: str) -> bool:
    """Whether a text is no request at all."""
    if not is_json(text):
        try:
            pd.read_csv(io.StringIO(text))
        except Exception:  # noqa: BLE001
            return True
        return False
    request = parse(text)
    if request is None:
        return True
    return not any(key in request for key in CHAT) and sum(form in request for form in FORMS) != 1


def from_python(text: str, model: Model, casts: str | None) -> tuple[str, str]:
    """The verdict of predict()."""
    if no_call(text):
        return "none", ""
    try:
        data = caller_data(text, model)
        if casts:
            room = {"data": data, "np": np, "pd": pd}
            exec(casts, room)
            data = room["data"]
        params = sent_params(parse(text) or {}, model) if is_json(text) else None
        model.model.predict(data, params=params)
    except Exception as error:  # noqa: BLE001 - whatever MLflow or pandas raises is a refusal
        return "refused", str(error).split("Error: ")[-1].replace("\n", " ")[-300:]
    return outcome(*sent_of(text, model), model, text), ""


def answer(one: dict[str, Any], models: list[Model]) -> dict[str, object]:
    """The answers for one line."""
    model, text = models[one["signature"]], one["text"]
    rest, why_rest = over_rest(text, model)
    python, why_python = from_python(text, model, None)
    found: dict[str, object] = {
        "rest": rest,
        "python": python,
        "casts": None,
        "why": {"rest": why_rest, "python": why_python},
    }
    if one.get("casts"):
        found["casts"], why = from_python(text, model, one["casts"])
        found["why"] = {"rest": why_rest, "python": why_python, "casts": why}
    return found


def main() -> None:
    """Answers lines."""
    signatures = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory() as folder:
        models = [load(texts, f"{folder}/{number}") for number, texts in enumerate(signatures)]
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line), models)), flush=True)


if __name__ == "__main__":
    main()

"""Payloads as texts, from a seed: half of them fit a signature, half are near misses."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

from tests.mlflow.payload.signatures import SCALARS, Case, Spec

Json = Any


class Raw(str):
    """A piece of JSON as it is written: `1.0` is not `1`."""

    __slots__ = ()


def text(value: Json) -> str:
    """A value as JSON."""
    match value:
        case Raw():
            return str(value)
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {text(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(text, value)) + "]"
    return json.dumps(value)


USUAL: dict[str, tuple[Json, ...]] = {
    "boolean": (True, False),
    "integer": (0, 1, -7, 42, 2147483647),
    "long": (0, 1, -3, 5_000_000_000, 2**53 + 1),
    "float": (Raw("0.5"), Raw("1.5"), Raw("0.1"), 0, 1, 3, Raw("2.0")),
    "double": (Raw("0.1"), Raw("-2.75"), Raw("1e-7"), Raw("3.0"), 0, 1, 12),
    "string": ("a", "naïve", "New York", "", "007", "12"),
    "binary": ("aGVsbG8=", "AAEC", "", "/+8="),
    "datetime": ("2024-01-02", "2024-01-02T03:04:05", "1999-12-31T23:59:59.25"),
}

ODD: tuple[Json, ...] = (
    *(None, True, False, 0, 1, 2, -1, 255, 256, -129, 2**31, -(2**31) - 1, 2**32 + 5, 2**53 + 1, 2**63 - 1, 2**63),
    *(-(2**63) - 1, 2**64, 16777217, Raw("1.0"), Raw("1.5"), Raw("48.5"), Raw("-0.0"), Raw("NaN"), Raw("Infinity")),
    *(Raw("-Infinity"), Raw("1e400"), Raw("1e39"), Raw("1e-50"), Raw("9007199254740993.0"), Raw("2147483648.0")),
    *(
        "",
        "a",
        "5",
        " 7 ",
        "1.5",
        "1e3",
        "true",
        "nan",
        "inf",
        "1_000",
        "0x10",
        "٣",
        "2024-01-02",
        "2024-01-02T03:04:05",
    ),
    *("2024-01-02T03:04:05Z", "2024-02-30", "2024/01/02", "01/02/2024", "aGk", "aGk=", "not base64!", "é", "\ud800"),
    *([], [1], [1, 2], ["a"], [None], [True], [[1]], [Raw("1.5"), 2], {}, {"a": 1}, {"x": Raw("0.5")}),
)
"""Values that fit few types."""

NAMES = ("bmi", "Age", "other", "age ", "x", "0", "Unnamed: 0")


class Maker:
    """Makes the payloads of one signature."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.random = random.Random(f"{case.name} {seed}")
        self.tensors = case.inputs[0]["type"] == "tensor"
        self.named = "name" in case.inputs[0]

    def payload(self, near_miss: bool) -> str:
        """One payload."""
        if self.random.random() < (0.2 if self._plain() else 0.03):
            return self._csv(near_miss)
        body = self._body()
        if not near_miss:
            return text(body)
        changes = (self._value, self._value, self._value, self._column, self._shape, self._request, self._param)
        for _ in range(self.random.choice((1, 1, 1, 2))):
            body = self._changed(self.random.choice(changes), body)
        return self._syntax(text(body))

    def _changed(self, change: Callable[[dict[str, Json]], dict[str, Json]], body: dict[str, Json]) -> dict[str, Json]:
        """The body after a change; as it was where a change before left no place for this one."""
        try:
            return change(copy.deepcopy(body))
        except (AttributeError, IndexError, KeyError, TypeError):
            return body

    def _pick(self, options: Any) -> Any:
        return copy.deepcopy(self.random.choice(list(options)))

    def _plain(self) -> bool:
        return all(one["type"] in SCALARS for one in self.case.inputs)

    # --- values that fit ---

    def _fit(self, spec: Spec, depth: int = 0) -> Json:
        kind = spec["type"]
        if kind in USUAL:
            return self._pick(USUAL[kind])
        few = range(self.random.choice((0, 1, 2, 2, 3)))
        match kind:
            case "array":
                return [self._fit(spec["items"], depth + 1) for _ in few]
            case "sparkml_vector":
                return [self._pick(USUAL["double"]) for _ in range(3)]
            case "map":
                return {f"k{place}": self._fit(spec["values"], depth + 1) for place in few}
            case "object":
                there = {
                    name: one
                    for name, one in spec["properties"].items()
                    if one["required"] or self.random.random() < 0.6
                }
                return {name: self._fit(one, depth + 1) for name, one in there.items()}
        return self._pick((1, "a", None, Raw("1.5"), [1, 2], {"a": 1}, True))

    def _column(self, body: dict[str, Json]) -> dict[str, Json]:
        """Leave a column out, name it otherwise, add one, send one twice."""
        records = self._records(body)
        names = [str(one.get("name", place)) for place, one in enumerate(self.case.inputs)]
        name, new = (
            self._pick(names),
            self._pick((*NAMES, *(one.upper() for one in names), *(one + " " for one in names))),
        )
        if records is not None:
            for record in records if self.random.random() < 0.7 else records[:1]:
                self._rename(record, name, new)
            return body
        split = body.get("dataframe_split")
        columns = split.get("columns") if isinstance(split, dict) else None
        if columns:
            place = self.random.randrange(len(columns))
            match self.random.randrange(4):
                case 0:
                    columns[place] = new
                case 1:
                    columns.append(new)
                    for row in split["data"]:
                        row.append(self._pick(ODD))
                case 2:
                    del columns[place]
                    for row in split["data"]:
                        del row[place]
                case 3:
                    columns[place] = self._pick(columns)
        return body

    def _rename(self, record: dict[str, Json], name: str, new: str) -> None:
        match self.random.randrange(3):
            case 0:
                record.pop(name, None)
            case 1 if name in record:
                record[new] = record.pop(name)
            case _:
                record[new] = self._pick(ODD)

    def _records(self, body: dict[str, Json]) -> list[dict[str, Json]] | None:
        for form in ("dataframe_records", "inputs", "instances"):
            found = body.get(form)
            if isinstance(found, list) and found and all(isinstance(one, dict) for one in found):
                return found
            if isinstance(found, dict) and found:
                return [found]
        return None

    # --- bodies ---

    def _body(self) -> dict[str, Json]:
        body = self._tensor_body() if self.tensors else self._table_body()
        if self.case.params and self.random.random() < 0.8:
            body["params"] = self._params()
        elif self.random.random() < 0.05:
            body["params"] = self._pick(({"a": 1}, {}, None))
        return body

    def _params(self) -> dict[str, Json]:
        some = [one for one in self.case.params if self.random.random() < 0.5]
        return {
            one["name"]: [self._fit(one) for _ in range(2)]
            if one["shape"] and one["type"] != "object"
            else self._fit(one)
            for one in some
        }

    def _table_body(self) -> dict[str, Json]:
        rows = self.random.choice((1, 1, 2, 2, 3))
        specs = [one for one in self.case.inputs if one.get("required", True) or self.random.random() < 0.6]
        names = [one.get("name", place) for place, one in enumerate(specs)]
        columns = [[self._fit(one) for _ in range(rows)] for one in specs]
        lines = [list(line) for line in zip(*columns, strict=True)]
        records = [dict(zip(map(str, names), line, strict=True)) for line in lines]
        forms: list[Callable[[], dict[str, Json]]] = [
            lambda: {"dataframe_split": {"columns": names, "data": lines}},
            lambda: {"dataframe_split": {"columns": names, "index": list(range(rows)), "data": lines}},
            lambda: {"dataframe_records": records},
            lambda: {"inputs": dict(zip(map(str, names), columns, strict=True))},
            lambda: {"inputs": dict(zip(map(str, names), lines[0], strict=True))},
            lambda: {"inputs": records},
            lambda: {"instances": records},
        ]
        if not self.named:
            forms = [
                lambda: {"dataframe_split": {"data": lines}},
                lambda: {"inputs": lines},
                lambda: {"instances": lines},
                forms[0],
            ]
        if len(specs) == 1:
            forms += [lambda: {"inputs": columns[0]}, lambda: {"instances": columns[0]}]
        made: dict[str, Json] = self.random.choice(forms)()
        return made

    def _fill(self, dtype: str, shape: list[int]) -> Json:
        kinds = {
            "float32": "float",
            "float64": "double",
            "bool": "boolean",
            "str": "string",
            "int64": "long",
            "int32": "integer",
        }
        if not shape:
            return self._pick(range(256)) if dtype == "uint8" else self._pick(USUAL[kinds[dtype]])
        size = shape[0] if shape[0] >= 0 else self.random.choice((1, 2, 3))
        return [self._fill(dtype, shape[1:]) for _ in range(size)]

    def _array(self, spec: Spec, rows: int) -> Json:
        dtype, shape = spec["tensor-spec"]["dtype"], spec["tensor-spec"]["shape"]
        return self._fill(dtype, [rows, *shape[1:]])

    def _tensor_body(self) -> dict[str, Json]:
        rows = self.random.choice((1, 2, 2, 3))
        if not self.named:
            made = self._array(self.case.inputs[0], rows)
            flat = made if self._width() else None
            forms = [{"inputs": made}, {"instances": made}, {"inputs": made}]
            return self._pick([*forms, {"dataframe_split": {"data": flat}}] if flat else forms)
        arrays = {one["name"]: self._array(one, rows) for one in self.case.inputs}
        records = [{name: made[row] for name, made in arrays.items()} for row in range(rows)]
        split = {"columns": list(arrays), "data": [list(one.values()) for one in records]}
        forms = [
            {"inputs": arrays},
            {"inputs": arrays},
            {"instances": records},
            {"dataframe_split": split},
            {"dataframe_records": records},
        ]
        if len(arrays) == 1:
            forms.append({"inputs": next(iter(arrays.values()))})
        made_body: dict[str, Json] = self._pick(forms)
        return made_body

    def _width(self) -> int:
        shape = self.case.inputs[0]["tensor-spec"]["shape"]
        return shape[1] if len(shape) == 2 else 0

    # --- near misses ---

    def _places(self, value: Json) -> list[tuple[Any, Any]]:
        """Every item of every list and object in a value."""
        found = []
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, item in list(items):
            found += [(value, key), *self._places(item)]
        return found

    def _value(self, body: dict[str, Json]) -> dict[str, Json]:
        """Another value in one place or in three."""
        places = [one for one in self._places(body) if one[0] is not body]
        for holder, key in (
            [self.random.choice(places) for _ in range(self.random.choice((1, 1, 1, 3)))] if places else ()
        ):
            holder[key] = self._pick(ODD)
        return body

    def _shape(self, body: dict[str, Json]) -> dict[str, Json]:
        """Wrap something in a list, take a list away, add an item, remove one."""
        places = self._places(body)
        holder, key = self.random.choice(places)
        value = holder[key]
        match self.random.randrange(5):
            case 0:
                holder[key] = [value]
            case 1 if isinstance(value, list) and value:
                holder[key] = value[0]
            case 2 if isinstance(value, list):
                value.append(self._pick((*ODD, *(value or [1]))))
            case 3 if isinstance(value, list) and value:
                value.pop()
            case 4 if isinstance(value, dict):
                value[self._pick(NAMES)] = self._pick(ODD)
            case _ if isinstance(value, dict) and value:
                del value[self._pick(value)]
        return body

    def _request(self, body: dict[str, Json]) -> dict[str, Json]:
        """Another form, a second one, a key that nobody knows."""
        form = next(iter(body), "inputs")
        match self.random.randrange(6):
            case 0:
                return {
                    self._pick(("inputs", "instances", "dataframe_records", "dataframe_split")): body.pop(form, None),
                    **body,
                }
            case 1:
                return {**body, self._pick(("inputs", "instances")): [1]}
            case 2:
                return {
                    **body,
                    self._pick(("extra", "signature_name", "columns", "prompt", "messages")): self._pick(ODD),
                }
            case 3:
                found = body.get(form)
                return found if isinstance(found, dict) else {"data": found}
            case 4:
                return {**body, "params": self._pick((None, [], "a", 1, {"unknown": 1}, {"temperature": "hot"}))}
        return {self._pick(("data", "input_data", "dataframe", "Inputs")): body.get(form)}

    def _param(self, body: dict[str, Json]) -> dict[str, Json]:
        """Another value for a param; another value in the data where there are none."""
        if not self.case.params:
            return self._value(body)
        params = body.get("params")
        name = self._pick([one["name"] for one in self.case.params])
        return {**body, "params": {**(params if isinstance(params, dict) else {}), name: self._pick(ODD)}}

    def _syntax(self, made: str) -> str:
        if self.random.random() > 0.04:
            return made
        place = self.random.randrange(len(made))
        match self.random.randrange(5):
            case 0:
                return made[:place]
            case 1:
                return made[:-1] + ",}"
            case 2:
                return made.replace('"', "'")
            case 3:
                return made + " 1"
        return made[:place] + self._pick(("01", "+1", ".5", "1.", "\t", "tru", "\\", "\x01")) + made[place:]

    # --- CSV ---

    def _csv(self, near_miss: bool) -> str:
        specs = [one for one in self.case.inputs if one.get("required", True) or self.random.random() < 0.6]
        header = [str(one.get("name", f"c{place}")) for place, one in enumerate(specs)]
        width = len(header)
        if self.tensors:
            specs, width = [{"type": "double"}] * 3, 3
            header = ["a", "b", "c"]
        rows = [[self._cell(self._fit(one)) for one in specs] for _ in range(self.random.choice((1, 2, 3)))]
        if near_miss:
            for _ in range(self.random.choice((1, 1, 2))):
                self._miss_csv(header, rows, width)
        end = self._pick(("\n", "\n", "\n", "\r\n"))
        return end.join(",".join(map(self._quoted, line)) for line in [header, *rows]) + self._pick(("", end))

    def _cell(self, value: Json) -> str:
        return value if isinstance(value, str) else text(value)

    def _quoted(self, cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\n\r') else cell

    def _miss_csv(self, header: list[str], rows: list[list[str]], width: int) -> None:
        row = self.random.choice(rows)
        odd = [
            *(self._cell(one) for one in ODD if isinstance(one, str | int | None)),
            "NA",
            "N/A",
            "None",
            "TRUE",
            "1.0",
            "+5",
            "yes",
        ]
        match self.random.randrange(8):
            case 0:
                place = self.random.randrange(width)
                header[place] = self._pick((*NAMES, header[place].upper(), " " + header[place], self._pick(header)))
            case 1:
                row.append(self._pick(odd))
            case 2 if row:
                row.pop()
            case 3:
                for line in rows:
                    line.append(self._pick(odd))
            case _ if row:
                row[self.random.randrange(len(row))] = self._pick(odd)

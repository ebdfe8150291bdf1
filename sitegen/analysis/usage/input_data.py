"""Python code that makes the `data` and the `params` of a sample call."""

import base64
from collections.abc import Iterable
from typing import NamedTuple

from sitegen.analysis.usage.sample import TEXTS, Cell, Sample, dimensions, made_up_values
from sitegen.analysis.usage.snippet import call, quote, warn
from sitegen.domain.signature import Array, Column, Json, Map, Object, Scalar, Signature, Tensor, Type

MAX_COLUMNS = 100
"""Columns that are written one by one."""

_DTYPES = {"integer": "int32", "float": "float32"}
"""Dtypes that pandas must be told: it takes numbers for int64 and float64, and MLflow casts neither."""

_FILL = {"str": '"text"', "object": '"text"', "bytes": 'b"text"'}
"""What a made-up tensor is filled with, by dtype; numbers are filled with ones."""

_NUMBERS = ("bool", "int", "uint", "float", "complex")


class InputData(NamedTuple):
    """Lines that set `data`, a line that sets `params`, and what the reader must provide instead of `data`.

    `table` is the text of the lines that make a table of columns with names; empty for all other data.
    """

    data: tuple[str, ...] = ()
    params: str = ""
    needs: tuple[str, ...] = ()
    table: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines."""
        return (*self.data, self.params) if self.params else self.data

    @property
    def arguments(self) -> str:
        """The arguments of `predict`."""
        return "data, params=params" if self.params else "data"


def input_data(signature: Signature | None, sample: Sample | None, type_hint: bool = False) -> InputData:
    """The code for a signature. `type_hint`: MLflow took it from type hints, and the function takes a list."""
    params = _params(sample) if sample else ""
    if not signature or not sample or not sample.cells:
        why = "its signature does not say" if signature else "the model has no signature"
        return InputData((), params, (f"data: what the model takes, such as a pandas.DataFrame; {why}",))
    if type_hint and len(sample.cells) == 1:
        [cell] = sample.cells
        text = warn(f"data = [{literal(cell.column.type, cell.value, inner=True)}]", made_up_values(sample))
        return InputData((text,), params)
    columns = signature.inputs or ()
    match signature.kind:
        case "tensors" if all(isinstance(one.type, Tensor) and _has_literal(one.type) for one in columns):
            return InputData((warn(_tensors(sample.cells), made_up_values(sample)),), params)
        case "tensors":
            return InputData((), params, ("data: arrays of the dtypes and shapes in the signature",))
        case "columns" if len(columns) <= MAX_COLUMNS and not _repeats_names(columns):
            text = warn(_table(sample.cells), made_up_values(sample))
            return InputData((text,), params, table=text if columns[0].name is not None else "")
        case "columns" if len(columns) > MAX_COLUMNS and all(map(_is_number, columns)):
            return InputData((warn(_WIDE, "made-up values"),), params)
    return InputData((), params, (f"data: a pandas.DataFrame with the {len(columns)} columns of the signature",))


def _repeats_names(columns: tuple[Column, ...]) -> bool:
    names = [column.name for column in columns if column.name is not None]
    return len(set(names)) < len(names)


def _is_number(column: Column) -> bool:
    return column.name is not None and isinstance(column.type, Scalar) and column.type.name not in TEXTS


_WIDE = """schema = model.metadata.get_input_schema()
columns = zip(schema.input_names(), schema.pandas_types())
data = pd.DataFrame({name: np.ones(1, dtype=dtype) for name, dtype in columns})"""
"""Code for a table of very many numbers."""


def _params(sample: Sample) -> str:
    pairs = [
        f"{quote(spec.name)}: {_param(spec.type, value)}"
        for spec, value in sample.params
        if spec.type != Scalar("datetime")
    ]
    return f"params = {dict_literal(pairs)}" if pairs else ""


def _param(type: Type, value: Json) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_param(type, one) for one in value)}]"
    return literal(type, value) if isinstance(type, Scalar) else repr(value)


# --- tables ----------------------------------------------------------------------------------------------------


def _table(cells: tuple[Cell, ...]) -> str:
    """A DataFrame of one row, with the dtypes that the signature asks for."""
    values = [literal(cell.column.type, cell.value) for cell in cells]
    if cells[0].column.name is None:
        frame = call("pd.DataFrame", [f"[[{', '.join(values)}]]"])
        keys = [str(number) for number in range(len(cells))]
    else:
        keys = [quote(cell.column.name or "") for cell in cells]
        frame = call(
            "pd.DataFrame", [dict_literal(f"{key}: [{value}]" for key, value in zip(keys, values, strict=True))]
        )
    dtypes = [
        f"{key}: {quote(_DTYPES[cell.column.type.name])}"
        for key, cell in zip(keys, cells, strict=True)
        if isinstance(cell.column.type, Scalar) and cell.column.type.name in _DTYPES
    ]
    return f"data = {frame}" + (f"\ndata = {call('data.astype', [dict_literal(dtypes)])}" if dtypes else "")


def dict_literal(pairs: Iterable[str]) -> str:
    """A dict on one line where it is short, else with as many pairs a line as have room."""
    pairs = list(pairs)
    line = f"{{{', '.join(pairs)}}}"
    if len(line) <= _MAX_DICT:
        return line
    lines = [""]
    for pair in pairs:
        if lines[-1] and len(lines[-1]) + len(pair) + 2 > _MAX_DICT:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else '    '}{pair},"
    return "\n".join(["{", *lines, "}"])


_MAX_DICT = 80
"""Characters of a line of a dict."""


# --- tensors ---------------------------------------------------------------------------------------------------


def _has_literal(type: Tensor) -> bool:
    """Whether an array of the dtype can be made up; one of times needs a unit that the signature does not state."""
    return type.dtype in _FILL or type.dtype.startswith(_NUMBERS)


def _tensors(cells: tuple[Cell, ...]) -> str:
    if cells[0].column.name is None:
        return f"data = {_array(cells[0])}"
    return f"data = {dict_literal(f'{quote(cell.column.name or str())}: {_array(cell)}' for cell in cells)}"


def _array(cell: Cell) -> str:
    """One array: the values of the example, or made-up ones."""
    type = cell.column.type
    assert isinstance(type, Tensor)  # noqa: S101 - a signature of tensors has no columns
    if cell.value is not None:
        dtype = "" if type.dtype == "str" else f", dtype={quote(type.dtype)}"
        return f"np.array({_array_literal(cell.value, type.dtype)}{dtype})"
    size = str(dimensions(type.shape))
    if type.dtype in _FILL:
        dtype = ', dtype="object"' if type.dtype == "object" else ""
        return f"np.full({size}, {_FILL[type.dtype]}{dtype})"
    return f"np.ones({size}, dtype={quote(type.dtype)})"


def _array_literal(value: Json, dtype: str) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_array_literal(one, dtype) for one in value)}]"
    if isinstance(value, str):
        return quote(value)
    return repr(float(value)) if dtype.startswith("float") and isinstance(value, int | float) else repr(value)


# --- values ----------------------------------------------------------------------------------------------------


def literal(type: Type, value: Json, inner: bool = False) -> str:
    """A value in JSON as a Python literal of its type.

    `inner`: inside a list or mapping, where a dtype can be told for arrays alone, and numbers must be numpy's.
    """
    match type, value:
        case Scalar(name), _:
            return _scalar(name, value, inner)
        case Array(Scalar(name)), list() if name in _DTYPES:
            return f"np.array([{', '.join(_scalar(name, one, False) for one in value)}], dtype={quote(_DTYPES[name])})"
        case Array(items), list():
            return f"[{', '.join(literal(items, one, True) for one in value)}]"
        case Map(values), dict():
            return _mapping((key, literal(values, one, True)) for key, one in value.items())
        case Object(properties), dict():
            types = {member.name: member.type for member in properties}
            return _mapping((key, literal(types[key], one, True)) for key, one in value.items())
    return quote(value) if isinstance(value, str) else repr(value)


def _mapping(pairs: Iterable[tuple[str, str]]) -> str:
    return f"{{{', '.join(f'{quote(key)}: {text}' for key, text in pairs)}}}"


def _scalar(name: str, value: Json, inner: bool) -> str:
    match name:
        case "float" | "double" if isinstance(value, int | float):
            text = repr(float(value))
            return f"np.float32({text})" if inner and name == "float" else text
        case "integer" if inner:
            return f"np.int32({value!r})"
        case "binary" if isinstance(value, str):
            return repr(base64.b64decode(value))
        case "datetime":
            return f'np.datetime64("{value}")' if inner else f'pd.Timestamp("{value}")'
    return quote(value) if isinstance(value, str) else repr(value)

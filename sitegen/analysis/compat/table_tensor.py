"""Changes from tables to tensors, and from tensors to tables."""

from collections.abc import Iterator

from sitegen.analysis.compat.inputs import INPUTS, Columns, have_names, merge_duplicates
from sitegen.analysis.compat.location import columns_text, type_text
from sitegen.analysis.compat.mlflow_casts import DTYPE_OF_SCALAR, DTYPES_OVER_REST, SCALARS_FROM_PYTHON
from sitegen.analysis.compat.types import any_rule
from sitegen.domain.comparison import Change
from sitegen.domain.signature import Scalar, Tensor, Type, type_name

_DTYPE_OF_TYPE = {**DTYPE_OF_SCALAR, "string": "str"}
"""The dtype to which the scoring server casts an array, by the type of its first column."""

_SCALAR_OF_DTYPE = {
    **{dtype: name for name, dtype in _DTYPE_OF_TYPE.items()},
    **dict.fromkeys(("int8", "int16", "uint8", "uint16"), "integer"),
    "float16": "float",
}
"""The type of a column that is made from an array, by dtype; smaller dtypes are cast like the next larger type."""


def table_to_tensors(old: Columns, new: Columns) -> Iterator[Change]:
    """The changes from columns to one array, or to several named arrays."""
    columns, target = merge_duplicates(old), new[0].type
    if have_names(new) or not isinstance(target, Tensor):
        yield INPUTS.change("columns-to-tensors", _table(columns), columns_text(new))
        return
    rule = _to_tensor(columns, target)
    if rule == "columns-to-tensor-alike" and have_names(old) and len(columns) > 1:
        yield INPUTS.change("columns-to-tensor", columns_text(columns), type_text(target))
    else:
        yield INPUTS.change(rule, _table(columns), type_text(target))
    has_booleans = Scalar("boolean") in {column.type for column in columns}
    if rule != "columns-to-tensor-refused" and has_booleans and target.dtype != "object":
        yield INPUTS.change("null-made", _table(columns), type_text(target))


def _to_tensor(columns: Columns, target: Tensor) -> str:
    """The rule for an array that MLflow makes from a table."""
    width = len(columns)
    dtypes = [_column_dtype(column.type) for column in columns]
    if width == 1:
        fits = target.shape in ((-1,), (-1, 1)) and isinstance(columns[0].type, Scalar)
    else:
        fits = target.shape == (-1, width) and target.dtype != "str"  # pandas stores texts as objects
    if not fits or not all(column.required for column in columns):
        return "columns-to-tensor-refused"
    if any(DTYPES_OVER_REST.get((dtype, target.dtype)) != "yes" for dtype in dtypes):
        return "columns-to-tensor-refused"
    # a table of several columns must have the same dtype; a single column is cast
    return "columns-to-tensor-alike" if width == 1 or _common(dtypes) == target.dtype else "columns-to-tensor-cast"


def _column_dtype(type: Type) -> str:
    """The dtype of a column of a table; empty if an array would have other values than the table."""
    untouched = "object" if any_rule(type) == "type-any" else ""
    return DTYPE_OF_SCALAR.get(type_name(type), untouched)


def _common(dtypes: list[str]) -> str:
    """The dtype of the array that pandas makes from columns of these dtypes."""
    kinds = set(dtypes)
    if len(kinds) == 1:
        return dtypes[0]
    if kinds & {"bool", "object"}:
        return "object"
    return "int64" if kinds == {"int32", "int64"} else "float64"


def tensors_to_table(old: Columns, new: Columns) -> Iterator[Change]:
    """The changes from tensors to columns."""
    array = old[0].type
    if have_names(old) or have_names(new) or not isinstance(array, Tensor):
        yield INPUTS.change("tensors-to-columns", columns_text(old), columns_text(new))
        return
    rule = _to_columns(array, new)
    yield INPUTS.change(rule, type_text(array), _table(new))
    if rule != "tensor-to-columns-refused" and array.dtype in ("bool", "str"):
        yield INPUTS.change("null-altered", type_text(array), _table(new))
    if len(new) < _width(array):
        yield INPUTS.change("tensor-to-columns-cut", type_text(array), _table(new))


def _width(array: Tensor) -> int:
    """The number of columns made from an array; 0 if it is unknown."""
    match array.shape:
        case (_,):
            return 1
        case (_, width) if width > 0:
            return width
        case _:
            return 0


def _to_columns(array: Tensor, new: Columns) -> str:
    """The rule for a table that MLflow makes from an array."""
    kind = _SCALAR_OF_DTYPE.get(array.dtype)
    types = [type_name(column.type) for column in new]
    # the scoring server casts the whole array to the type of the first column
    cast = DTYPES_OVER_REST.get((array.dtype, _DTYPE_OF_TYPE.get(types[0], ""))) == "yes" and _accepts_all(
        types[0], types
    )
    if kind is None or len(new) > _width(array) or not cast:
        return "tensor-to-columns-refused"
    return "tensor-to-columns" if _accepts_all(kind, types) else "tensor-to-columns-cast"


def _accepts_all(kind: str, types: list[str]) -> bool:
    return all(SCALARS_FROM_PYTHON.get((kind, type)) == "yes" for type in types)


def _table(columns: Columns) -> str:
    """A table as a short text: `3 columns of long, double`."""
    kinds = ", ".join(dict.fromkeys(type_text(column.type) for column in columns))
    return f"{len(columns)} column{'s' if len(columns) > 1 else ''} of {kinds}"

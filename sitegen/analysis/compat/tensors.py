"""Changes of tensors: name, dtype and shape."""

import math
from collections.abc import Iterator

from sitegen.analysis.compat.forms import tabular
from sitegen.analysis.compat.inputs import INPUTS, Columns, by_name, have_names, merge_duplicates
from sitegen.analysis.compat.location import SignaturePath, columns_text, shape_text, type_text
from sitegen.analysis.compat.mlflow_casts import DTYPES_OVER_REST, IN_JSON
from sitegen.analysis.compat.types import any_rule
from sitegen.domain.comparison import Change
from sitegen.domain.signature import Tensor, Type

ONLY = SignaturePath("inputs", "[0]")
"""The only tensor, which has no name."""

ANYTHING = Tensor("object", (-1,))
"""The tensor that accepts any array."""

_INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")


def tensor_changes(old: Columns, new: Columns) -> Iterator[Change]:
    """The changes between two sets of tensors. Without names there is exactly one."""
    match have_names(old), have_names(new):
        case True, True:
            yield from by_name(old, new, array_changes)
        case True, False:
            yield INPUTS.change("tensors-unnamed", columns_text(old), columns_text(new))
        case False, True if len(merge_duplicates(new)) > 1:
            yield INPUTS.change("inputs-named", columns_text(old), columns_text(new))
        case False, True:
            place = SignaturePath("inputs", new[0].name or "")
            yield place.change("tensor-named", None, new[0].name)
            if tabular(old[0].type):
                yield place.change("tensor-named-table", None, new[0].name)
            yield INPUTS.change("sparse-refused", type_text(old[0].type), columns_text(new))
            yield from array_changes(old[0].type, new[0].type, ONLY)
        case _:
            yield from array_changes(old[0].type, new[0].type, ONLY)


def array_changes(old: Type, new: Type, place: SignaturePath) -> Iterator[Change]:
    """The changes between two types of arrays."""
    if old == new or not isinstance(old, Tensor) or not isinstance(new, Tensor):
        return
    if new == ANYTHING:
        yield from _open_changes(old, place)
    elif len(old.shape) == 1 and -1 in new.shape[1:] and "object" in (old.dtype, new.dtype):
        yield place.change("tensor-ragged", type_text(old), type_text(new))
    else:
        if old.dtype != new.dtype:
            yield place.change(dtype_rule(old.dtype, new.dtype), old.dtype, new.dtype)
        if old.shape != new.shape:
            rule = shape_rule(old.shape, new.shape, table=tabular(old))
            yield place.change(rule, shape_text(old), shape_text(new))


def _open_changes(old: Tensor, place: SignaturePath) -> Iterator[Change]:
    """The changes from an array to one of any kind."""
    wide = tabular(old) and math.prod(old.shape[1:]) != 1
    yield place.change("tensor-anything-table" if wide else "tensor-anything", type_text(old), type_text(ANYTHING))
    if any_rule(old) != "type-any":
        yield place.change(any_rule(old), type_text(old), type_text(ANYTHING))
    elif DTYPES_OVER_REST[old.dtype, "object"] != "yes":
        rule = "null-altered" if old.dtype in ("bool", "str") else "nan-altered"
        yield place.change(rule, type_text(old), type_text(ANYTHING))


def dtype_rule(old: str, new: str) -> str:
    """The rule for a change of dtype: it always breaks Python callers."""
    if not {old, new} <= IN_JSON:
        return "tensor-foreign"
    match DTYPES_OVER_REST[old, new]:
        case "yes":
            return "tensor-cast"
        case "data" | "alters" if old in _INTEGERS and new in (*_INTEGERS, "float16"):
            return "tensor-narrowed"
        case "alters":
            return "tensor-altered"
        case "data" if old.startswith("float") and new.startswith("int"):  # nulls are refused, numbers are rounded
            return "tensor-altered"
        case _:
            return "tensor-refused"


def shape_rule(old: tuple[int, ...], new: tuple[int, ...], *, table: bool) -> str:
    """The rule for a change of shape: the worst over its dimensions.

    `table`: callers may also send a DataFrame.
    """
    if len(old) != len(new):
        return "tensor-rank"
    changed = [(before, after) for before, after in zip(old, new, strict=True) if before != after]
    if any(-1 not in sizes for sizes in changed):
        return "tensor-resized"
    if any(before == -1 for before, _ in changed):
        return "tensor-fixed"
    return "tensor-freed-table" if table and -1 in new[1:] else "tensor-freed"

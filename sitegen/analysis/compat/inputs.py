"""Changes of tables and named tensors: inputs by name, or by position if they have no names."""

from collections.abc import Callable, Iterator

from sitegen.analysis.compat.forms import tabular
from sitegen.analysis.compat.location import SignaturePath, columns_text, type_text
from sitegen.analysis.compat.matching import by_type, match_members, presence
from sitegen.analysis.compat.types import any_rule, changed_in_place, type_changes
from sitegen.domain.comparison import Change
from sitegen.domain.signature import AnyType, Array, Column, Scalar, Tensor, Type, type_name

Columns = tuple[Column, ...]
TypeComparison = Callable[[Type, Type, SignaturePath], Iterator[Change]]

INPUTS = SignaturePath("inputs", "")
"""The inputs as a whole."""


def have_names(columns: Columns) -> bool:
    """Whether inputs are matched by name; MLflow refuses a mixture."""
    return any(column.name is not None for column in columns)


def column_changes(old: Columns, new: Columns) -> Iterator[Change]:
    """The changes between two tables."""
    match have_names(old), have_names(new):
        case True, True:
            yield from by_name(old, new, type_changes)
        case False, False:
            yield from _by_position(old, new)
        case True, False:
            merged = merge_duplicates(old)
            if any(not column.required for column in merged[: len(new)]):
                yield INPUTS.change("inputs-unnamed-optional", columns_text(merged), columns_text(new))
            elif len(merged) > 1:
                yield INPUTS.change("inputs-unnamed", columns_text(merged), columns_text(new))
            yield from _by_position(merged, new)
        case _:
            yield INPUTS.change("inputs-named", columns_text(old), columns_text(new))


def unstated_input_changes(columns: Columns) -> Iterator[Change]:
    """The breaking changes if the inputs are no longer stated, so that the model gets the data as sent."""
    if {Scalar("string"), Scalar("binary")} & {column.type for column in columns}:
        yield INPUTS.change("csv-untyped", columns_text(columns), None)
    for number, column in enumerate(columns):
        rule = any_rule(column.type)
        if isinstance(column.type, Tensor) and tabular(column.type) and len(column.type.shape) > 1:
            yield _place(column, number).change("cells-unread", type_text(column.type), None)
        if isinstance(column.type, AnyType | Array):
            yield _place(column, number).change("inputs-ragged", type_text(column.type), None)
        if rule != "type-any":
            yield _place(column, number).change(rule, type_text(column.type), None)
        elif type_name(column.type) in _NULLS:
            yield _place(column, number).change("null-altered", type_text(column.type), None)


_NULLS = ("boolean", "string", "bool", "str")
"""Types for which MLflow turns null into a value."""


def merge_duplicates(columns: Columns) -> Columns:
    """Merge inputs with the same name, as MLflow does: it uses the last type, and requires it if any is required."""
    last_by_name = {column.name: column for column in columns}
    if len(last_by_name) == len(columns) or not have_names(columns):
        return columns
    required = {column.name for column in columns if column.required}
    return tuple(
        Column(name=name, type=column.type, required=name in required) for name, column in last_by_name.items()
    )


def by_name(old: Columns, new: Columns, compare: TypeComparison) -> Iterator[Change]:
    """The changes between two sets of named inputs."""
    columns = match_members(merge_duplicates(old), merge_duplicates(new), by_type)
    for old_column, new_column in columns.renamed:
        rule = "input-renamed" if new_column.required else "input-renamed-optional"
        yield _place(old_column).change(rule, old_column.name, new_column.name)
    for column in columns.removed:
        yield _place(column).change("input-removed", type_text(column.type))
    for column in columns.added:
        rule = "input-added" if column.required else "input-added-optional"
        yield _place(column).change(rule, None, type_text(column.type))
    if columns.reordered:
        yield INPUTS.change("inputs-reordered", columns_text(old), columns_text(new))
    before, after = _types(old), _types(new)
    for old_column, new_column in columns.kept:
        place = _place(old_column)
        if bool(old_column.required) != bool(new_column.required):
            rule = "input-required" if new_column.required else "input-optional"
            yield place.change(rule, presence(old_column.required), presence(new_column.required))
        yield from _type_changes(before[old_column.name], after[old_column.name], place, compare)


def _types(columns: Columns) -> dict[str | None, list[Type]]:
    """The types of each input: usually one, several if its name is repeated."""
    types: dict[str | None, list[Type]] = {}
    for column in columns:
        types.setdefault(column.name, []).append(column.type)
    return types


def _type_changes(old: list[Type], new: list[Type], place: SignaturePath, compare: TypeComparison) -> Iterator[Change]:
    if old == new:
        return
    if _ambiguous(old) or _ambiguous(new):
        yield place.change("input-repeated", ", ".join(map(type_text, old)), ", ".join(map(type_text, new)))
    else:
        yield from compare(old[-1], new[-1], place)


def _ambiguous(types: list[Type]) -> bool:
    """Whether an input is repeated with an effect: MLflow enforces it once for each repetition."""
    return len(types) > 1 and (len({*types}) > 1 or types[0] == Scalar("binary") or changed_in_place(types[0]))


def _by_position(old: Columns, new: Columns) -> Iterator[Change]:
    for number, (before, after) in enumerate(zip(old, new, strict=False)):
        yield from type_changes(before.type, after.type, _place(before, number))
    for number, column in enumerate(old[len(new) :], len(new)):
        yield _place(column, number).change("input-removed", type_text(column.type))
    for number, column in enumerate(new[len(old) :], len(old)):
        yield _place(column, number).change("input-added", None, type_text(column.type))


def _place(column: Column, number: int = 0) -> SignaturePath:
    """The place of an input: its name, or its number where it has none."""
    return SignaturePath("inputs", f"[{number}]" if column.name is None else column.name)

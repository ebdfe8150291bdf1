"""Changes that concern only single ways to call a model."""

from collections.abc import Iterator

from sitegen.analysis.compat.forms import Columns, Inputs, inputs_of
from sitegen.analysis.compat.inputs import INPUTS, merge_duplicates
from sitegen.analysis.compat.location import columns_text, type_text
from sitegen.analysis.compat.mlflow_casts import SCALARS_FROM_PYTHON
from sitegen.domain.comparison import Change
from sitegen.domain.signature import Map, Object, Tensor


def form_changes(old: Columns, new: Columns) -> Iterator[Change]:
    """The changes for callers of single forms, between two sets of inputs that MLflow loads."""
    before, after = inputs_of(merge_duplicates(old)), inputs_of(merge_duplicates(new))
    if not after.flat:
        yield INPUTS.change("csv-refused", columns_text(old), columns_text(new))
    match before.tensors, after.tensors:
        case False, False:
            yield from _between_tables(before, after)
        case False, True:
            yield INPUTS.change("columns-to-tensor-dict", columns_text(old), columns_text(new))
        case True, False:
            yield from _to_columns(before, after)


def _between_tables(old: Inputs, new: Inputs) -> Iterator[Change]:
    texts = columns_text(old.columns), columns_text(new.columns)
    if old.one_row != new.one_row:
        yield INPUTS.change("dict-rows", *texts)
    match old.named, new.named:
        case True, True:
            yield from _by_name(old, new)
        case True, False:
            yield INPUTS.change("names-dropped", *texts)
        case False, False if _cast_apart(old, new):
            yield INPUTS.change("list-cast", *texts)


def _by_name(old: Inputs, new: Inputs) -> Iterator[Change]:
    texts = columns_text(old.columns), columns_text(new.columns)
    if old.width == 1 and not isinstance(old.columns[0].type, Object | Map):
        if new.width > 1:
            yield INPUTS.change("list-single", *texts)
        elif old.columns[0].name != new.columns[0].name and old.types != new.types:
            yield INPUTS.change("list-renamed", *texts)
    names = {column.name for column in new.columns}
    removed = any(column.name not in names for column in old.columns)
    if removed and not old.one_row and not new.one_row:
        yield INPUTS.change("row-removed", *texts)


_JSON_CASTS = frozenset({"integer", "float", "binary", "datetime"})
"""Types to which JSON values must be cast."""


def _cast_apart(old: Inputs, new: Inputs) -> bool:
    """Whether values do not fit if the columns of a request have no names.

    A plain list is cast to the type of the first column, or not cast if that type is any. Records are not cast at all.
    """
    if new.types[0] == "any" and _JSON_CASTS & {*new.types[: len(old.columns)]}:
        return True
    lists = ((new.types[0], other) for other in new.types[: len(old.columns)])
    pairs = (*lists, *zip(old.types, new.types, strict=False))
    return any(SCALARS_FROM_PYTHON.get(pair, "yes") != "yes" for pair in pairs)


def _to_columns(old: Inputs, new: Inputs) -> Iterator[Change]:
    """The changes if an array becomes columns."""
    yield INPUTS.change("sparse-refused", columns_text(old.columns), columns_text(new.columns))
    match old.columns[0].type:
        case Tensor(_, (_, _, *_)) as tensor:
            yield INPUTS.change("cells-refused", type_text(tensor), columns_text(new.columns))

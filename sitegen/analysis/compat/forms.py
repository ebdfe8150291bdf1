"""Forms of calls: which of them a signature accepts, and the effect of a change on each.

MLflow enforces the signature for every form of data in the same way, but builds the table or array differently.
Which forms MLflow accepts was measured; see tests/mlflow/oracle/mlflow_forms.py.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from sitegen.analysis.compat.mlflow_casts import DTYPES_OF_SPARSE, IN_JSON, SCALARS_FROM_PYTHON
from sitegen.domain.comparison import PARAM_FORMS, PYTHON_FORMS, REST_FORMS, Change, Form, Level, worst
from sitegen.domain.signature import Array, Column, Map, Object, Scalar, Tensor, Type, Vector, kind_of, type_name

Columns = tuple[Column, ...]


class Inputs(NamedTuple):
    """The facts about the inputs of a signature that decide which forms it accepts."""

    columns: Columns
    tensors: bool
    named: bool
    width: int

    @property
    def types(self) -> tuple[str, ...]:
        """The names of the types."""
        return tuple(type_name(column.type) for column in self.columns)

    @property
    def one_row(self) -> bool:
        """Whether MLflow reads a dict as one row: if any column is a list or an object."""
        # MLflow loads a map of vectors as a vector
        return any(isinstance(type, Array | Object | Vector) or type == Map(Vector()) for type in self._types)

    @property
    def _types(self) -> Iterator[Type]:
        return (column.type for column in self.columns)

    @property
    def flat(self) -> bool:
        """Whether every column is a single value of a known type."""
        return all(isinstance(column.type, Scalar) for column in self.columns)

    @property
    def narrow(self) -> bool:
        """Whether a column has fewer bits than numbers in Python and JSON, so that plain values do not fit."""
        return any(name in ("integer", "float") for name in self.types)


def inputs_of(columns: Columns) -> Inputs:
    """The facts about the inputs of a signature."""
    return Inputs(
        columns=columns,
        tensors=kind_of(columns) == "tensors",
        named=any(column.name is not None for column in columns),
        width=len({column.name for column in columns}) if columns[0].name is not None else len(columns),
    )


def _has_dicts(inputs: Inputs) -> bool:
    return inputs.named or not inputs.tensors


def _has_lists(inputs: Inputs) -> bool:
    """Whether a JSON list of values is accepted where columns have no names: MLflow casts all to the first type."""
    first, *others = inputs.types
    return all(SCALARS_FROM_PYTHON.get((first, other), "no") != "no" for other in others)


def _has_uncast_records(inputs: Inputs) -> bool:
    """Whether records are accepted where columns have no names, so that the scoring server casts nothing."""
    return not inputs.narrow and not {"binary", "datetime"} & {*inputs.types}


def _has_inputs(inputs: Inputs) -> bool:
    return inputs.tensors or inputs.named or _has_lists(inputs) or _has_uncast_records(inputs)


def _has_instances(inputs: Inputs) -> bool:
    return _has_inputs(inputs) and (inputs.tensors or not inputs.one_row)


def _has_csv(inputs: Inputs) -> bool:
    """Whether CSV is accepted: it is not if a datetime column is required."""
    return inputs.flat and not any(column.required and column.type == Scalar("datetime") for column in inputs.columns)


def tabular(type: Type) -> bool:
    """Whether columns of a table can carry a tensor: any number of rows, each of one size."""
    match type:
        case Tensor(dtype, (-1, width)) if dtype.startswith(("datetime64", "timedelta64")):
            return width > 1 and dtype.endswith(("[s]", "[ms]", "[us]", "[ns]"))  # the units that pandas has
        case Tensor(dtype, (-1, *sizes)) if dtype in IN_JSON or dtype.startswith("float") or len(sizes) == 1:
            return -1 not in sizes
        case _:
            return False


def _has_tables(inputs: Inputs) -> bool:
    return not inputs.tensors or all(tabular(column.type) for column in inputs.columns)


def _has_series(inputs: Inputs) -> bool:
    """Whether a single column is accepted."""
    if not inputs.named or inputs.tensors:
        return inputs.width == 1 and _has_tables(inputs)
    return len({column.name for column in inputs.columns if column.required}) <= 1


def _is_sparse(inputs: Inputs) -> bool:
    match inputs.columns[0].type:
        case Tensor(dtype, (_, _)):
            return not inputs.named and dtype in DTYPES_OF_SPARSE
        case _:
            return False


ACCEPTED_FORMS: dict[Form, Callable[[Inputs], bool]] = {
    "dataframe": _has_tables,
    "series": _has_series,
    "dict": _has_dicts,
    "records": lambda inputs: not inputs.tensors,
    "ndarray": lambda inputs: inputs.width == 1 if inputs.tensors and inputs.named else not inputs.named,
    "list": lambda inputs: not (inputs.tensors or inputs.named or inputs.narrow),
    "sparse": _is_sparse,
    "dataframe_split": _has_tables,
    "dataframe_records": _has_tables,
    "inputs": _has_inputs,
    "instances": _has_instances,
    "csv": lambda inputs: not inputs.tensors and _has_csv(inputs),
}
"""The forms of data, each with the signatures that accept it."""


def accepted_forms(columns: Columns | None) -> tuple[Form, ...]:
    """The forms of data that a signature accepts; all of them where its inputs are not known."""
    if not columns:
        return tuple(ACCEPTED_FORMS)
    inputs = inputs_of(columns)
    return tuple(form for form, accepts in ACCEPTED_FORMS.items() if accepts(inputs))


def for_forms(changes: Iterable[Change], accepted: tuple[Form, ...]) -> Iterator[Change]:
    """Changes limited to the accepted forms, without those that concern none of them."""
    for change in changes:
        if not change.forms:
            yield change
            continue
        possible = PARAM_FORMS if change.area == "params" else accepted
        forms = tuple(form for form in possible if form in change.forms)
        if forms:
            yield _for(change, forms, possible)


def _for(change: Change, forms: tuple[Form, ...], possible: tuple[Form, ...]) -> Change:
    python = change.python if any(_from_python(form) for form in forms) else "safe"
    rest = change.rest if any(form in REST_FORMS for form in forms) else "safe"
    return replace(
        change,
        python=python,
        rest=rest,
        severity=worst((python, rest, change.outputs)),
        forms=() if forms == possible else forms,
    )


def level_for(change: Change, form: Form) -> Level | None:
    """The level of a change for callers of one form; None if it does not concern them."""
    if change.forms and form not in change.forms:
        return None
    return change.python if _from_python(form) else change.rest


def worsens(change: Change, others: tuple[Change, ...]) -> bool:
    """Whether a change of single forms is worse for one of them than all other changes."""
    for form in change.forms:
        rest = [level_for(other, form) for other in others]
        if worst((level_for(change, form), *rest)) != worst(rest):
            return True
    return False


def by_form(changes: Iterable[Change], accepted: tuple[Form, ...]) -> tuple[tuple[Form, Level], ...]:
    """The worst level of the changes of inputs for each accepted form."""
    input_changes = [change for change in changes if change.area == "inputs"]
    return tuple((form, worst(level_for(change, form) for change in input_changes)) for form in accepted)


def _from_python(form: Form) -> bool:
    return form in PYTHON_FORMS or form in PARAM_FORMS

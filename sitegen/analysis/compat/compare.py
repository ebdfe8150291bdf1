"""Entry points: `compare()`, `compare_step()`, `compare_signatures()`.

Verdicts assume that callers send values of the stated types, in any form that the old version accepts (see
`compat/forms`), omit optional inputs, and send null where the old version accepts it. The behavior of MLflow was
measured; see `mlflow_casts` and tests/mlflow/oracle.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from sitegen.analysis.compat.beyond_signature import version_changes
from sitegen.analysis.compat.form_changes import form_changes
from sitegen.analysis.compat.forms import accepted_forms, by_form, for_forms, worsens
from sitegen.analysis.compat.inputs import INPUTS, Columns, column_changes, unstated_input_changes
from sitegen.analysis.compat.location import SignaturePath, columns_text
from sitegen.analysis.compat.outputs import OUTPUTS, output_changes
from sitegen.analysis.compat.params import PARAMS, param_changes
from sitegen.analysis.compat.table_tensor import table_to_tensors, tensors_to_table
from sitegen.analysis.compat.tensors import tensor_changes
from sitegen.domain.comparison import Change, Comparison, verdict_of
from sitegen.domain.model import Version
from sitegen.domain.signature import Column, Object, ParamSpec, Scalar, Signature, kind_of
from sitegen.formats.signature_limits import column_refusals, type_refusals

UNREADABLE = Signature(unreadable=("inputs", "outputs", "params"))
"""The signature of a version whose MLmodel cannot be read."""


def compare(old: Version, new: Version) -> Comparison:
    """All changes from one version to another. The verdict depends only on the signature."""
    signatures = compare_step(old, new)
    others = tuple(version_changes(old, new))
    return replace(signatures, changes=signatures.changes + others) if others else signatures


def compare_step(old: Version, new: Version) -> Comparison:
    """The changes of the signature from one version to another."""
    return compare_signatures(_signature(old), _signature(new), type_hints=_has_type_hints(old) or _has_type_hints(new))


def _has_type_hints(version: Version) -> bool:
    return version.mlmodel is not None and version.mlmodel.signature_from_type_hint


def _signature(version: Version) -> Signature | None:
    return version.signature if version.mlmodel else UNREADABLE


NO_SIGNATURE = Signature()
"""The signature of a model that has none."""


Side = Columns | None


def compare_signatures(old: Signature | None, new: Signature | None, *, type_hints: bool = False) -> Comparison:
    """The changes between two signatures; None if the model has none. Cached by identity.

    `type_hints`: one of the signatures comes from Python type hints, so that MLflow does not enforce its inputs.
    """
    return _compare_pair(_Same(old or NO_SIGNATURE), _Same(new or NO_SIGNATURE), type_hints)


class _Same:
    """A cache key for a signature, compared by identity. Defaults of params can be lists, which have no hash."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature

    def __hash__(self) -> int:
        return id(self.signature)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.signature is other.signature


@lru_cache(maxsize=1024)
def _compare_pair(old: _Same, new: _Same, type_hints: bool) -> Comparison:
    inputs = old.signature.inputs
    accepted = accepted_forms(inputs)
    changes = tuple(for_forms(_changes(old.signature, new.signature, type_hints), accepted))
    forms = by_form(changes, accepted) if inputs else ()
    return Comparison(changes=changes, verdict=verdict_of(changes), forms=forms)


def _changes(old: Signature, new: Signature, type_hints: bool) -> Iterator[Change]:
    inputs = _side(INPUTS, old, new, old.inputs, new.inputs)
    if type_hints:
        yield INPUTS.change("inputs-type-hint", _side_text(old.inputs), _side_text(new.inputs))
        inputs = (replace(change, severity="unknown", python="unknown", rest="unknown") for change in inputs)
    yield from inputs
    yield from _param_side(old, new)
    yield from _side(OUTPUTS, old, new, old.outputs, new.outputs)


def _side(place: SignaturePath, old: Signature, new: Signature, before: Side, after: Side) -> Iterator[Change]:
    """The changes of inputs or outputs. An unreadable side is a change, too, even if it was unreadable before."""
    if place.area in (*old.unreadable, *new.unreadable):
        yield place.change(f"{place.area}-unreadable", _side_text(before), _side_text(after))
    elif before is None or after is None:
        yield place.change(f"{place.area}-unstated", _side_text(before), _side_text(after))
        if place is INPUTS and before and after is None and not refuses_columns(before):
            yield from unstated_input_changes(before)
    elif refuses_columns(before) or refuses_columns(after):
        yield place.change(f"{place.area}-refused", _side_text(before), _side_text(after))
    elif before != after:
        yield from output_changes(before, after) if place is OUTPUTS else _input_changes(before, after)


def _input_changes(old: Columns, new: Columns) -> Iterator[Change]:
    general = tuple(_general_changes(old, new))
    yield from general
    yield from (change for change in form_changes(old, new) if worsens(change, general))


def _general_changes(old: Columns, new: Columns) -> Iterator[Change]:
    if any(column.name == "" for column in new):
        yield INPUTS.change("input-nameless", columns_text(old), columns_text(new))
    match kind_of(old), kind_of(new):
        case "columns", "columns":
            yield from column_changes(old, new)
        case "columns", _:
            yield from table_to_tensors(old, new)
        case _, "columns":
            yield from tensors_to_table(old, new)
        case _:
            yield from tensor_changes(old, new)


def _param_side(old: Signature, new: Signature) -> Iterator[Change]:
    before, after = old.params or (), new.params or ()
    if "params" in (*old.unreadable, *new.unreadable):
        yield PARAMS.change("params-unreadable")
    elif refuses_params(before) or refuses_params(after):
        yield PARAMS.change("params-refused")
    else:
        yield from param_changes(before, after)


def _side_text(columns: Side) -> str | None:
    return None if columns is None else columns_text(columns)


def refuses_columns(columns: tuple[Column, ...]) -> bool:
    """Whether MLflow refuses one side of a signature."""
    return not columns or any(column_refusals(columns))


def refuses_params(params: tuple[ParamSpec, ...]) -> bool:
    """Whether MLflow refuses the params of a signature for their types."""
    return not all(
        isinstance(param.type, Scalar | Object)
        and not any(type_refusals(param.type, param.name))
        and param.type != Scalar("binary")
        for param in params
    )

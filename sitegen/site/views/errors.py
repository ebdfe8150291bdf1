"""The errors of a version at the top of its page: each says what it means for a reader."""

from typing import NamedTuple

from sitegen.analysis.load_errors import prevents_loading
from sitegen.domain.diagnostic import Diagnostic, count_problems
from sitegen.domain.model import Version
from sitegen.domain.rules import RULES

MAX_ERRORS = 3
"""Errors at the top of a page; the section about problems has all."""

_EFFECTS = {
    "pyfunc-missing": "mlflow.pyfunc cannot load it",
    "signature-json": "The signature cannot be read",
    "signature-shape": "The signature cannot be read",
}
_UNREADABLE = frozenset(["encoding", "json-syntax", "lfs-pointer", "unreadable", "yaml-limit", "yaml-syntax"])
"""Rules about a file that cannot be read."""


class ErrorRow(NamedTuple):
    """An error: what it means for a reader, and what is wrong."""

    effect: str
    message: str


class ErrorsView(NamedTuple):
    """The first errors of a version; `more` counts the rest."""

    rows: tuple[ErrorRow, ...] = ()
    more: int = 0


_NO_ERRORS = ErrorsView()


def errors_view(version: Version) -> ErrorsView:
    """The errors of a version, those first that keep MLflow from loading it; most versions have none."""
    errors = [one for one in version.problems if one.severity == "error"]
    if not errors:
        return _NO_ERRORS
    errors.sort(key=_order)
    return ErrorsView(tuple(map(_row, errors[:MAX_ERRORS])), count_problems(errors[MAX_ERRORS:]))


def _order(error: Diagnostic) -> bool:
    return not prevents_loading(error)


def _row(error: Diagnostic) -> ErrorRow:
    unreadable = f"{error.path.rpartition('/')[2]} cannot be read" if error.rule in _UNREADABLE else ""
    if prevents_loading(error):
        return ErrorRow("Cannot be loaded", f"{unreadable}: {error.message}" if unreadable else error.message)
    return ErrorRow(unreadable or _EFFECTS.get(error.rule) or RULES[error.rule].title, error.message)

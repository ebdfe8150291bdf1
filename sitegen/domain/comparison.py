"""`Change`, `Verdict`, `Comparison` and `ChangeRule`: changes between two versions, and their effect on callers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Level = Literal["breaking", "unknown", "lossy", "behaviour", "safe"]


LEVELS: tuple[Level, ...] = ("breaking", "unknown", "lossy", "behaviour", "safe")
"""Worst first.

breaking: a call that the old version takes may be refused, or reach the new one with other values. unknown: nobody
can say; it never hides what breaks and never reads as safe. lossy: taken, but something that the caller sends is
dropped. behaviour: taken whole, but the same call may mean or bring something else. safe: callers notice nothing.
"""


Area = Literal[
    "inputs",
    "params",
    "outputs",
    "flavors",
    "environment",
    "files",
    "tags",
    "aliases",
    "hyperparameters",
    "metrics",
]
"""Part of a version. `params` are those that a call may carry, `hyperparameters` those that the run was logged with."""


Form = Literal[
    "dataframe",
    "dict",
    "records",
    "series",
    "ndarray",
    "list",
    "sparse",
    "dataframe_split",
    "dataframe_records",
    "inputs",
    "instances",
    "csv",
    "params",
    "numpy_params",
]
"""Documented way to call a model: the kind of Python object, the key of a JSON body, or CSV; then kinds of params."""

PYTHON_TABLES: tuple[Form, ...] = ("dataframe", "series")
PYTHON_FORMS: tuple[Form, ...] = (*PYTHON_TABLES, "dict", "records", "ndarray", "list", "sparse")
REST_TABLES: tuple[Form, ...] = ("dataframe_split", "dataframe_records")
REST_FORMS: tuple[Form, ...] = (*REST_TABLES, "inputs", "instances", "csv")
PARAM_FORMS: tuple[Form, ...] = ("params", "numpy_params")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference between two versions. `old` and `new` are short texts, None where there is nothing.

    `rule` is a key of `CHANGE_RULES` in `sitegen.analysis.compat.rules.table`, which holds the sentences. `where` is a
    path such as `age`, `address.zip`, `tags[]`, `prices.*` or, for an input without a name, `[0]`; empty for the
    whole area.
    `python` and `rest` say what the change means for those two kinds of callers, `outputs` what it means for those
    who read the predictions; None where it does not concern them. `severity` is the worst for anyone. `forms` are the
    ways to call the model that the change concerns; empty where it concerns all that the old version accepts.
    """

    rule: str
    area: Area
    where: str
    old: str | None
    new: str | None
    severity: Level
    python: Level | None = None
    rest: Level | None = None
    outputs: Level | None = None
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether users of the old version can use the new one: Python callers, REST callers, readers of outputs."""

    python: Level
    rest: Level
    outputs: Level

    @property
    def severity(self) -> Level:
        """The worst for anyone."""
        return worst((self.python, self.rest, self.outputs))


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All that differs between two versions, and the verdict: the worst of it.

    `forms` has the verdict for each way to send data that the old version accepts; params do not count there. Empty
    where the inputs of the old version are not known.
    """

    changes: tuple[Change, ...]
    verdict: Verdict
    forms: tuple[tuple[Form, Level], ...] = ()


def worst(levels: Iterable[Level | None]) -> Level:
    """The worst level; safe where there is none."""
    return min((level for level in levels if level), key=LEVELS.index, default="safe")


def worst_first(changes: Iterable[Change]) -> list[Change]:
    """The changes in the order of their levels; those of one level stay as they are."""
    return sorted(changes, key=lambda change: LEVELS.index(change.severity))


def verdict_of(changes: Iterable[Change]) -> Verdict:
    """The worst level of the changes for each kind of user."""
    changes = tuple(changes)
    return Verdict(
        python=worst(change.python for change in changes),
        rest=worst(change.rest for change in changes),
        outputs=worst(change.outputs for change in changes),
    )


class ChangeRule(NamedTuple):
    """The rule for one kind of change: its levels for callers and readers, and its sentences.

    `reason` and `fix` are templates: `{where}`, `{old}` and `{new}` stand for those of the change. `python`, `rest`
    and `outputs` are the levels for callers and for readers of predictions; `others` is the level of what is outside
    the signature. `harsher` tells why the level is worse than what MLflow itself does with such a call, where it is.
    `forms` are the ways to call a model that the levels hold for; empty: all. For the others the change is safe.
    """

    title: str
    reason: str
    fix: str | None = None
    python: Level | None = None
    rest: Level | None = None
    outputs: Level | None = None
    others: Level | None = None
    harsher: str | None = None
    forms: tuple[Form, ...] = ()

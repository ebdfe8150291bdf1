"""The values of a review: models, versions, pointers and metrics that differ between BASE and HEAD."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sitegen.analysis.gate import NO_BLOCKERS, Blockers
from sitegen.analysis.metric_ranking import Delta
from sitegen.domain.comparison import Comparison, Level
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.model import Kind
from sitegen.domain.signature import Signature

Status = Literal["added", "removed", "renamed", "changed"]


class MetricChange(NamedTuple):
    """A metric of two versions, measured on one dataset. `delta` is None where the values cannot be subtracted."""

    key: str
    dataset: str
    old: float | None
    new: float | None
    delta: Delta | None = None


class VersionTexts(NamedTuple):
    """What two versions are compared by, line by line."""

    signature: Signature | None = None
    requirements: tuple[str, ...] = ()
    card: str | None = None


NO_TEXTS = VersionTexts()


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What callers of the version `old` meet when they get another one instead.

    `pointer` is the alias or stage by which they call `old`, where one makes it the reference.
    """

    old: str
    pointer: str | None = None
    comparison: Comparison
    blockers: Blockers = NO_BLOCKERS
    metrics: tuple[MetricChange, ...] = ()
    before: VersionTexts = field(default=NO_TEXTS, repr=False)
    after: VersionTexts = field(default=NO_TEXTS, repr=False)

    @property
    def level(self) -> Level:
        """The worst for any caller or reader."""
        return self.comparison.verdict.severity


@dataclass(frozen=True, kw_only=True)
class VersionReview:
    """A version that differs.

    `lead` decides: the version against BASE's baseline, the previous version or, where it was changed, its old state.
    `beside` is the previous version, or the baseline where the version is older than that. Both are None for what
    nobody calls yet. `blockers` are the reasons why a version without a reference cannot be read. `parts` names what
    differs beyond the comparison. `problems` are errors and warnings that BASE does not have. `path` is that of the
    MLmodel, `line` that of the signature in it.
    """

    name: str
    status: Status
    old_name: str | None = None
    path: str | None = None
    line: int | None = None
    lead: Assessment | None = None
    beside: Assessment | None = None
    blockers: tuple[Diagnostic, ...] = ()
    parts: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PointerMove:
    """An alias or a stage that points at another version than before; None where there is none.

    `lost`: the version that it points at in HEAD does not exist. `path` is that of the MLmodel of the new version,
    `line` that of its signature.
    """

    name: str
    kind: Literal["alias", "stage"]
    old: str | None
    new: str | None
    lost: bool = False
    path: str | None = None
    line: int | None = None
    assessment: Assessment | None = None


@dataclass(frozen=True, kw_only=True)
class ModelReview:
    """A model that differs. `path` is its folder, or that of one of its versions."""

    name: str
    kind: Kind
    status: Status
    store: str = ""
    raw_name: str = field(default="", repr=False)
    """The name before redaction, which decides about its address in the site."""
    old_name: str | None = None
    path: str | None = None
    pointers: tuple[PointerMove, ...] = ()
    versions: tuple[VersionReview, ...] = ()
    parts: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the model from all others: models of two stores may have one name."""
        return (self.kind, self.raw_name, self.store)


class SettingChange(NamedTuple):
    """A setting of the gate that differs between BASE and HEAD, as short texts; None where it is not set."""

    key: str
    old: str | None
    new: str | None

"""Assessing one version against another: the verdict of `compare`, and what it does to metrics."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sitegen.analysis.check_policy import at_level
from sitegen.analysis.gate import NO_BLOCKERS, Blockers, judge
from sitegen.analysis.metric_ranking import delta, ranks
from sitegen.analysis.review.side import LoadedVersion
from sitegen.analysis.review.values import Assessment, MetricChange, VersionTexts
from sitegen.domain.comparison import Comparison, Verdict
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.model import LoggedFile, Version, metrics_by_row, name_dataset
from sitegen.formats.file_roles import SIDECARS
from sitegen.settings.settings import Level, Metrics
from sitegen.sources.join import SIDECARS as BESIDE

_POINTERS = ("aliases",)
"""Areas of changes that pointers tell."""

_PARTS = (
    *("description", "card", "facts", "source", "stage", "status", "model_status", "run", "datasets", "example"),
    *("params", "metrics", "dataset_metrics", "tags", "environment", "files", "mlmodel", "model_id", "created"),
)
"""Fields of a version that a review looks at."""

_COMPARED_PARTS = frozenset(["params", "metrics", "dataset_metrics", "tags", "environment", "files"])
"""Fields whose differences are changes of a comparison."""

_SIDECAR_ROLES = frozenset(SIDECARS.values())

NO_LEVELS: Mapping[str, Level] = MappingProxyType({})
"""Each rule has its usual level."""

LARGE_FILES = "files too large to compare"
"""What differs where nothing else does: files without a hash."""


def assess(
    old: LoadedVersion,
    new: LoadedVersion,
    settings: Metrics,
    pointer: str | None = None,
    lacks: frozenset[str] = frozenset(),
) -> Assessment:
    """What callers of one version meet at another one. Areas in `lacks` are not compared."""
    blockers = Blockers(old=old.blockers, new=new.blockers)
    comparison = judge(old.version, new.version, blockers)
    metrics = () if "metrics" in lacks else metric_changes(old.version, new.version, settings)
    return Assessment(
        old=old.version.name,
        pointer=pointer,
        comparison=_without_areas(comparison, lacks.union(_POINTERS)),
        blockers=blockers,
        metrics=metrics,
        before=_texts(old.version),
        after=_texts(new.version),
    )


def _texts(version: Version) -> VersionTexts:
    requirements = tuple(requirement.text for requirement in version.environment.requirements)
    return VersionTexts(version.signature, requirements, version.card)


def without_signature(assessment: Assessment) -> Assessment:
    """An assessment of a change that does not touch the model itself: what it says of calls was true before."""
    changes = tuple(one for one in assessment.comparison.changes if one.area not in ("inputs", "params", "outputs"))
    comparison = Comparison(changes=changes, verdict=Verdict(python="safe", rest="safe", outputs="safe"))
    return replace(assessment, comparison=comparison, blockers=NO_BLOCKERS)


def touches_model(old: Version, new: Version) -> bool:
    """Whether two states of a version differ in what is loaded: MLmodel, environment, or a file that is not parsed."""
    if old.mlmodel != new.mlmodel or old.environment != new.environment:
        return True
    before, after = (_model_files(version) for version in (old, new))
    return before != after


def _model_files(version: Version) -> list[LoggedFile]:
    return [file for file in version.files if file.role not in _SIDECAR_ROLES and file.path not in BESIDE]


def _without_areas(comparison: Comparison, areas: frozenset[str]) -> Comparison:
    return replace(comparison, changes=tuple(one for one in comparison.changes if one.area not in areas))


def metric_changes(old: Version, new: Version, settings: Metrics) -> tuple[MetricChange, ...]:
    """The metrics that differ, those that got worse first. Only values of one dataset are subtracted."""
    before, after = metrics_by_row(old), metrics_by_row(new)
    found = []
    for row in sorted(before.keys() | after.keys(), key=lambda row: (row[0], row[1][0] or "", row[1][1] or "")):
        if not ranks(row[0]):
            continue
        first, second = before.get(row), after.get(row)
        a, b = first.value if first else None, second.value if second else None
        if repr(a) == repr(b):
            continue
        one = first or second
        dataset = name_dataset(one) if one else ""
        step = None if a is None or b is None else delta(row[0], b, a, settings.directions, settings.tolerance)
        found.append(MetricChange(row[0], dataset, a, b, step))
    return tuple(sorted(found, key=_worst_first))


def _worst_first(change: MetricChange) -> int:
    judgement = change.delta.judgement if change.delta else None
    order = {"worse": 0, "better": 2, None: 3, "same": 4}
    return 1 if judgement == "worse" and change.delta and not change.delta.regression else order[judgement]


def differing_parts(old: Version, new: Version, lacks: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The fields that differ. Values that are not equal to themselves, NaN, count as equal to each other."""
    return tuple(
        name
        for name in _PARTS
        if name not in lacks
        and (before := getattr(old, name)) != (after := getattr(new, name))
        and repr(before) != repr(after)
    )


def other_parts(old: Version, new: Version, lacks: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The fields that differ and of which no comparison tells."""
    return tuple(name for name in differing_parts(old, new, lacks) if name not in _COMPARED_PARTS)


def has_large_files(version: Version) -> bool:
    """Whether files of the version are too large to be hashed."""
    return any(file.sha256 is None for file in version.files)


def new_problems(
    old: tuple[Diagnostic, ...], new: tuple[Diagnostic, ...], levels: Mapping[str, Level] = NO_LEVELS
) -> tuple[Diagnostic, ...]:
    """The errors and warnings that were not there before, wherever their lines have moved.

    `levels` has the level of each rule that the settings name.
    """
    known = {(one.rule, one.message, one.path) for one in old}
    fresh = (one for one in new if (one.rule, one.message, one.path) not in known)
    leveled = (at_level(one, levels) for one in fresh)
    return tuple(one for one in leveled if one is not None and one.severity in ("error", "warning"))

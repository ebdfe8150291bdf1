"""The findings of the quality rules about a model as it is published: what is missing, and what got worse."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.analysis.pickle_danger import dangerous_imports
from sitegen.analysis.readiness_facts import example_fits
from sitegen.analysis.reference import find_baseline
from sitegen.analysis.review.assess import metric_changes
from sitegen.analysis.usage.payload import example_payload
from sitegen.analysis.version_conflicts import version_conflicts
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.environment import normal_name
from sitegen.domain.facts import merge_facts
from sitegen.domain.model import Model, Version
from sitegen.privacy.paths import PATH
from sitegen.settings.settings import Check, Metrics

_MIB = 2**20
_DAY = 86_400_000
"""Milliseconds."""

_MIN_DOUBLE = _MIB
"""The smallest size in bytes at which two equal files are reported."""


class QualityFinding(NamedTuple):
    """A finding about a model, or about the version at a place in the model's order."""

    diagnostic: Diagnostic
    version: int | None = None


def quality_findings(model: Model, metrics: Metrics, settings: Check, today: int) -> Iterator[QualityFinding]:
    """All findings. `today` is in milliseconds since 1970, UTC.

    What people must know is asked of registered models alone, of their newest version: logged models are attempts.
    """
    for place, version in enumerate(model.versions):
        yield from (QualityFinding(one, place) for one in _version_findings(version, settings))
    if model.kind == "registered" and model.versions:
        newest = len(model.versions) - 1
        yield from map(QualityFinding, _documentation(model, model.versions[newest]))
        for one in (
            *_measurements(model.versions[newest]),
            *_against_baseline(model, metrics),
            *_age(model.versions[newest], settings, today),
        ):
            yield QualityFinding(one, newest)


def lasting_findings(model: Model, settings: Check) -> Iterator[Diagnostic]:
    """The findings about a registered model and its newest version that depend on no day and no other version."""
    newest = model.versions[-1]
    yield from _documentation(model, newest)
    yield from _measurements(newest)
    yield from _version_findings(newest, settings)


# --- what people must know -----------------------------------------------------------------------------------------


def _documentation(model: Model, newest: Version) -> Iterator[Diagnostic]:
    facts, place = merge_facts(newest.facts, model.facts), _place(newest)
    if not any((model.card, model.description, newest.card, newest.description)):
        yield problem("card-missing", "neither the model nor its newest version has a card or description", place)
    stated = {
        "owner-missing": (facts.owner, "owner"),
        "licence-missing": (facts.licence, "licence"),
        "use-missing": (facts.intended_use, "intended use"),
    }
    yield from (problem(rule, f"no {name} is stated", place) for rule, (text, name) in stated.items() if not text)


def _measurements(version: Version) -> Iterator[Diagnostic]:
    if not version.metrics and not version.dataset_metrics:
        yield problem("metrics-missing", "neither its run nor a file has metrics", _place(version))


def _age(version: Version, settings: Check, today: int) -> Iterator[Diagnostic]:
    days = (today - version.created) // _DAY if version.created is not None else 0
    if settings.stale_days and days > settings.stale_days:
        yield problem("version-stale", f"it was made {days} days ago", _place(version))


# --- against the version that users call today -----------------------------------------------------------------------


def _against_baseline(model: Model, metrics: Metrics) -> Iterator[Diagnostic]:
    """What is worse in the newest version than in the baseline."""
    baseline = find_baseline(model, metrics.baseline)
    if baseline is None or baseline.place == len(model.versions) - 1:
        return
    old, new = model.versions[baseline.place], model.versions[-1]
    called = f"@{baseline.alias}" if baseline.alias else "stage Production"
    for one in metric_changes(old, new, metrics):
        if one.delta and one.delta.regression:
            key = f"{one.key} on {one.dataset}" if one.dataset else one.key
            yield problem("metric-worse", f"{key} is {one.new!r}, and {one.old!r} in {called}", _place(new))
    pinned = {normal_name(one.name) for one in old.environment.requirements if one.version is not None}
    for requirement in new.environment.requirements:
        if requirement.version is None and normal_name(requirement.name) in pinned:
            yield problem("environment-worse", f"{requirement.name} is pinned in {called}", _place(new))


# --- each version ---------------------------------------------------------------------------------------------------


def _version_findings(version: Version, settings: Check) -> Iterator[Diagnostic]:
    signature = version.signature
    if version.example and signature:
        payload = example_payload(version.example, signature)
        if example_fits(version.example, signature, payload) is False:
            yield problem("example-fit", "the example lacks a required input", _place(version))
    yield from _conflicts(version)
    for pickle in version.pickles:
        names = [".".join(pair) for pair in dangerous_imports(pickle)]
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            yield problem("pickle-imports", f"it imports {', '.join(names[:3])}{more}", _file(version, pickle.path))
    yield from _private_paths(version)
    yield from _large_files(version, settings)


def _conflicts(version: Version) -> Iterator[Diagnostic]:
    flavors = version.mlmodel.flavors if version.mlmodel else ()
    for package, required, written in version_conflicts(flavors, version.environment):
        message = f"{package} {required} is required, but {written} wrote the model"
        yield problem("requirement-differs", message, _place(version))


def _private_paths(version: Version) -> Iterator[Diagnostic]:
    """Texts that people write in which a path was withheld; MLmodel is left out, since MLflow writes paths there."""
    texts = {"the card": version.card, "the description": version.description}
    texts |= {f"the tag {key}": text for key, text in version.tags}
    texts |= {f"the param {key}": text for key, text in version.params}
    for name, text in texts.items():
        if text and PATH in text:
            yield problem("private-path", f"{name} names a path of somebody's machine", _place(version))


def _large_files(version: Version, settings: Check) -> Iterator[Diagnostic]:
    contents = Counter(one.sha256 for one in version.files if one.sha256 and one.size >= _MIN_DOUBLE)
    first: dict[str, str] = {}
    for file in version.files:
        if settings.huge_mib and file.size > settings.huge_mib * _MIB:
            yield problem("file-huge", f"it has {file.size // _MIB:,} MiB", _file(version, file.path))
        if file.sha256 and contents[file.sha256] > 1:
            if other := first.get(file.sha256):
                yield problem("file-double", f"it has the content of {other}", _file(version, file.path))
            first.setdefault(file.sha256, file.path)


def _place(version: Version) -> str:
    return version.path or version.name


def _file(version: Version, path: str) -> str:
    return path if version.path in (None, ".") else f"{version.path}/{path}"

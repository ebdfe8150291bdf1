"""Check rules about a loaded version, beyond those that parsers report about single files."""

import math
from collections.abc import Iterator
from dataclasses import replace

from sitegen.domain.diagnostic import Diagnostic, cap_problems, problem
from sitegen.domain.model import NO_DATASET, Model, Version, metrics_by_row, name_dataset
from sitegen.domain.signature import Signature, Tensor
from sitegen.formats.markdown_cost import is_too_costly


def add_findings(model: Model) -> Model:
    """Add the findings of the rules to the problems of a model and of its versions."""
    findings = tuple(_description(model.description, model.name))
    versions = tuple(map(add_version_findings, model.versions))
    return replace(model, versions=versions, problems=(*model.problems, *findings))


def add_version_findings(version: Version) -> Version:
    """Add the findings of the rules to the problems of a version."""
    findings = tuple(check(version))
    if not findings:
        return version
    return replace(version, problems=cap_problems((*version.problems, *findings), version.path or version.name))


def check(version: Version) -> Iterator[Diagnostic]:
    """The findings of the rules about one version."""
    place = _mlmodel(version)
    if version.mlmodel and version.signature is None:
        if not any(diagnostic.rule.startswith("signature") for diagnostic in version.problems):
            yield problem("signature-missing", "the model has no signature", place)
    elif version.signature and _takes_one_array(version.signature):
        yield problem("signature-tensor", "the input is one unnamed array; callers see a single column", place)
    yield from _description(version.description, version.path or version.name)
    yield from _infinite_metrics(version)


def _infinite_metrics(version: Version) -> Iterator[Diagnostic]:
    measured = metrics_by_row(version).values() if version.dataset_metrics else version.metrics
    for metric in measured:
        if not math.isfinite(metric.value):
            key = metric.key if metric.dataset == NO_DATASET else f"{metric.key} on {name_dataset(metric)}"
            yield problem("metric-infinite", f"{key} is {metric.value}", version.path or version.name)


def _description(text: str | None, place: str) -> Iterator[Diagnostic]:
    if text and is_too_costly(text):
        yield problem("card-limit", "the description is shown as it is written", place)


def _takes_one_array(signature: Signature) -> bool:
    inputs = signature.inputs or ()
    return len(inputs) == 1 and inputs[0].name is None and isinstance(inputs[0].type, Tensor)


def _mlmodel(version: Version) -> str:
    return "MLmodel" if version.path in (None, ".") else f"{version.path}/MLmodel"

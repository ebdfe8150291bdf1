"""Reviewing two states of a registry: all models that differ, their findings, and the decision."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.analysis.review.assess import new_problems
from sitegen.analysis.review.findings import ReviewFinding, model_findings, registry_findings
from sitegen.analysis.review.model import review_model
from sitegen.analysis.review.pairs import pair_models
from sitegen.analysis.review.policy import Review, Topic, decide
from sitegen.analysis.review.side import Side
from sitegen.analysis.review.values import ModelReview, SettingChange
from sitegen.settings.settings import Settings


class Sides(NamedTuple):
    """What is reviewed: BASE and HEAD with their names, and the settings, with the name of their file."""

    base: Side
    head: Side
    base_name: str
    head_name: str
    settings: Settings
    settings_file: str
    setting_changes: tuple[SettingChange, ...] = ()
    folder: str = ""
    """The registry's path in the repository, so that findings are shown at their lines; empty for its root."""
    notes: tuple[str, ...] = ()
    """Lines for the user about where the registries were found."""


def review(sides: Sides, topics: Sequence[Topic], today: str) -> Review:
    """Review HEAD. `today` decides which accepts have expired; `topics` are what fails beyond breaking and unknown."""
    models = tuple(review_models(sides))
    findings = [*registry_findings(new_problems(sides.base.problems, sides.head.problems))]
    findings += _findings(models)
    return Review(
        base=sides.base_name,
        head=sides.head_name,
        settings=sides.settings_file,
        models=models,
        decisions=decide(findings, topics, sides.settings.diff.accept, today),
        setting_changes=sides.setting_changes,
        lacks=sides.base.lacks | sides.head.lacks,
        fail_on=tuple(topics),
        expired_accepts=tuple(one for one in sides.settings.diff.accept if one.ends_before(today)),
        day=today,
    )


def review_models(sides: Sides) -> Iterator[ModelReview]:
    """The models that differ, one after the other: only these are loaded."""
    settings = sides.settings
    for pair in pair_models(sides.base, sides.head):
        found = review_model(pair, sides.base, sides.head, settings.metrics, dict(settings.check.levels))
        if found is not None:
            yield found


def _findings(models: Sequence[ModelReview]) -> Iterator[ReviewFinding]:
    for model in models:
        yield from model_findings(model)

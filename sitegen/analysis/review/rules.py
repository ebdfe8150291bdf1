"""The rules of a review beyond those of a comparison: what happens to models, versions and pointers."""

from typing import NamedTuple

from sitegen.domain.comparison import Level


class ReviewRule(NamedTuple):
    """A rule: its level for callers, a title, and what to do."""

    level: Level
    title: str
    hint: str = ""


REVIEW_RULES: dict[str, ReviewRule] = {
    "model-removed": ReviewRule("breaking", "A registered model is removed", "keep it, or accept the removal"),
    "model-renamed": ReviewRule("breaking", "A registered model has another name", "keep the name, or accept it"),
    "version-removed": ReviewRule("breaking", "A registered version is removed", "keep it, or accept the removal"),
    "version-renamed": ReviewRule("breaking", "A registered version has another number", "keep it, or accept it"),
    "pointer-removed": ReviewRule("breaking", "An alias or stage names no version any more", "set it again"),
    "pointer-lost": ReviewRule("breaking", "An alias points at a version that does not exist", "point it at another"),
    "not-judged": ReviewRule("unknown", "A model cannot be judged", "repair the file that the message names"),
    "source-unreadable": ReviewRule("unknown", "A store of HEAD cannot be read", "repair it"),
    "metric-regression": ReviewRule("safe", "A metric is worse by more than the tolerance"),
    "new-problem": ReviewRule("safe", "A problem that BASE does not have"),
    "pointer-moved": ReviewRule("safe", "An alias or stage points at another version"),
    "model-added": ReviewRule("safe", "A model is new"),
    "version-added": ReviewRule("safe", "A version is new"),
    "version-changed": ReviewRule("safe", "A version has changed in place"),
    "logged-removed": ReviewRule("safe", "A logged model is removed"),
    "model-changed": ReviewRule("safe", "A description, card or tag of a model has changed"),
}
"""All rules by id. Changes of a comparison have rules of their own: `CHANGE_RULES`."""

"""The policy of a review: which findings fail it, and which are accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sitegen.analysis.review.findings import ReviewFinding
from sitegen.analysis.review.values import ModelReview, SettingChange
from sitegen.domain.comparison import Level, worst
from sitegen.settings.accept import Accept

Topic = Literal["outputs", "lossy", "regression", "problems", "any", "never"]

TOPICS: tuple[Topic, ...] = ("outputs", "lossy", "regression", "problems", "any", "never")
"""What `--fail-on` adds to breaking and unknown, which always fail; `never` turns all of them off."""

_ALWAYS: tuple[Level, ...] = ("breaking", "unknown")


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A finding, and what the policy makes of it. `accept` covers it."""

    finding: ReviewFinding
    fails: bool
    accept: Accept | None = None


@dataclass(frozen=True, kw_only=True)
class Review:
    """All that differs between BASE and HEAD, and whether it passes.

    `base` and `head` are the names of the sides, `settings` that of the file with the settings of the gate. `lacks`
    names what the sides do not both have, `setting_changes` what HEAD changes in the settings of the gate.
    """

    base: str
    head: str
    settings: str
    models: tuple[ModelReview, ...]
    decisions: tuple[Decision, ...]
    setting_changes: tuple[SettingChange, ...] = ()
    lacks: frozenset[str] = frozenset()
    fail_on: tuple[Topic, ...] = ()
    expired_accepts: tuple[Accept, ...] = ()
    """Those whose last day is over: they cover nothing, and fail the review until somebody looks at them again."""
    day: str = ""
    """The day that decided which accepts have expired."""

    @cached_property
    def by_model(self) -> dict[tuple[str, ...], list[Decision]]:
        """The decisions by the key of their model; those about the registry itself have an empty one."""
        found: dict[tuple[str, ...], list[Decision]] = {}
        for decision in self.decisions:
            found.setdefault(decision.finding.model_key, []).append(decision)
        return found

    def decisions_about(self, model: ModelReview) -> list[Decision]:
        """The decisions about a model, its pointers and its versions."""
        return self.by_model.get(model.key, [])

    @property
    def passes(self) -> bool:
        """Whether nothing fails."""
        expired = self.expired_accepts and "never" not in self.fail_on
        return not expired and not any(decision.fails for decision in self.decisions)

    @property
    def level(self) -> Level:
        """The worst level of what is not accepted."""
        return worst(decision.finding.level for decision in self.decisions if not decision.accept)

    @property
    def accepted_level(self) -> Level:
        """The worst level of what is accepted."""
        return worst(decision.finding.level for decision in self.decisions if decision.accept)

    @property
    def accepts(self) -> tuple[Accept, ...]:
        """The accepts that cover a finding, each once."""
        return tuple(dict.fromkeys(one.accept for one in self.decisions if one.accept))


def decide(
    findings: Iterable[ReviewFinding], topics: Sequence[Topic], accepts: Sequence[Accept], today: str
) -> tuple[Decision, ...]:
    """What fails. An accept that has expired covers nothing."""
    return tuple(_decide(finding, topics, accepts, today) for finding in findings)


def _decide(finding: ReviewFinding, topics: Sequence[Topic], accepts: Sequence[Accept], today: str) -> Decision:
    fails = "never" not in topics and (finding.level in _ALWAYS or any(_concerns(topic, finding) for topic in topics))
    if not fails and finding.level not in _ALWAYS:
        return Decision(finding=finding, fails=False)
    covering = [one for one in accepts if one.covers(finding.model, finding.version, finding.rule, finding.where)]
    valid = next((one for one in covering if not one.ends_before(today)), None)
    return Decision(finding=finding, fails=fails and valid is None, accept=valid)


def _concerns(topic: Topic, finding: ReviewFinding) -> bool:
    match topic:
        case "outputs":
            return finding.change is not None and finding.change.outputs not in (None, "safe")
        case "lossy":
            return finding.level == "lossy"
        case "regression":
            return finding.rule == "metric-regression"
        case "problems":
            return finding.rule in ("new-problem", "source-unreadable", "not-judged")
        case "any":
            return True
        case "never":
            return False

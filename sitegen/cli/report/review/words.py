"""Sentences about a review that several formats use."""

from collections import Counter
from collections.abc import Iterable

from sitegen.analysis.compat.rules.table import fix, reason
from sitegen.analysis.review.findings import ReviewFinding
from sitegen.analysis.review.policy import Decision, Review
from sitegen.analysis.review.rules import REVIEW_RULES
from sitegen.analysis.review.values import MetricChange, ModelReview, PointerMove, VersionReview
from sitegen.cli.report.words import GLYPHS, count_of, form_names, step_of, subject_of
from sitegen.core.text import reveal
from sitegen.domain.comparison import Level
from sitegen.domain.model import Kind
from sitegen.formats.text import shorten
from sitegen.settings.accept import Accept
from sitegen.site.display import digits_of, number, with_sign

LEVEL_WORDS: dict[Level, str] = {
    "breaking": "breaking",
    "unknown": "could not be judged",
    "lossy": "lossy",
    "behaviour": "behaviour may differ",
    "safe": "compatible",
}
"""What pages call the levels."""

_MAX_ID = 10
"""Characters of an id in a label."""

_MAX_NAMES = 3
"""Names in a verdict."""


def version_label(name: str, kind: Kind = "registered") -> str:
    """A version as people call it: v3; a logged one by the start of its id."""
    if kind == "logged" and len(name) > 2 * _MAX_ID:
        return name[:_MAX_ID]
    return f"v{name}" if name[:1].isdigit() and len(name) < 32 else shorten(reveal(name), 80) or '""'


def _former_label(old: str, new: str) -> str:
    """The label that a version had before it was called `new`: 3 and v3 have the same one."""
    label = version_label(old)
    return label if label != version_label(new) else old


def verdict_line(review: Review) -> str:
    """The verdict that decides the exit code, as one sentence without markup."""
    failing = [one for one in review.decisions if one.fails]
    if not failing:
        if not review.passes:
            return f"Fails: {failure_reason(review)}"
        if not review.decisions and not review.setting_changes:
            return "Nothing differs"
        never = "never" in review.fail_on and review.level in ("breaking", "unknown")
        word = LEVEL_WORDS[review.level].capitalize()
        if not never and review.accepted_level in ("breaking", "unknown"):
            return f"{LEVEL_WORDS[review.accepted_level].capitalize()}, and accepted: nothing fails"
        return f"{word}; --fail-on never lets it pass" if never else f"{word}: nothing fails"
    return f"{failure_word(failing)}: {', '.join(failing_subjects(failing))}"


def failure_reason(review: Review) -> str:
    """Why a review fails, in a few words: the worst level, what `--fail-on` names, or accepts that have expired."""
    levels = {one.finding.level for one in review.decisions if one.fails}
    for level in ("breaking", "unknown"):
        if level in levels:
            return LEVEL_WORDS[level]
    return "what --fail-on names" if levels else f"{count_of(len(review.expired_accepts), 'accept')} expired"


def failing_subjects(failing: Iterable[Decision]) -> list[str]:
    """The versions and models that fail, the first ones by name."""
    counts: Counter[str] = Counter()
    for decision in failing:
        counts[subject(decision.finding)] += 1
    names = [f"{name} ({count_of(number, 'finding')})" for name, number in counts.items()]
    more = [f"{len(names) - _MAX_NAMES:,} more"] if len(names) > _MAX_NAMES else []
    return names[:_MAX_NAMES] + more


def failure_word(failing: list[Decision]) -> str:
    """The verdict of what fails, as the first word of a sentence."""
    levels = {decision.finding.level for decision in failing}
    if "breaking" in levels:
        return "Breaking"
    return "Could not be judged" if "unknown" in levels else "Fails"


def subject(finding: ReviewFinding) -> str:
    """The model, alias or version that a finding is about."""
    if not finding.model:
        return "the registry"
    model = shorten(reveal(finding.model), 80)
    if finding.about == "pointer":
        return f"{model} {pointer_name(finding.pointer)}"
    return f"{model} {version_label(finding.version)}" if finding.version else model


def pointer_name(name: str) -> str:
    """An alias or stage: `@champion`."""
    return f"@{shorten(reveal(name), 80)}"


def against_words(finding: ReviewFinding) -> str:
    """Whose callers meet the change: `callers of v3 (@champion)`."""
    if not finding.against:
        return ""
    pointer = f" ({pointer_name(finding.pointer)})" if finding.pointer else ""
    return f"callers of {version_label(finding.against)}{pointer}"


def message_of(finding: ReviewFinding) -> str:
    """What a finding says, without its subject."""
    concerns = against_words(finding) if finding.change is not None else ""
    return short_message_of(finding) + (f", for {concerns}" if concerns else "")


def short_message_of(finding: ReviewFinding) -> str:
    """What a finding says, without its subject and whom it concerns."""
    if finding.change is not None:
        forms = f", sent as {form_names(finding.change.forms)}" if finding.change.forms else ""
        return f"{subject_of(finding.change)}{forms}: {step_of(finding.change)}"
    if finding.diagnostic is not None:
        what = "cannot be judged: " if finding.rule == "not-judged" else ""
        return f"{what}{finding.diagnostic.message} ({finding.diagnostic.rule})"
    if finding.metric is not None:
        return metric_text(finding.metric) + (f", against {version_label(finding.against)}" if finding.against else "")
    return _event(finding)


def located_message_of(finding: ReviewFinding) -> str:
    """What a finding says, with the file and line of a problem, for formats that do not show these elsewhere."""
    place = f"{finding.diagnostic.place}: " if finding.diagnostic else ""
    return place + short_message_of(finding)


def _event(finding: ReviewFinding) -> str:
    old, new = version_label(finding.against), version_label(finding.version)
    match finding.rule:
        case "pointer-moved":
            return f"moves from {old} to {new}" if finding.against else f"is new and points at {new}"
        case "pointer-removed":
            return f"pointed at {old}, and is removed"
        case "pointer-lost":
            return f"points at {new}, which does not exist"
        case "model-renamed" | "version-renamed":
            is_model = finding.rule == "model-renamed"
            former = finding.where if is_model else _former_label(finding.where, finding.version)
            return f"was {shorten(reveal(former), 80)}: calls by that name fail"
        case "model-removed" | "version-removed":
            return "removed, so calls by its name fail"
        case "logged-removed":
            return "removed"
        case "not-judged":
            return f"cannot be judged: {old} is missing in BASE, or {new} in HEAD"
    return REVIEW_RULES[finding.rule].title


def mark_of(finding: ReviewFinding) -> str:
    """The mark of a finding: that of its level, or `!` for a problem, which changes nothing for callers."""
    return "!" if finding.rule == "new-problem" else GLYPHS[finding.level]


def reason_of(finding: ReviewFinding) -> str:
    """Why a finding has its level; empty where the message says it."""
    return reason(finding.change) if finding.change is not None else ""


def hint_of(finding: ReviewFinding) -> str:
    """What to do about a finding; empty where there is nothing."""
    if finding.change is not None:
        return fix(finding.change) or ""
    if finding.diagnostic is not None:
        return finding.diagnostic.hint
    if finding.rule == "not-judged":
        return "accept it if nobody calls that version"
    return REVIEW_RULES[finding.rule].hint if finding.rule in REVIEW_RULES else ""


def metric_text(change: MetricChange) -> str:
    """A metric with both values and what the change means: `auc 0.91 → 0.89 (−0.02, worse)`."""
    name = f"{reveal(change.key)} on {reveal(change.dataset)}" if change.dataset else reveal(change.key)
    old, new = metric_values(change)
    return f"{name}: {old} → {new}{metric_effect(change)}"


def metric_values(change: MetricChange) -> tuple[str, str]:
    """Both values of a metric as texts."""
    digits = digits_of(one for one in (change.old, change.new) if one is not None)
    old, new = ("not logged" if one is None else number(one, digits) for one in (change.old, change.new))
    return old, new


def metric_effect(change: MetricChange) -> str:
    """The difference, and whether it is better: ` (−0.02, worse)`; empty where nobody can say."""
    if change.delta is None:
        return ""
    digits = digits_of(one for one in (change.old, change.new) if one is not None)
    step = with_sign(change.delta.difference, digits)
    judgement = change.delta.judgement
    return f" ({step}, {judgement})" if judgement in ("better", "worse") else f" ({step})"


def metric_arrow(change: MetricChange) -> str:
    """Whether higher or lower is better: ` ↑`; empty where nobody can say."""
    if change.delta is None or change.delta.judgement not in ("better", "worse"):
        return ""
    return " ↑" if (change.delta.difference > 0) == (change.delta.judgement == "better") else " ↓"


def accept_text(accept: Accept) -> str:
    """An accept in one line: what it covers, its reason and its last day."""
    globs = ((name, getattr(accept, name)) for name in ("model", "version", "rule", "where"))
    covered = ", ".join(f"{name} {glob}" for name, glob in globs if glob != "*")
    return f"{covered} - {accept.reason} (until {accept.expires})"


def status_text(version: VersionReview) -> str:
    """What happened to a version."""
    match version.status:
        case "added":
            return "new version"
        case "removed":
            return "removed"
        case "renamed":
            return f"renamed, was {_former_label(version.old_name or '', version.name)}"
    return "changed in place"


def model_status_text(model: ModelReview) -> str:
    """What happened to a model; empty where it only changed."""
    match model.status:
        case "added":
            return f"new model with {count_of(len(model.versions), 'version')}"
        case "removed":
            return f"removed with {count_of(len(model.versions), 'version')}"
        case "renamed":
            return f"renamed, was {shorten(reveal(model.old_name or ''), 80)}"
    return ""


def move_text(move: PointerMove) -> str:
    """Where an alias or stage points."""
    old, new = (None if one is None else version_label(one) for one in (move.old, move.new))
    if move.lost:
        return f"points at {new}, which does not exist"
    if new is None:
        return f"removed, pointed at {old}"
    return f"{old} → {new}" if old else f"new, points at {new}"


def setting_text(key: str, old: str | None, new: str | None) -> str:
    """A changed setting; settings of HEAD do not count yet."""
    return f"{key}: {old if old is not None else 'not set'} → {new if new is not None else 'not set'}"

"""Views of what a version is judged against: the comparisons that its page, the model's page and the catalog show."""

from typing import NamedTuple

from sitegen.analysis.metric_ranking import tally
from sitegen.analysis.reference import Baseline, Reference, references
from sitegen.analysis.usage.address import addresses
from sitegen.domain.comparison import Comparison, Verdict
from sitegen.domain.model import Version
from sitegen.site.metric_sentence import metric_sentence
from sitegen.site.urls import comparison_state
from sitegen.site.views.context import ModelContext
from sitegen.site.views.parts import Link


class VerdictView(NamedTuple):
    """A version's comparison with one of its references.

    `name` is that reference in words: `@champion v3`, `Production v3`, or `v3` for the version before; `url` leads to
    its page, `compare` to the comparison of the two. `backward`: users of the reference would go back to an older
    version. `judged` is False between logged models, which are attempts.
    """

    name: str
    url: str
    compare: str
    backward: bool
    judged: bool
    version: Version
    comparison: Comparison


class VerdictViews(NamedTuple):
    """What a version is judged against: `lead` decides, `beside` is shown next to it."""

    lead: VerdictView | None
    beside: VerdictView | None


def verdict_views(context: ModelContext, number: int, prefix: str) -> VerdictViews:
    """The comparisons of the version at a place of its model; `prefix` leads from the page to the model's folder."""
    lead, beside = references(number, context.baseline)
    return VerdictViews(
        _verdict_view(context, number, lead, prefix) if lead else None,
        _verdict_view(context, number, beside, prefix) if beside else None,
    )


def _verdict_view(context: ModelContext, number: int, reference: Reference, prefix: str) -> VerdictView:
    place = reference.place
    text, url = context.link(place, prefix)
    return VerdictView(
        name=f"{_title(reference.baseline)} {text}" if reference.baseline else text,
        url=url,
        compare=comparison_url(context, place, number, prefix),
        backward=reference.backward,
        judged=context.model.kind == "registered",
        version=context.model.versions[place],
        comparison=context.comparison(number, reference),
    )


def baseline_name(context: ModelContext) -> str:
    """The baseline in words: `@champion v3`; empty for a model without one."""
    baseline = context.baseline
    return f"{_title(baseline)} {context.link(baseline.place).text}" if baseline else ""


class Headline(NamedTuple):
    """What the newest version means for users of the one that it is judged against: its effect and its metrics.

    Both texts are empty where there is nothing to say. `compare` leads to the comparison of the two.
    """

    effect: str = ""
    metrics: str = ""
    compare: Link | None = None


def headline(context: ModelContext, prefix: str) -> Headline:
    """The headline of a model; empty for logged models, which are not judged."""
    place, baseline = len(context.model.versions) - 1, context.baseline
    if place < 0 or context.model.kind == "logged":
        return Headline()
    label, lead = context.labels[place], verdict_views(context, place, prefix).lead
    if baseline and baseline.place == place:
        return Headline(f"{label} is {_title(baseline)} and the newest version.")
    if lead is None:
        return Headline()
    metrics = tally(lead.version, context.model.versions[place], context.settings.metrics.directions)
    return Headline(
        effect=effect_sentence(label, lead.name, lead.comparison.verdict),
        metrics=metric_sentence(metrics),
        compare=Link(f"Compare {lead.name} and {label}", lead.compare),
    )


def effect_sentence(label: str, reference: str, verdict: Verdict) -> str:
    """What a version means for users of an older one."""
    return f"{label} is newer than {reference}{_effect(verdict, reference)}."


def _effect(verdict: Verdict, reference: str) -> str:
    """The end of a sentence about a newer version: what it means for users of the older one."""
    callers = {"Python": verdict.python, "REST": verdict.rest}
    match verdict.severity:
        case "breaking":
            broken = [name for name, level in callers.items() if level == "breaking"]
            whose = "its callers" if len(broken) == len(callers) else f"its {broken[0]} callers" if broken else ""
            return f" and breaks {whose or 'readers of its output'}"
        case "unknown":
            return "; whether it is compatible is unknown"
        case "lossy":
            return " and drops something that its callers send"
        case "behaviour":
            return f" and accepts every call of {reference}, but the result may differ"
        case "safe":
            return ": compatible"


def used_address(context: ModelContext) -> tuple[str, str]:
    """The version that users load today, in words, and the address that loads it; empty where no registry has it."""
    model, baseline = context.model, context.baseline
    if not model.versions or model.kind == "logged":
        return "", ""
    place = baseline.place if baseline else len(model.versions) - 1
    found = [one.text for one in addresses(model, model.versions[place]) if one.kind != "folder"]
    movable = [text for text in found if baseline and baseline.alias and text.endswith(f"@{baseline.alias}")]
    address = next(iter(movable + found), "")
    return (baseline_name(context) or context.link(place).text, address) if address else ("", "")


def _title(baseline: Baseline) -> str:
    return "Production" if baseline.alias is None else f"@{baseline.alias}"


def comparison_url(context: ModelContext, base: int, other: int, prefix: str) -> str:
    """The address of the comparison of two versions, `base` being the one that callers know."""
    old, new = (context.model.versions[place].name for place in (base, other))
    return f"{prefix}compare/index.html{comparison_state(old, new)}"

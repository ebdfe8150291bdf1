"""The entries of the feed: versions, with what they mean for callers."""

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.domain.comparison import Level
from sitegen.domain.model import Model, Version
from sitegen.site import urls
from sitegen.site.markdown import plain
from sitegen.site.views.context import ModelContext
from sitegen.site.views.verdicts import effect_sentence, verdict_views

NEWEST = 3
"""Versions of one model that may appear in the feed."""

FeedEntry = tuple[int, str, str, str, str, str]
"""A version in the feed: creation time in milliseconds since 1970, UTC; title, URL, id, text, and the level of its
effect on callers, empty where nothing is judged.

A plain tuple is fast to load: a change of one model loads the entries of all ten thousand.
"""


class Effect(NamedTuple):
    """What a version means for callers, as a sentence and as a level; both are empty where nothing is judged."""

    text: str = ""
    level: Level | str = ""


NO_EFFECT = Effect()


def newest_entries(context: ModelContext) -> tuple[FeedEntry, ...]:
    """The entries of the newest versions of a model."""
    versions = context.model.versions
    dated = sorted((version.created, number) for number, version in enumerate(versions) if version.created is not None)
    return tuple(_entries(context, [number for _, number in dated[-NEWEST:]]))


def _entries(context: ModelContext, numbers: list[int]) -> Iterator[FeedEntry]:
    for number in numbers:
        label, page = context.labels[number], urls.version_page(context.slug, context.folders[number])
        yield from feed_entry(context.model, context.model.versions[number], label, page, _effect(context, number))


def _effect(context: ModelContext, number: int) -> Effect:
    lead = verdict_views(context, number, "").lead
    if lead is None or not lead.judged:
        return NO_EFFECT
    verdict = lead.comparison.verdict
    return Effect(effect_sentence(context.labels[number], lead.name, verdict), verdict.severity)


def feed_entry(model: Model, version: Version, label: str, page: str, effect: Effect) -> Iterator[FeedEntry]:
    """The entry of a version whose page is at the path `page`; none if nobody knows when it was made."""
    if version.created is None:
        return
    text = " ".join(filter(None, (effect.text, plain(version.description or model.description or ""))))
    identity = f"{model.kind}:{model.store}:{model.name}:{version.name}"
    yield version.created, f"{model.name} {label}", page, identity, text, effect.level

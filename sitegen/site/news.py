"""*What's new*: what a site has that an earlier site had not, as `sitegen diff` of the two would find it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from sitegen.analysis.review.model import review_model
from sitegen.analysis.review.pairs import pair_models
from sitegen.analysis.review.rules import REVIEW_RULES
from sitegen.analysis.review.values import Assessment, ModelReview, PointerMove, VersionReview
from sitegen.core.text import reveal
from sitegen.domain.comparison import Level
from sitegen.domain.model import Model, Version
from sitegen.formats.text import shorten
from sitegen.settings.settings import Settings
from sitegen.site import urls
from sitegen.site.api_digests import Digests, equal_models
from sitegen.site.api_files import ApiFiles
from sitegen.site.api_side import ApiSide
from sitegen.site.display import label, labels
from sitegen.site.earlier_site import EarlierSite
from sitegen.site.feed_entries import NO_EFFECT, Effect, FeedEntry, feed_entry
from sitegen.site.feeds import MAX_FEED
from sitegen.site.part_words import parts_text
from sitegen.site.views.news import News, NewsRow
from sitegen.site.views.parts import Link
from sitegen.site.views.verdicts import effect_sentence

MAX_NEWS = 20
"""Rows of *What's new*."""

_ORDER = ("alias", "model", "version", "change", "removal")
_LEVELS: tuple[Level, ...] = ("breaking", "unknown", "lossy", "behaviour", "safe")


class NewSite(NamedTuple):
    """The site that is being built: its API, the digests of its files, and the store of each model by slug."""

    files: ApiFiles
    digests: Digests
    stores: Mapping[str, str]


def find_news(earlier: EarlierSite, new: NewSite, settings: Settings) -> News:
    """Compare a new site with an earlier one. Reads only models whose files in the API differ."""
    equal = equal_models(new.digests, earlier.digests)
    base, head = (ApiSide(files, settings.privacy, equal) for files in (earlier.files, new.files))
    found: list[tuple[bool, NewsRow]] = []
    entries: list[FeedEntry] = []
    for pair in pair_models(base, head):
        review = review_model(pair, base, head, settings.metrics)
        if review is not None:
            slug = pair.head.store if pair.head else ""
            now = head.read(pair.head) if pair.head else None
            model = _ChangedModel(review, slug, now, new.stores.get(slug, ""))
            found += ((review.kind == "logged", row) for row in model.rows())
            entries += model.entries()
            entries = sorted(entries, key=lambda entry: (-entry[0], entry[3]))[:MAX_FEED]
    rows = [row for _, row in sorted(found, key=_place)]
    kinds = Counter(row.kind for row in rows)
    return News(
        rows=tuple(rows[:MAX_NEWS]),
        hidden=max(0, len(rows) - MAX_NEWS),
        counts=tuple((kind, kinds[kind]) for kind in _ORDER if kinds[kind]),
        breaking=sum(_level(row) == "breaking" for row in rows),
        entries=tuple(entries),
    )


def _place(found: tuple[bool, NewsRow]) -> tuple[object, ...]:
    """Registered models first; then by kind, the worst first."""
    logged, row = found
    return logged, _ORDER.index(row.kind), _LEVELS.index(_level(row)), row.model.text.casefold()


def _level(row: NewsRow) -> Level:
    return row.verdict.severity if row.verdict else row.level or "safe"


class _ChangedModel:
    """A model that differs; `now` is the model of the new site, None where it is gone."""

    def __init__(self, review: ModelReview, slug: str, now: Model | None, store: str) -> None:
        self.review, self.slug, self.now, self.store = review, slug, now, store
        self.link = Link(review.name, urls.model_page(slug) if now else "")
        versions = now.versions if now else ()
        self.labels = dict(zip((one.name for one in versions), labels(versions), strict=True))
        self.folders = urls.version_slugs(self.labels)

    def rows(self) -> Iterator[NewsRow]:
        """The rows about the model: one for all versions of a new model, and of models that are only logged."""
        review = self.review
        if review.status == "added":
            yield self._row("model", f"new model, {_count(len(review.versions), 'version')}")
            return
        if review.status == "removed":
            rule = "model-removed" if review.kind == "registered" else "logged-removed"
            yield self._row("removal", f"removed, {_count(len(review.versions), 'version')}", rule=rule)
            return
        if review.kind == "logged":
            yield from self._rows_of_attempts()
            return
        if review.status == "renamed":
            yield self._row("change", f"renamed, was {_short(review.old_name or '')}", rule="model-renamed")
        yield from map(self._pointer_row, review.pointers)
        yield from map(self._version_row, review.versions)
        if review.parts:
            yield self._row("change", f"changed: {parts_text(review.parts)}")

    def _rows_of_attempts(self) -> Iterator[NewsRow]:
        """At most one row of each kind: an experiment may log hundreds of models a day."""
        words = {"added": ("version", "new"), "removed": ("removal", "removed")}
        for status, (kind, word) in words.items():
            number = sum(one.status == status for one in self.review.versions)
            if number:
                yield self._row(kind, f"{number:,} {word}")
        rest = sum(one.status not in words for one in self.review.versions)
        if rest:
            yield self._row("change", f"{rest:,} changed")

    def _pointer_row(self, move: PointerMove) -> NewsRow:
        name, old, new = f"@{_short(move.name)}", self._label(move.old), self._label(move.new)
        if move.lost:
            return self._row("alias", f"{name} points at {new}, which does not exist", rule="pointer-lost")
        if move.new is None:
            return self._row("alias", f"{name} removed, was {old}", rule="pointer-removed")
        if move.old is None:
            return self._row("alias", f"{name} set to", move.new)
        return self._judged_row("alias", f"{name} moved from {old} to", move.new, move.assessment)

    def _version_row(self, version: VersionReview) -> NewsRow:
        match version.status:
            case "added":
                return self._judged_row("version", "new version", version.name, version.lead)
            case "changed":
                lead = version.lead if version.lead and version.lead.level != "safe" else None
                return self._judged_row("change", _change_text(version), version.name, lead)
            case "renamed":
                text = f"renamed, was {self._label(version.old_name)}"
                return self._row("change", text, version.name, rule="version-renamed")
            case "removed":
                return self._row("removal", f"{self._label(version.name)} removed", rule="version-removed")

    def _judged_row(self, kind: str, text: str, version: str, assessment: Assessment | None) -> NewsRow:
        row = self._row(kind, text, version)
        if assessment is None:
            return row
        both = assessment.old in self.labels and assessment.old != version
        page = f"models/{self.slug}/compare/index.html"
        address = page + urls.comparison_state(assessment.old, version) if both else ""
        against = self._against(assessment) if both else "the earlier state"
        return row._replace(verdict=assessment.comparison.verdict, against=against, compare=address)

    def _row(self, kind: str, text: str, version: str = "", rule: str = "") -> NewsRow:
        level = REVIEW_RULES[rule].level if rule and self.review.kind == "registered" else None
        link = Link(self._label(version), self._page(version)) if version else Link("")
        return NewsRow(kind, self.link, link, text, level=level)

    def _page(self, version: str) -> str:
        return urls.version_page(self.slug, self.folders[version]) if version in self.folders else ""

    def _label(self, name: str | None) -> str:
        if name is None:
            return ""
        return self.labels.get(name) or label(Version(name=name))

    def _against(self, assessment: Assessment) -> str:
        """What a version is judged against, in words: `@champion v3`."""
        pointer = assessment.pointer
        title = "" if pointer is None else "Production " if pointer == "Production" else f"@{pointer} "
        return title + self._label(assessment.old)

    def entries(self) -> Iterator[FeedEntry]:
        """The new versions of a registered model that say when they were made."""
        if self.now is None or self.review.kind == "logged":
            return
        model = replace(self.now, store=self.store)
        versions = {one.name: one for one in model.versions}
        for one in self.review.versions:
            if one.status == "added" and one.name in versions:
                label, page = self._label(one.name), self._page(one.name)
                yield from feed_entry(model, versions[one.name], label, page, self._effect(label, one.lead))

    def _effect(self, label: str, lead: Assessment | None) -> Effect:
        if lead is None:
            return NO_EFFECT
        return Effect(effect_sentence(label, self._against(lead), lead.comparison.verdict), lead.level)


def _change_text(version: VersionReview) -> str:
    """What differs in a version, in words."""
    changes = version.lead.comparison.changes if version.lead else ()
    parts = dict.fromkeys([*(one.area for one in changes), *version.parts])
    return f"changed: {parts_text(tuple(parts))}" if parts else "changed: problems"


def _short(text: str) -> str:
    return shorten(reveal(text), 80)


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"

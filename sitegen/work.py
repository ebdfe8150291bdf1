"""What a worker does: load models, make their pages, write them. It needs nothing but its job."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sitegen.insight.checks import checked
from sitegen.output import Output
from sitegen.privacy import redact_model
from sitegen.settings import Settings
from sitegen.site.context import context
from sitegen.site.pages import Page, model_pages, version_pages
from sitegen.site.summary import Summary, catalog_row, summarize
from sitegen.site.theme import Theme
from sitegen.site.view_parts import SiteView
from sitegen.sources.load import load_model
from sitegen.sources.recall import Memory, Recall
from sitegen.sources.refs import ModelRef
from sitegen.sources.source import Source
from sitegen.state import Kept, Pages


class Item(NamedTuple):
    """One model to build, with what the last build knows of it."""

    identity: str
    ref: ModelRef
    slug: str
    stamp: bytes
    pages: Pages
    memory: Memory


@dataclass(frozen=True)
class Job:
    """Models to build, and all that is the same for every one. `base` is the fingerprint of what all pages share."""

    source: Source
    settings: Settings
    site: SiteView
    theme: Theme
    base: bytes
    output: Output
    started: int
    items: tuple[Item, ...]


class Counts(NamedTuple):
    """What was done, in items: folders parsed, pages rendered, files written."""

    parsed: int = 0
    rendered: int = 0
    written: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The sum."""
        return Counts(self.parsed + other.parsed, self.rendered + other.rendered, self.written + other.written)


NOTHING_DONE = Counts()


class Built(NamedTuple):
    """A model that was built. `summary` is None when MLflow hides all of its versions: then it has no pages."""

    identity: str
    stamp: bytes
    summary: Summary | None
    pages: Pages
    memory: Memory
    counts: Counts


def build_models(job: Job) -> list[Built]:
    """Build all models of a job, one after the other."""
    return [_build(job, item) for item in job.items]


def _build(job: Job, item: Item) -> Built:
    recall = Recall(job.source.tree, item.memory, job.started)
    stamp = b"" if any(recall.racy(bundle) for bundle in item.ref.bundles()) else item.stamp
    loaded = load_model(job.source.stores, item.ref, recall)
    if loaded is None:
        return Built(item.identity, stamp, None, {}, recall.fresh, Counts(parsed=recall.parsed))
    model = checked(redact_model(loaded, job.settings.privacy))
    shared = context(model, item.slug, job.settings, job.site)
    pages, counts = publish(version_pages(shared, job.theme, job.base), item.pages, job.output)
    own, more = publish(model_pages(shared, job.theme, job.base), item.pages, job.output)
    row = job.theme.part("catalog_row", catalog_row(shared))
    summary = summarize(shared, row)
    total = counts.plus(more).plus(Counts(parsed=recall.parsed))
    return Built(item.identity, stamp, summary, pages | own, recall.fresh, total)


def publish(pages: Iterable[Page], known: Pages, output: Output) -> tuple[Pages, Counts]:
    """Make the pages whose fingerprint is new, and write those whose bytes are new: first those nobody links to yet."""
    published: Pages = {}
    rendered = written = 0
    for page in _new_first(pages, known):
        kept = known.get(page.path)
        if kept is None or kept.fingerprint != page.fingerprint:
            data = page.make()
            rendered += 1
            sha256 = hashlib.sha256(data).hexdigest()
            if kept is None or kept.sha256 != sha256:
                output.write(page.path, data)
                written += 1
            kept = Kept(page.fingerprint, sha256)
        published[page.path] = kept
    return published, Counts(rendered=rendered, written=written)


def _new_first(pages: Iterable[Page], known: Pages) -> Iterator[Page]:
    """New pages before changed ones, so that a link never leads to a page that is still to come."""
    if not known:
        return iter(pages)
    return iter(sorted(pages, key=lambda page: page.path in known))

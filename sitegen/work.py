"""What a worker does: load models, make their pages, write them. It needs nothing but its job."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from sitegen import garbage
from sitegen.clearance import cleared
from sitegen.kept import NOTHING, Kept, Last, by_digest
from sitegen.memory import Remembered
from sitegen.outcome import NOTHING_DONE, Counts
from sitegen.output import Output
from sitegen.settings import Settings
from sitegen.site.context import ModelContext, context
from sitegen.site.copies import copies
from sitegen.site.pages import Page, model_pages, version_pages
from sitegen.site.render import part
from sitegen.site.summary import Summary, catalog_row, summarize
from sitegen.site.theme import Theme
from sitegen.site.view_parts import SiteView
from sitegen.sources.load import load_model
from sitegen.sources.recall import Recall
from sitegen.sources.refs import ModelRef
from sitegen.sources.source import Source
from sitegen.state import Pages, Rest, Row, packed, sealed


class Item(NamedTuple):
    """One model to build, with what the last build knows of it: its pages, and packed parts of what was parsed."""

    identity: str
    ref: ModelRef
    slug: str
    stamp: bytes
    pages: Pages
    parts: Mapping[bytes, bytes]


@dataclass(frozen=True)
class Job:
    """Models to build, and all that is the same for every one. `base` is the fingerprint of what all pages share.

    `kept` is None where nothing is kept of them: it stays in the process that has it.
    """

    source: Source
    settings: Settings
    site: SiteView
    theme: Theme
    base: bytes
    output: Output
    started: int
    items: tuple[Item, ...]
    kept: Kept | None = None


class Built(NamedTuple):
    """A model that was built: what is kept of it, packed, the pages it has no more, what was done, and the databases
    that did not answer all questions.

    Its summary is empty when MLflow hides all of its versions: then it has no pages.
    """

    row: Row
    rest: Rest
    versions: int
    lost: tuple[str, ...]
    counts: Counts
    failing: frozenset[str] = frozenset()


class _Draft(NamedTuple):
    """A model on its way: what is known of it, and once that is done the pages of its versions."""

    item: Item
    last: Last
    remembered: Remembered
    recall: Recall
    shared: ModelContext | None
    pages: Pages
    counts: Counts
    failing: frozenset[str] = frozenset()


@garbage.left()
def build_models(job: Job) -> list[Built]:
    """Build all models of a job: the pages of all versions come before those of the models, which link to them."""
    begun = [_begun(job, item) for item in job.items]
    job.source.tree.ahead(file for one in begun for file in one.recall.unread(one.item.ref.reading()))
    drafts = [_drafted(job, one) for one in begun]
    job.output.flush()
    built = [_finish(job, draft) for draft in drafts]
    job.output.flush()
    return built


def _begun(job: Job, item: Item) -> _Draft:
    last = job.kept.last(item.identity, job.settings.privacy) if job.kept else NOTHING
    remembered = Remembered(item.parts.values(), item.identity, last.parts)
    recall = Recall(job.source.tree, remembered.values(), job.started, last.loaded)
    return _Draft(item, last, remembered, recall, None, {}, NOTHING_DONE)


def _drafted(job: Job, begun: _Draft) -> _Draft:
    item = begun.item
    loaded = load_model(job.source.stores, item.ref, begun.recall)
    if loaded is None:
        return begun
    last = begun.last._replace(loaded=by_digest(loaded))
    model = cleared(loaded, job.settings.privacy, begun.last.cleared)
    shared = context(model, item.slug, job.settings, job.site)
    versions = chain(copies(shared, job.source.tree), version_pages(shared, job.theme, job.base))
    pages, counts = write(versions, item.pages, job.output)
    problems = chain(loaded.problems, *(one.problems for one in loaded.versions))
    failing = frozenset(found.path for found in problems if found.rule == "database")
    return begun._replace(last=last, shared=shared, pages=pages, counts=counts, failing=failing)


def _finish(job: Job, draft: _Draft) -> Built:
    shared = draft.shared
    if shared is None:
        return _built(job, draft, None)
    own, more = write(model_pages(shared, job.theme, job.base), draft.item.pages, job.output)
    summary = summarize(shared, part(job.theme, "catalog_row", catalog_row(shared)))
    return _built(job, draft._replace(pages=draft.pages | own, counts=draft.counts.plus(more)), summary)


def _built(job: Job, draft: _Draft, summary: Summary | None) -> Built:
    """Pack what is kept here, in the worker, so that the one process that gathers it has little to do."""
    item, recall, pages, name = draft.item, draft.recall, draft.pages, draft.item.identity
    before, parts = frozenset(item.parts.values()), draft.remembered.packed(recall.fresh)
    if job.kept and draft.shared:
        job.kept.keep(name, draft.last._replace(cleared=by_digest(draft.shared.model), parts=parts))
    return Built(
        row=Row(
            identity=name,
            stamp=item.stamp,
            doubts=packed(recall.doubts, name) if recall.doubts else b"",
            summary=packed(tuple(summary[:-1]) if summary else (), name),  # its mark is the digest of what is packed
            lines=sealed(manifest_lines(pages), name),
        ),
        rest=Rest(
            identity=name,
            pages=packed(pages, name),
            fresh=tuple(part for part in parts if part not in before),
            gone=tuple(place for place, part in item.parts.items() if part not in parts),
        ),
        versions=len(item.ref.versions),
        lost=tuple(path for path in item.pages if path not in pages),
        counts=draft.counts.plus(Counts(parsed=recall.parsed)),
        failing=draft.failing,
    )


def manifest_lines(pages: Pages) -> bytes:
    """The lines of the manifest, which `sha256sum --check` understands."""
    return "".join([f"{kept[1]}  {path}\n" for path, kept in sorted(pages.items())]).encode()


def write(pages: Iterable[Page], known: Pages, output: Output) -> tuple[Pages, Counts]:
    """Make the pages whose fingerprint is new, and write those whose bytes are new: first those nobody links to yet."""
    published: Pages = {}
    rendered = written = 0
    unlinked = False  # new pages that changed ones may link to are on their way
    for page in _new_first(pages, known):
        kept = known.get(page.path)
        if kept is None or kept[0] != page.fingerprint:
            data = page.make()
            rendered += 1
            sha256 = hashlib.sha256(data).hexdigest()
            if kept is None or kept[1] != sha256:
                if unlinked and kept is not None:
                    output.flush()
                unlinked = kept is None
                output.write(page.path, data)
                written += 1
            kept = page.fingerprint, sha256
        published[page.path] = kept
    return published, Counts(rendered=rendered, written=written)


def _new_first(pages: Iterable[Page], known: Pages) -> Iterator[Page]:
    """New pages before changed ones, so that a link never leads to a page that is still to come."""
    if not known:
        return iter(pages)
    return iter(sorted(pages, key=lambda page: page.path in known))

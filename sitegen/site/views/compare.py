"""The views of the comparison pages: for versions of one model, and for versions of different models."""

from dataclasses import replace
from typing import NamedTuple

from sitegen.analysis.compat.beyond_signature import version_changes
from sitegen.analysis.metric_ranking import tally
from sitegen.core.fingerprint import fingerprint
from sitegen.domain.comparison import Change, Comparison
from sitegen.settings.settings import Settings
from sitegen.site.metric_sentence import metric_sentence
from sitegen.site.views.context import ModelContext, shell
from sitegen.site.views.parts import Link, Shell, SiteView, view_fingerprint
from sitegen.site.views.verdicts import VerdictView, verdict_views

MAX_CHANGES = 50
"""The longest list of changes on the page without JavaScript."""


AREAS = ("metrics", "hyperparameters", "tags", "aliases", "environment", "flavors", "files")
"""Parts of a version outside of its signature, in the order of the page."""


class PairView(NamedTuple):
    """What differs between the newest version and one of its references, as tables.

    `reference` is that version in words, `url` its page. `comparison` has the changes of the signature, `metrics` is a
    sentence about the metrics in common, `others` are the changes outside of the signature; `hidden` counts those that
    are left out.
    """

    reference: str
    url: str
    backward: bool
    comparison: Comparison
    metrics: str
    others: tuple[Change, ...]
    hidden: int


class CompareView(NamedTuple):
    """The frame of a comparison page; a script fills it. `model` and `slug` are empty on the page for all models.

    `newest` is the newest version; `pairs` compare it for readers without JavaScript.
    """

    shell: Shell
    model: Link | None
    slug: str
    newest: Link | None = None
    pairs: tuple[PairView, ...] = ()


def model_compare_frame(context: ModelContext) -> CompareView:
    """The frame of the page that compares versions of the model, without the comparisons of its newest version."""
    path = f"models/{context.slug}/compare/index.html"
    title, text = f"{context.model.name} compared", f"Versions of {context.model.name} side by side"
    return CompareView(
        shell=context.shell(path, title, text),
        model=Link(context.model.name, "../index.html"),
        slug=context.slug,
        newest=context.link(len(context.model.versions) - 1, "../"),
    )


def model_compare_fingerprint(context: ModelContext, frame: CompareView) -> bytes:
    """The fingerprint of the page: that of its frame, and the versions that it compares."""
    views = _references(context)
    names = repr([(one.name, one.url, one.backward) for one in views])
    digests = (one.version.digest for one in views)
    return fingerprint(view_fingerprint(frame), names, context.model.versions[-1].digest, *digests)


def model_compare_view(context: ModelContext, frame: CompareView) -> CompareView:
    """The page that compares versions of the model."""
    return frame._replace(pairs=tuple(_pair(context, one) for one in _references(context)))


def _references(context: ModelContext) -> tuple[VerdictView, ...]:
    """What the newest version is compared with: its baseline and the version before."""
    return tuple(filter(None, verdict_views(context, len(context.model.versions) - 1, "../")))


def _pair(context: ModelContext, view: VerdictView) -> PairView:
    found = version_changes(view.version, context.model.versions[-1])
    others = tuple(sorted(found, key=lambda change: AREAS.index(change.area)))
    changes = view.comparison.changes
    shown = replace(view.comparison, changes=changes[:MAX_CHANGES]) if len(changes) > MAX_CHANGES else view.comparison
    return PairView(
        reference=view.name,
        url=view.url,
        backward=view.backward,
        comparison=shown,
        metrics=metric_sentence(tally(view.version, context.model.versions[-1], context.settings.metrics.directions)),
        others=others[:MAX_CHANGES],
        hidden=max(0, len(changes) - MAX_CHANGES) + max(0, len(others) - MAX_CHANGES),
    )


def site_compare_view(site: SiteView, settings: Settings) -> tuple[str, CompareView]:
    """The page that compares versions of different models."""
    path = "compare/index.html"
    frame = shell(site, settings, path, "Compare", "Versions of different models side by side", "")
    return path, CompareView(shell=frame, model=None, slug="")

"""The files of one model's pages: for each its path, what decides about it, and how it is made."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from sitegen.core.fingerprint import fingerprint
from sitegen.site import json_api, urls
from sitegen.site.display import label
from sitegen.site.render import render
from sitegen.site.script_data import has_steps, model_data, steps_data
from sitegen.site.theme import Theme
from sitegen.site.views import compare
from sitegen.site.views.context import ModelContext
from sitegen.site.views.model import ModelView, model_frame, model_view, page_count, page_mark, page_path
from sitegen.site.views.version import version_view


class Page(NamedTuple):
    """A file to be published. Equal fingerprints mean equal bytes, so that an old page need not be made again."""

    path: str
    fingerprint: bytes
    make: Callable[[], bytes]


def version_pages(context: ModelContext, theme: Theme, base: bytes) -> Iterator[Page]:
    """The pages of the versions.

    Each depends on its own version, the one before, the names of its neighbours, and whether scripts know those.
    """
    versions = context.model.versions
    own = fingerprint(base, context.slug, context.model.name, context.model.kind, context.model.description or "")
    links = [f"{label(version)}\0{folder}" for version, folder in zip(versions, context.folders, strict=True)]
    for number, version in enumerate(versions):
        before = context.before(number)
        around = links[max(0, number - 1) : number + 2]
        compared = "compared" if context.has_neighbour(number) else ""
        mark = fingerprint(own, version.digest, before.digest if before else b"", compared, *around)
        path = urls.version_page(context.slug, context.folders[number])
        yield Page(path, mark, partial(_version_page, context, theme, number))


def model_pages(context: ModelContext, theme: Theme, base: bytes) -> Iterator[Page]:
    """The pages of the model itself and its files for scripts and the API, which depend on all of it."""
    for number in range(1, page_count(context.model) + 1):
        frame = model_frame(context, number)
        make = partial(_model_page, context, theme, frame)
        yield Page(page_path(context.slug, number), fingerprint(base, page_mark(context, frame)), make)
    mark = fingerprint(base, context.slug, context.model.digest)
    folder = f"models/{context.slug}"
    if context.model.versions:
        yield Page(f"{folder}/data.js", mark, partial(model_data, context))
        if has_steps(context):
            yield Page(f"{folder}/steps.js", mark, partial(steps_data, context))
    if len(context.model.versions) > 1:
        yield Page(f"{folder}/compare/index.html", mark, partial(_compare_page, context, theme))
    yield Page(urls.api_file(context.slug), mark, partial(json_api.model_json, context.model, context.slug))


def _version_page(context: ModelContext, theme: Theme, number: int) -> bytes:
    return render(theme, "version.html", version_view(context, number))


def _model_page(context: ModelContext, theme: Theme, frame: ModelView) -> bytes:
    return render(theme, "model.html", model_view(context, frame))


def _compare_page(context: ModelContext, theme: Theme) -> bytes:
    return render(theme, "compare.html", compare.of_model(context))

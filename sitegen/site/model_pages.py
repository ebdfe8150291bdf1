"""The files of one model: the path of each, its fingerprint, and the function that renders it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from sitegen.analysis.score import FULL
from sitegen.core.fingerprint import fingerprint
from sitegen.site import json_api, urls
from sitegen.site.badge import score_badge
from sitegen.site.render import render
from sitegen.site.script_data import (
    has_steps,
    model_data,
    newest_part,
    older_parts,
    part_data,
    part_fingerprint,
    steps_data,
    text_data,
    text_parts,
)
from sitegen.site.theme import Theme
from sitegen.site.version_scripts import index_script, value_files, values_script
from sitegen.site.views import compare
from sitegen.site.views.context import ModelContext
from sitegen.site.views.model import ModelView, model_fingerprint, model_frame, model_view, page_count, page_path
from sitegen.site.views.version import VersionInputs, version_fingerprint, version_inputs, version_view


class Page(NamedTuple):
    """A file to publish. Equal fingerprints mean equal bytes, so that the file need not be rendered again."""

    path: str
    fingerprint: bytes
    make: Callable[[], bytes]


def version_pages(context: ModelContext, theme: Theme, base: bytes, places: range | None = None) -> Iterator[Page]:
    """The pages of the versions at these places, or of all versions."""
    for number in range(len(context.model.versions)) if places is None else places:
        inputs = version_inputs(context, number)
        make = partial(_version_page, inputs, context, theme)
        yield Page(inputs.path, fingerprint(base, version_fingerprint(inputs)), make)


def model_pages(context: ModelContext, theme: Theme, base: bytes) -> Iterator[Page]:
    """The pages of the model itself, and its files for scripts and the API."""
    for number in range(1, page_count(context.model) + 1):
        frame = model_frame(context, number)
        make = partial(_model_page, context, theme, frame)
        yield Page(page_path(context.slug, number), fingerprint(base, model_fingerprint(context, frame)), make)
    model_mark = fingerprint(base, context.fingerprint())
    folder = f"models/{context.slug}"
    if context.model.versions:
        yield Page(f"{folder}/data.js", model_mark, partial(model_data, context))
        newest = newest_part(len(context.model.versions))
        if has_steps(context, newest):
            yield Page(f"{folder}/steps.js", model_mark, partial(steps_data, context, newest))
        yield from _files_to_compare(context, base)
    if len(context.model.versions) > 1:
        yield from _table_scripts(context, model_mark)
        view = compare.model_compare_frame(context)
        mark = fingerprint(base, compare.model_compare_fingerprint(context, view))
        yield Page(f"{folder}/compare/index.html", mark, partial(_compare_page, context, theme, view))
    if context.score:
        mark = fingerprint(base, str(context.score.value))
        yield Page(f"{folder}/badge.svg", mark, partial(score_badge, context.score))
    yield from _api_files(context, model_mark)


def _files_to_compare(context: ModelContext, base: bytes) -> Iterator[Page]:
    """The data of the versions that `data.js` only names, and the texts of all versions."""
    folder = f"models/{context.slug}/compare"
    for part in older_parts(len(context.model.versions)):
        mark = fingerprint(base, part_fingerprint(context, part))
        yield Page(f"{folder}/versions-{part.number}.js", mark, partial(part_data, context, part))
        if has_steps(context, part):
            yield Page(f"{folder}/steps-{part.number}.js", mark, partial(steps_data, context, part))
    for part in text_parts(len(context.model.versions)):
        mark = fingerprint(base, part_fingerprint(context, part))
        yield Page(f"{folder}/texts-{part.number}.js", mark, partial(text_data, context, part))


def _table_scripts(context: ModelContext, mark: bytes) -> Iterator[Page]:
    """The data of the table of versions; a model with one version has none, since there is nothing to sort."""
    folder, files = f"models/{context.slug}/versions", value_files(context)
    yield Page(f"{folder}/index.js", mark, partial(index_script, context))
    for number in range(files):
        make = partial(values_script, context, files, number)
        yield Page(f"{folder}/values-{number}.js", fingerprint(mark, str(number)), make)


def _version_page(inputs: VersionInputs, context: ModelContext, theme: Theme) -> bytes:
    return render(theme, "version.html", version_view(inputs, context.settings, context.site))


def _api_files(context: ModelContext, mark: bytes) -> Iterator[Page]:
    """The model's file in the API, and the files that continue it where it has many versions."""
    sizes = [len(text) for text in _versions_json(context, range(len(context.model.versions)))]
    head = len(json_api.model_json(context.model, context.slug, (), FULL))
    parts = list(json_api.file_parts(sizes, json_api.MAX_VERSIONS, head))
    for number, (start, end) in enumerate(parts, 1):
        following = urls.api_file(context.slug, number + 1) if number < len(parts) else None
        make = partial(_model_api, context, range(start, end), following)
        yield Page(urls.api_file(context.slug, number), fingerprint(mark, str(number)), make)


def _compare_page(context: ModelContext, theme: Theme, frame: compare.CompareView) -> bytes:
    return render(theme, "compare.html", compare.model_compare_view(context, frame))


def _model_api(context: ModelContext, places: range, following: str | None) -> bytes:
    score = context.score.value if context.score else None
    return json_api.model_json(context.model, context.slug, _versions_json(context, places), score, following)


def _versions_json(context: ModelContext, places: range) -> Iterator[bytes]:
    """The versions at these places as written JSON, each with its verdict against the baseline."""
    versions, baseline = context.model.versions, context.baseline
    for place in places:
        against = None
        if baseline and baseline.place != place:
            verdict = context.from_baseline[place].verdict.severity
            against = json_api.BaselineVerdict(versions[baseline.place].name, baseline.alias, verdict)
        yield json_api.version_json(versions[place], against)


def _model_page(context: ModelContext, theme: Theme, frame: ModelView) -> bytes:
    return render(theme, "model.html", model_view(context, frame))

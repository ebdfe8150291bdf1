"""Fingerprints of pages: equal ones mean equal bytes, whichever field of a value or of a view changes."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from sitegen.domain.diagnostic import problem
from sitegen.domain.model import Model, Version
from sitegen.site.assets import ASSET_NAMES
from sitegen.site.index_pages import fixed_pages, index_pages
from sitegen.site.model_pages import Page, model_pages, version_pages
from sitegen.site.summary import Summary, summarize
from sitegen.site.theme import load_theme
from sitegen.site.views import model as model_module
from sitegen.site.views.catalog import catalog_fingerprint, catalog_parts
from sitegen.site.views.compare import model_compare_fingerprint, model_compare_frame, site_compare_view
from sitegen.site.views.context import ModelContext, model_context
from sitegen.site.views.model import model_fingerprint, model_frame
from sitegen.site.views.parts import SiteView, view_fingerprint
from sitegen.site.views.reference import about_view, not_found_view, problems_view
from sitegen.site.views.verdicts import verdict_views
from sitegen.site.views.version import version_fingerprint, version_inputs
from tests.support import everywhere

ASSETS = {name: f"assets/{name}" for name in (*ASSET_NAMES, "charts.js", "vega.js")}
SITE = SiteView(title="t", description="d", version="1", assets={**ASSETS, "custom.css": ""})
SETTINGS = everywhere.settings(lambda field: f"set {field}")
CHANGED = 2
"""The place of the version that changes: others are before and after it, on its page of the model and on others."""


def text(field: str) -> str:
    """The text in every field."""
    return f"some {field}"


def text_after(field: str) -> str:
    """The text in the field that changes."""
    return f"other {field}"


def model_of(count: int) -> Model:
    """A model whose fields all hold something; each version has a digest and a time of its own."""
    whole = everywhere.model(text, count)
    versions = tuple(
        dataclasses.replace(version, digest=b"version %d" % number, created=number)
        for number, version in enumerate(whole.versions)
    )
    return dataclasses.replace(whole, versions=versions, aliases=(("champion", versions[0].name),))


def files(model: Model) -> dict[str, tuple[bytes, bytes]]:
    """Fingerprint and bytes of every file of a model, by path."""
    shared, theme = model_context(model, "m", SETTINGS, SITE), load_theme("")
    pages: tuple[Page, ...] = (*model_pages(shared, theme, b""), *version_pages(shared, theme, b""))
    return {page.path: (page.fingerprint, page.make()) for page in pages}


def changes(kind: type, name: str, value: Any) -> Iterator[Any]:
    """Other values for a field of a dataclass: full ones, and the default."""
    [field] = [field for field in dataclasses.fields(kind) if field.name == name]
    filled = everywhere.values(everywhere.hints(kind)[name], text_after, name, 0)[:2]
    yield from (other for other in filled if other != value)
    if field.default is not dataclasses.MISSING and field.default != value:
        yield field.default


def with_change(kind: type, name: str) -> Iterator[Model]:
    """Models with another value in a field of the model or of one of its versions, and the digests that this gives."""
    old = model_of(5)
    if kind is Model:
        for value in changes(kind, name, getattr(old, name)):
            yield dataclasses.replace(old, **{name: value, "digest": b"new"})
        return
    for value in changes(kind, name, getattr(old.versions[CHANGED], name)):
        version = dataclasses.replace(old.versions[CHANGED], **{name: value, "digest": b"new"})
        versions = (*old.versions[:CHANGED], version, *old.versions[CHANGED + 1 :])
        yield dataclasses.replace(old, versions=versions, digest=b"new")


FIELDS = [
    (kind, field.name)
    for kind in (Model, Version)
    for field in dataclasses.fields(kind)
    if field.name not in ("digest", "versions")
]


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=[f"{kind.__name__}.{name}" for kind, name in FIELDS])
def test_a_page_with_other_bytes_has_another_fingerprint(
    kind: type, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of whichever version or page of the model: a new field of a model or version is tried by itself."""
    monkeypatch.setattr(model_module, "PER_PAGE", 2)
    old = files(model_of(5))
    changed = list(with_change(kind, name))
    assert changed
    for model in changed:
        new = files(model)
        stale = {
            path for path in old.keys() & new.keys() if old[path][1] != new[path][1] and old[path][0] == new[path][0]
        }
        assert not stale


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_a_page_with_other_neighbours_has_another_fingerprint(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions that come and go change the pages of those that stay."""
    monkeypatch.setattr(model_module, "PER_PAGE", 2)
    old = files(model_of(5))
    new = files(dataclasses.replace(model_of(count), digest=b"new"))
    differing = {path for path in old.keys() & new.keys() if old[path][1] != new[path][1]}
    assert differing
    assert not {path for path in differing if old[path][0] == new[path][0]}


def summary(shared: ModelContext, digest: bytes) -> Summary:
    """The summary of a model, with the digest that the state gives it."""
    return summarize(shared)._replace(digest=digest)


class Case(NamedTuple):
    """A view, or the inputs of one, with its fingerprint; `derived` names fields that follow from the other ones."""

    view: Any
    fingerprint: Callable[[Any], bytes]
    derived: frozenset[str] = frozenset()


def cases() -> dict[str, Case]:
    """Every view of a page."""
    shared = model_context(model_of(3), "m", SETTINGS, SITE)
    summaries = [summary(shared, b"s")]
    [catalog] = catalog_parts(summaries, (), 0)
    others = [problem("yaml-syntax", "message", "place")]
    return {
        "model": Case(
            model_frame(shared, 1),
            lambda view: model_fingerprint(shared, view),
            frozenset(["table", "chart", "changes"]),  # made of the versions on the page, whose digests are hashed
        ),
        "version": Case(version_inputs(shared, 1), version_fingerprint),
        "verdict": Case(
            verdict_views(shared, 1, "").lead,
            lambda view: version_fingerprint(version_inputs(shared, 1)._replace(verdicts=(view,))),
            frozenset(["comparison"]),  # of the versions
        ),
        "context": Case(
            shared,
            lambda view: view.fingerprint(),
            frozenset(
                [
                    "folders",
                    "labels",
                    "steps",
                    "baseline",
                    "from_baseline",
                    "same_files",
                    "best_rows",
                    "score",
                    "run_neighbours",
                    "settings",
                    "site",
                ]
            ),  # of the model, and of all pages
        ),
        "catalog": Case(catalog, catalog_fingerprint, frozenset(["rows"])),  # their digests are hashed
        "compare": Case(model_compare_frame(shared), lambda view: model_compare_fingerprint(shared, view)),
        "compare models": Case(site_compare_view(SITE, SETTINGS)[1], view_fingerprint),
        "problems": Case(problems_view(summaries, others, SITE, SETTINGS)[1], view_fingerprint),
        "about": Case(about_view(SITE, SETTINGS)[1], view_fingerprint),
        "404": Case(not_found_view(SITE, SETTINGS)[1], view_fingerprint),
    }


def other(value: Any) -> Any:
    """Another value where one stands."""
    if isinstance(value, Model | Version):
        return dataclasses.replace(value, digest=value.digest + b" changed")
    return value + 1 if isinstance(value, int) and not isinstance(value, bool) else f"changed {value!r}"


@pytest.mark.parametrize("name", cases())
def test_every_field_of_a_view_changes_the_fingerprint(name: str) -> None:
    """But those that follow from others, which are named."""
    view, fingerprint, derived = cases()[name]
    assert derived <= set(view._fields)
    before = fingerprint(view)
    for field in set(view._fields) - derived:
        assert fingerprint(view._replace(**{field: other(getattr(view, field))})) != before, field


@pytest.mark.parametrize("name", sorted(cases().keys() - {"context"}))  # its fingerprint is a method
def test_a_field_that_is_added_to_a_view_changes_the_fingerprint(name: str) -> None:
    """Without anything else being changed."""
    view, fingerprint, _ = cases()[name]
    added = NamedTuple("added", [*((field, Any) for field in view._fields), ("later", Any)])  # type: ignore[misc]
    one, two = added(*view, "one"), added(*view, "two")
    assert fingerprint(one) != fingerprint(two)


def test_what_all_pages_share_changes_every_fingerprint() -> None:
    """Those of the pages of one model, and of the pages about all."""
    theme, shared = load_theme(""), model_context(model_of(3), "m", SETTINGS, SITE)
    summaries = [summary(shared, b"s")]

    def every(base: bytes) -> dict[str, bytes]:
        found = [
            *model_pages(shared, theme, base),
            *version_pages(shared, theme, base),
            *fixed_pages(theme, SETTINGS, SITE, base),
            *index_pages(summaries, (), 0, theme, SETTINGS, SITE, base, base),
        ]
        return {page.path: page.fingerprint for page in found}

    one, two = every(b"one"), every(b"two")
    assert one.keys() == two.keys()
    assert not {path for path in one if one[path] == two[path]}

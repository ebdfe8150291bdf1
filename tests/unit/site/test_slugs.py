"""Addresses: the folder of a model or version depends on its own name alone and is safe on every system."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.site.urls import anchor, assign_slugs, external, slug, up, version_slugs
from sitegen.sources.refs import ModelRef

KEPT = ("diabetes", "a", "7", "1.2.0", "text-scorer", "with_underscore", "v2", "m-0123456789abcdef", "a" * 80, "x..y")


@pytest.mark.parametrize("name", KEPT)
def test_a_safe_name_is_its_own_folder(name: str) -> None:
    """Lower case, digits, dots, dashes and underscores."""
    assert slug(name) == name


WORDS = {
    "Diabetes": "diabetes",
    "with space": "with-space",
    "a/b/c": "a-b-c",
    "catalog.schema.Model": "catalog-schema-model",
    "what? 100% #1": "what-100-1",
    "<script>alert(1)</script>": "script-alert-1-script",
    "\"quoted\" & 'single'": "quoted-single",
    "../../etc/passwd": "etc-passwd",
    "..": "x",
    ".hidden": "hidden",
    "-dash": "dash",
    "ends.": "ends",
    "trailing ": "trailing",
    "line\nbreak": "line-break",
    "\u202egnp.exe": "gnp-exe",
    "模型": "x",
    "naïve": "na-ve",
    "": "x",
    "a" * 81: "a" * 60,
    "con": "con",
    "nul.txt": "nul-txt",
    "com1": "com1",
    "compare": "compare",
    "index": "index",
    "api": "api",
    "assets": "assets",
    "index.html": "index-html",
    "data.js": "data-js",
    "steps.js": "steps-js",
    "/Users/someone@example.org/Churn/model": "private-path-model",
    "by someone@example.org": "by-e-mail-withheld",
    "ghp_" + "a1b2" * 9: "redacted",
}


@pytest.mark.parametrize(("name", "words"), WORDS.items())
def test_other_names_become_words_and_a_hash(name: str, words: str) -> None:
    """Eight hexadecimal digits tell names apart that have the same words."""
    assert re.fullmatch(re.escape(words) + r"-[0-9a-f]{8}", slug(name))


SAFE = re.compile(r"[a-z0-9][a-z0-9._-]*")


@given(st.text())
def test_every_folder_is_safe(name: str) -> None:
    """No separators, no dot at the end, nothing to be escaped, no more than 80 characters; slugs of slugs stay."""
    found = slug(name, "registered", "store")
    assert SAFE.fullmatch(found)
    assert not found.endswith(".")
    assert len(found) <= 80
    assert slug(found) == found


@given(st.sets(st.text(max_size=4) | st.sampled_from(["A", "a", "À", "a ", " a", "K", "k", "\u212a"]), min_size=2))
def test_names_that_differ_have_folders_that_differ(names: set[str]) -> None:
    """On file systems that ignore case, too."""
    assert len({slug(name).casefold() for name in names}) == len(names)


def test_kind_and_store_tell_models_of_one_name_apart() -> None:
    """Where the name alone is no folder."""
    found = {
        slug("My model", kind, store) for kind in ("registered", "logged") for store in ("", "mlruns", "old/mlruns")
    }
    assert len(found) == 6


def models(*identities: tuple[str, str, str]) -> list[ModelRef]:
    """Models by kind, store and name."""
    return [ModelRef(kind=kind, store=store, name=name) for kind, store, name in identities]


def test_of_one_name_the_model_nearest_to_the_root_keeps_it() -> None:
    """The other one gets a hash, and the clash is said once."""
    one, other = ("registered", "mlruns", "churn"), ("registered", "old/mlruns", "churn")
    for refs in (models(one, other), models(other, one)):
        planned = assign_slugs(refs)
        assert planned.slugs[one] == "churn"
        assert re.fullmatch("churn-[0-9a-f]{8}", planned.slugs[other])
        assert [found.rule for found in planned.problems] == ["same-name"]


def test_a_folder_stays_when_neighbours_come_and_go() -> None:
    """All but those of one name."""
    names = [("registered", "", name) for name in ("a", "A", "á", "a b", "a-b", "con")]
    alone = {name: assign_slugs(models(name)).slugs[name] for name in names}
    for some in combinations(names, 3):
        assert all(assign_slugs(models(*some)).slugs[name] == alone[name] for name in some)


def test_versions_have_folders_that_no_page_has() -> None:
    """A model's page is `index.html` in the same folder."""
    names = ["1", "10", "v1", "V1", "1.0", "index.html", "versions", "compare", "data.js", "steps.js"]
    found = version_slugs(names)
    assert len(set(found.values())) == len(names)
    assert not {"index.html", "versions", "compare", "data.js", "steps.js"} & set(found.values())


def test_a_version_that_is_called_like_the_folder_of_another_has_its_own() -> None:
    """Neither takes the place of the other's page."""
    taken = slug("1.0-RC1", "version")
    assert len(set(version_slugs(["1.0-RC1", taken, "1.0-rc1"]).values())) == 3
    assert version_slugs([taken]) == {taken: taken}


UP = {"index.html": "", "about/index.html": "../", "models/a/1/index.html": "../../../"}


@pytest.mark.parametrize(("path", "prefix"), UP.items())
def test_links_are_relative(path: str, prefix: str) -> None:
    """They work from a folder, a zip, and below any path of a server."""
    assert up(path) == prefix


@given(st.text())
def test_every_anchor_is_one_word(text: str) -> None:
    """An id must hold no space."""
    assert re.fullmatch(r"p-[a-z0-9._-]+", anchor("p", text))


def test_texts_that_differ_in_case_have_anchors_of_their_own() -> None:
    """An id is there once."""
    assert len({anchor("v", text) for text in ("1.0-rc1", "1.0-RC1", "1.0-Rc1")}) == 3


ADDRESSES = {
    ("https://host/run/{run_id}", "a b?c#d"): "https://host/run/a%20b%3Fc%23d",
    ("https://host/{run_id}", "x/y"): "https://host/x/y",
    ("https://host/{run_id}", '"><script>'): "https://host/%22%3E%3Cscript%3E",
    ("https://host/{other}", "x"): "https://host/{other}",
    ("javascript:alert('{run_id}')", "x"): None,
    ("/relative/{run_id}", "x"): None,
    ("", "x"): None,
    ("https://host/{run_id}", None): None,
}


@pytest.mark.parametrize(("given", "address"), ADDRESSES.items())
def test_addresses_outside_of_the_site(given: tuple[str, str | None], address: str | None) -> None:
    """Only http and https, with all that came from the registry quoted."""
    template, value = given
    assert external(template, run_id=value) == address

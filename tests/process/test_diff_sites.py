"""`sitegen diff` with built sites: their API against another one, or against a registry."""

import json
import shutil
from pathlib import Path

import pytest

from sitegen.core.errors import SitegenError
from sitegen.domain.signature import type_name
from sitegen.sources.site.types import parse_type_name
from tests.process.test_diff import CASES, START, diff, review, rules
from tests.support import sites
from tests.support.registries import every_layout, layout, write
from tests.support.repositories import commit, repository

NOT_JUDGED_THE_SAME = {"a merge conflict", "a pointer of Git LFS", "a new model that cannot be read"}
"""Cases in which a site has other reasons for what cannot be judged."""


@pytest.mark.parametrize("case", CASES)
def test_a_site_has_the_verdict_of_its_registry(case: str, tmp_path: Path) -> None:
    """As BASE, as HEAD, and as both; its catalog says the same of what is new in registered models."""
    files, changes, code, _ = CASES[case]
    base = write(tmp_path / "base", files)
    head = shutil.copytree(base, tmp_path / "head")
    for path in (path for path, content in changes.items() if content is None):
        shutil.rmtree(head / path)
    write(head, {path: content for path, content in changes.items() if content is not None})
    old = sites.built(base, tmp_path / "base-site")
    new = sites.built(head, tmp_path / "head-site", "--previous", str(old))
    expected = rules(review(tmp_path, "base", "head", code=code))
    for pair in ((old, head), (base, new), (old, new)):
        found = review(tmp_path, *(str(one) for one in pair), code=code)
        assert "card" in found["not_compared"]
        if case not in NOT_JUDGED_THE_SAME:
            assert rules(found) == expected, pair
    text = (new / "index.html").read_text(encoding="utf-8")
    assert ("nothing since the last site" in text) == (found["models"] == [])
    registered = {model["name"] for model in found["models"] if model["kind"] == "registered"}
    levels = {one["level"] for one in found["findings"] if one["model"] in registered}
    assert (" breaking</b>" in text) == ("breaking" in levels)


def test_a_site_does_not_differ_from_its_own_registry(tmp_path: Path) -> None:
    """Of every layout, and of the sample registry."""
    registry = write(tmp_path / "registry", every_layout())
    sample = Path(__file__).parents[2] / "sample_registry"
    for number, folder in enumerate((registry, sample)):
        site = sites.built(folder, tmp_path / f"site-{number}")
        assert review(tmp_path, str(site), str(folder), code=0)["models"] == []
        assert review(tmp_path, str(folder), str(site), code=0)["models"] == []


def test_a_site_against_a_revision(tmp_path: Path) -> None:
    """A published site, and the branch that would replace it; settings come only from --config."""
    folder = repository(tmp_path / "git", START | {"sitegen.toml": "[metrics]\nbaseline = 'x'\n"})
    site = sites.built(folder, tmp_path / "site")
    commit(folder, {"m/2": None}, "change")
    found = review(folder, str(site), "change", code=1)
    assert rules(found) == [("version-removed", "breaking")]
    assert found["settings"] == "defaults, since there is no --config"


DAMAGE = ["{", "[]", "{}", '{"next": null}', '{"schema_version": 1, "next": "../x", "models": []}']


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_api_is_one_sentence(damage: str, tmp_path: Path) -> None:
    """And exit 2: as a whole it cannot be read."""
    site = sites.built(write(tmp_path / "registry", START), tmp_path / "site")
    (site / "api/catalog.json").write_text(damage)
    done = diff(tmp_path, "site", "registry")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("sitegen: site: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("file", ["catalog.json", "models/m.json"])
def test_an_api_of_another_schema_is_refused(file: str, tmp_path: Path) -> None:
    """Its fields may mean something else. BASE, HEAD and an earlier site must all be of this one."""
    registry = write(tmp_path / "registry", START)
    site = sites.built(registry, tmp_path / "site")
    place = site / "api" / file
    place.write_text(json.dumps(json.loads(place.read_text()) | {"schema_version": 2}))
    said = f"site: api/{file} has schema_version 2, and this sitegen reads 1: build the site again\n"
    for sides in (("site", "registry"), ("registry", "site")):
        done = diff(tmp_path, *sides)
        assert (done.code, done.out, done.err) == (2, "", f"sitegen: {said}")
    done = sites.sitegen("build", registry, "--output", tmp_path / "out", "--previous", site)
    assert done.code == 2 and done.err.endswith(said)


def test_a_site_redacts_once_more(tmp_path: Path) -> None:
    """A site whose settings publish all, and a review whose settings do not."""
    registry = write(tmp_path / "registry", START | layout("m", "1", tags_json='{"home": "/home/someone/x"}'))
    write(tmp_path, {"open.toml": "[privacy]\npaths = true\n"})
    site = sites.built(registry, tmp_path / "site", "--config", str(tmp_path / "open.toml"))
    write(registry, layout("m", "1", tags_json="{}"))
    out = diff(tmp_path, str(site), "registry", "--format", "json").out
    assert json.loads(out)["models"]
    assert "/home/someone" not in out


def test_models_that_are_the_same_in_two_sites_are_not_read(tmp_path: Path) -> None:
    """Even if they could not be; what differs is told as ever."""
    registry = write(tmp_path / "registry", START | layout("same", "1"))
    old = sites.built(registry, tmp_path / "old")
    shutil.rmtree(registry / "m/2")
    new = sites.built(registry, tmp_path / "new")
    expected = review(tmp_path, "old", "new", code=1)
    assert rules(expected) == [("version-removed", "breaking")]
    for site in (old, new):
        (site / "api/models/same.json").write_text("{")
    assert review(tmp_path, "old", "new", code=1) == expected
    (new / "api/models/same.json").write_text("[")
    assert diff(tmp_path, "old", "new").code == 2


TYPES = (
    *("double", "any", "sparkml_vector", "array<long>", "map<array<any>>", 'object{"a":double,"b"?:array<string>}'),
    *('object{"a,}\\"<":map<object{"x":any}>}', "object{}"),
)


@pytest.mark.parametrize("text", TYPES)
def test_the_name_of_a_type_can_be_read(text: str) -> None:
    """As the API writes it."""
    assert type_name(parse_type_name(text)) == text


@pytest.mark.parametrize("text", ["array<", "array<long", "map<long>x", 'object{"a"', "object{a:long}", "array<" * 99])
def test_no_type_is_one_sentence(text: str) -> None:
    """Whatever a site says."""
    with pytest.raises(SitegenError):
        parse_type_name(text)

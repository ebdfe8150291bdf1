"""`sitegen build --previous`: what is new since an earlier site, on the catalog and in the feed."""

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.process.test_diff import CHAMPION, MORE, OPTIONAL
from tests.support import buckets, sites
from tests.support.registries import COLUMNS, ONE, SIGNED, Files, experiment, layout, mlmodel, run, write

ATOM = "{http://www.w3.org/2005/Atom}"
OTHER = mlmodel(COLUMNS[:1], ONE)


def made(day: int, **more: str) -> str:
    """A model.yaml that says when the version was made."""
    return json.dumps({"created": f"2026-11-{day:02}T10:00:00Z", **more})


def version(name: str, number: str, day: int, mlmodel: str = SIGNED, **files: str) -> Files:
    """A version that says when it was made."""
    return layout(name, number, MLmodel=mlmodel, **files) | {f"{name}/{number}/model.yaml": made(day)}


OLD: Files = {
    **version("m", "1", 1),
    **version("m", "2", 2),
    **CHAMPION,
    **version("gone", "1", 1, OTHER),
    **version("tags", "1", 1, tags_json='{"team": "a"}'),
    **version("same", "1", 1),
}
NEW: Files = {
    **{path: text for path, text in OLD.items() if not path.startswith("gone/")},
    **version("m", "3", 3, MORE),
    **version("m", "4", 4, OPTIONAL),
    "m/model.yaml": "aliases: {champion: 3}\n",
    **version("fresh", "1", 5),
    **version("tags", "1", 1, tags_json='{"team": "b"}'),
}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of OLD."""
    folder = tmp_path_factory.mktemp("earlier")
    return sites.built(write(folder / "registry", OLD), folder / "site")


def rows(site: Path) -> list[list[str]]:
    """The cells of *What's new*."""
    text = (site / "index.html").read_text()
    start = text.find('<section class="news"')
    if start < 0:
        return []
    section = text[start : text.index("</section>", start)].replace("<details open>", "<details>")
    found = ElementTree.fromstring(f"{section}</section>")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in found.iter("tr")][1:]


def entries(site: Path) -> dict[str, tuple[str | None, str]]:
    """Category and text of the entries of the feed, by title."""
    found = ElementTree.parse(site / "feed.xml").getroot().findall(f"{ATOM}entry")
    terms = [one.find(f"{ATOM}category") for one in found]
    return {
        one.findtext(f"{ATOM}title") or "": (
            None if term is None else term.attrib["term"],
            one.findtext(f"{ATOM}summary") or "",
        )
        for one, term in zip(found, terms, strict=True)
    }


EXPECTED = [
    ["m", "@champion moved from v1 to v3", "✕ breaking vs @champion v1"],
    ["fresh", "new model, 1 version", ""],
    ["m", "v3 new version", "✕ breaking vs @champion v1"],
    ["m", "v4 new version", "✓ compatible vs @champion v1"],
    ["tags", "v1 changed: tags", ""],
    ["gone", "removed, 1 version", "✕ breaking"],
]


@pytest.mark.parametrize("part", ["", "api"])
def test_the_catalog_says_what_is_new(part: str, earlier: Path, tmp_path: Path) -> None:
    """Moved aliases first; all links lead somewhere. The snapshot is a site, or its API alone."""
    registry = write(tmp_path / "registry", NEW)
    snapshot = shutil.copytree(earlier / part, tmp_path / "snapshot")
    site = sites.built(registry, tmp_path / "site", "--previous", str(snapshot))
    assert rows(site) == EXPECTED
    assert sites.lost_links(site) == []
    text = (site / "index.html").read_text()
    assert "1 alias change, 1 new model, 2 new versions, 1 change, 1 removal" in text
    assert "✕ 3 breaking" in text


def test_without_an_earlier_site_nothing_changes(earlier: Path, tmp_path: Path) -> None:
    """With one, only the catalog and the feed do."""
    registry = write(tmp_path / "registry", NEW)
    without = sites.contents(sites.built(registry, tmp_path / "without"))
    with_it = sites.contents(sites.built(registry, tmp_path / "with", "--previous", str(earlier)))
    changed = {path for path in without if without[path] != with_it[path]}
    assert without.keys() == with_it.keys()
    assert changed == {"index.html", "feed.xml", "sitegen-manifest.txt"}
    again = sites.built(registry, tmp_path / "with")
    assert sites.contents(again) == without


def test_an_incremental_build_equals_a_clean_one(earlier: Path, tmp_path: Path) -> None:
    """Whether the registry changes, the earlier site, or a version whose summary stays the same."""
    registry = write(tmp_path / "registry", NEW)
    snapshot = shutil.copytree(earlier, tmp_path / "snapshot")
    flags = ("--previous", str(snapshot))
    site, steps = tmp_path / "site", 0

    def check() -> None:
        nonlocal steps
        steps += 1
        sites.built(registry, site, *flags)
        assert sites.contents(site) == sites.contents(sites.built(registry, tmp_path / f"clean-{steps}", *flags))

    check()
    before = sites.stamps(site)
    sites.built(registry, site, *flags)
    assert sites.stamps(site) == before
    write(registry, {"m/1/params.json": '{"depth": 3}'})  # an old version: the summary of the model stays
    check()
    assert ["m", "v1 changed: hyperparameters", ""] in rows(site)
    shutil.rmtree(snapshot)
    shutil.copytree(site, snapshot)
    check()
    assert rows(site) == []
    write(registry, version("m", "5", 6))
    check()
    assert rows(site) == [["m", "v5 new version", "◐ lossy Python ✕ breaking REST vs @champion v3"]]
    shutil.rmtree(registry / "m/4")
    check()
    assert rows(site)[-1] == ["m", "v4 removed", "✕ breaking"]


def test_the_earlier_site_may_be_the_output(tmp_path: Path) -> None:
    """It is read before it is written; where it does not exist yet, nothing is said."""
    registry, site = write(tmp_path / "registry", OLD), tmp_path / "site"
    sites.built(registry, site, "--previous", str(site))
    assert "What's new" not in (site / "index.html").read_text()
    shutil.rmtree(registry)
    sites.built(write(registry, NEW), site, "--previous", str(site))
    assert rows(site) == EXPECTED
    sites.built(registry, site, "--previous", str(site))
    assert "nothing since the last site" in (site / "index.html").read_text()
    before = sites.stamps(site)
    sites.built(registry, site, "--previous", str(site))
    assert sites.stamps(site) == before


def test_a_site_in_a_bucket_is_compared_too(earlier: Path, tmp_path: Path) -> None:
    """Its files are written one by one; a second build reads those that stay from there."""
    registry, cache = write(tmp_path / "registry", OLD), sites.warm(tmp_path / "cache")
    command = ("build", registry, "--output", "memory://news", "--cache", cache, "--previous", earlier)
    assert sites.sitegen(*command).code == 0
    shutil.rmtree(registry)
    write(registry, NEW)
    assert sites.sitegen(*command).code == 0
    local = sites.contents(sites.built(registry, tmp_path / "site", "--previous", str(earlier)))
    assert buckets.contents("memory://news") == local


def test_a_long_list_is_cut(earlier: Path, tmp_path: Path) -> None:
    """The rest is a number."""
    many = {path: text for number in range(30) for path, text in layout(f"n{number:02}", "1").items()}
    registry = write(tmp_path / "registry", OLD | many)
    site = sites.built(registry, tmp_path / "site", "--previous", str(earlier))
    assert [row[0] for row in rows(site)] == [f"n{number:02}" for number in range(20)]
    text = (site / "index.html").read_text()
    assert "30 new models" in text
    assert "10 more changes" in text


def test_logged_models_are_counted(tmp_path: Path) -> None:
    """An experiment may log hundreds a day, and nobody calls them; they come last."""
    registry = write(tmp_path / "registry", layout("m", "1") | experiment("1", "e") | run("1", "1" * 32))
    earlier = sites.built(registry, tmp_path / "earlier")
    write(registry, layout("m", "2") | run("1", "2" * 32) | run("1", "3" * 32))
    site = sites.built(registry, tmp_path / "site", "--previous", str(earlier))
    assert [row[1:] for row in rows(site)] == [["v2 new version", "✓ compatible vs v1"], ["2 new", ""]]


def test_names_are_no_markup(tmp_path: Path) -> None:
    """Whatever models and aliases are called."""
    name = "<b>@all"
    registry = write(tmp_path / "registry", layout(name, "1"))
    earlier = sites.built(registry, tmp_path / "earlier")
    aliases = "aliases: {'<script>': 2, \"a\\u202eb\": 2}\n"
    write(registry, layout(name, "2") | {f"{name}/model.yaml": aliases})
    site = sites.built(registry, tmp_path / "site", "--previous", str(earlier))
    assert rows(site)[0][:2] == [name, "@<script> set to v2"]
    assert rows(site)[1][:2] == [name, "@a\\u202eb set to v2"]


# --- the feed ---------------------------------------------------------------------------------------------------


def test_the_feed_says_what_breaks(tmp_path: Path) -> None:
    """Against the version that callers use, with or without an earlier site."""
    registry = write(tmp_path / "registry", NEW)
    found = entries(sites.built(registry, tmp_path / "site"))
    assert found["m v4"] == ("compatible", "v4 is newer than @champion v3: compatible.")
    assert found["m v3"] == ("breaking", "v3 is newer than v2 and breaks its callers.")
    assert found["m v2"] == ("compatible", "v2 is newer than v1: compatible.")
    assert found["fresh v1"] == (None, "")


def test_all_new_versions_are_in_the_feed(earlier: Path, tmp_path: Path) -> None:
    """Not only the newest of each model; they are judged against the alias of the earlier site. Ids stay."""
    more = {path: text for number in range(5, 9) for path, text in version("m", str(number), number).items()}
    registry = write(tmp_path / "registry", NEW | more)
    site = sites.built(registry, tmp_path / "site", "--previous", str(earlier))
    found = entries(site)
    assert {f"m v{number}" for number in range(3, 9)} <= found.keys()
    assert found["m v3"] == ("breaking", "v3 is newer than @champion v1 and breaks its callers.")
    assert found["m v8"] == ("compatible", "v8 is newer than @champion v1: compatible.")
    ids = {path: set(_ids(path)) for path in (site, sites.built(registry, tmp_path / "without"))}
    assert len(ids[site]) == len(_ids(site))
    assert ids[tmp_path / "without"] < ids[site]


def _ids(site: Path) -> list[str]:
    found = ElementTree.parse(site / "feed.xml").getroot().findall(f"{ATOM}entry/{ATOM}id")
    return [one.text or "" for one in found]


# --- what is no site --------------------------------------------------------------------------------------------

DAMAGE: dict[str, tuple[str, str]] = {
    "no JSON": ("api/catalog.json", "{"),
    "no catalog": ("api/catalog.json", "[]"),
    "a path outside": ("api/catalog.json", '{"next": "../x", "models": []}'),
    "no model": ("api/models/m.json", '{"next": null}'),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_site_is_one_sentence(case: str, earlier: Path, tmp_path: Path) -> None:
    """Exit 2, and the published site stays: without the earlier one, the answer would be wrong, not shorter."""
    registry = write(tmp_path / "registry", OLD)
    site = sites.built(registry, tmp_path / "site")
    before = sites.contents(site)
    snapshot = shutil.copytree(earlier, tmp_path / "snapshot")
    write(snapshot, dict([DAMAGE[case]]))
    shutil.rmtree(registry)
    write(registry, NEW)
    done = sites.sitegen("build", registry, "--output", site, "--previous", snapshot)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"sitegen: --previous {snapshot}: ")
    assert done.err.count("\n") == 1
    assert sites.contents(site) == before
    sites.built(registry, site, "--previous", str(earlier))
    assert rows(site) == EXPECTED


NO_SITE = {
    "nowhere": "does not exist; name a site that sitegen has built, or its api/",
    "registry": "has no api/catalog.json; name a site that sitegen has built, or its api/",
    "s3://bucket/site": "name a folder of this machine with a copy of the site or of its api/",
}


@pytest.mark.parametrize("place", NO_SITE)
def test_what_is_no_site_is_one_sentence(place: str, tmp_path: Path) -> None:
    """Nothing is written."""
    registry = write(tmp_path / "registry", OLD)
    named = place if "://" in place else str(tmp_path / place)
    done = sites.sitegen("build", registry, "--output", tmp_path / "site", "--previous", named)
    assert done.code == 2
    assert NO_SITE[place] in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("link", ["api/models/m.json", "api/models"])
def test_links_in_an_earlier_site_are_not_followed(link: str, earlier: Path, tmp_path: Path) -> None:
    """It may come from elsewhere. The folder itself may be one, and its API."""
    snapshot = shutil.copytree(earlier, tmp_path / "snapshot")
    place = snapshot / link
    place.unlink() if place.is_file() else shutil.rmtree(place)
    place.symlink_to(earlier / link)
    registry = write(tmp_path / "registry", NEW)
    done = sites.sitegen("build", registry, "--output", tmp_path / "site", "--previous", snapshot)
    assert done.code == 2
    missing = rf"sitegen: --previous {re.escape(str(snapshot))}: api/models/\w+\.json of its API is missing\n"
    assert re.fullmatch(missing, done.err)
    shutil.rmtree(snapshot)
    snapshot.symlink_to(earlier)
    assert rows(sites.built(registry, tmp_path / "site", "--previous", str(snapshot))) == EXPECTED

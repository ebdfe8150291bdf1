"""Built sites: every link leads somewhere, nothing is active or private, and the pages say what the API says."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest

from sitegen.site import index_pages, json_api
from tests.support import schemas, sites
from tests.support.options import ROOT
from tests.support.registries import SIGNED, experiment, layout, mlmodel, registered, run, write

REGISTRIES = {"sample": ROOT / "sample_registry"} | {
    path.parent.name: path for path in sorted((ROOT / "tests/cases").glob("*/registry"))
}
HOSTILE_NAMES = (
    "a b",
    "what?",
    "100%",
    "#1",
    "it's",
    'say "hi"',
    "<b onclick=x>",
    "\u202egnp",
    "new\nline",
    "</script>",
)


def hostile(root: Path) -> Path:
    """A registry whose texts are hostile wherever a text can stand."""
    run_id, text = "1a" * 16, "<script>alert(1)</script>\" onload='x' javascript:alert(1) \u202e \x01 ]]> --> {{ 7*7 }}"
    files = experiment("1", text.replace("\x01", "")) | run(
        "1",
        run_id,
        metrics={"<img src=x onerror=alert(1)>": "1767434400000 1.5 0\n", "big": "1 1.7e308 0\n2 -1.7e308 1\n3 0 2\n"},
        params={"a'b\"c": text},
        tags={"mlflow.note.content": text, "t": text},
        model=mlmodel(
            [{"type": "double", "name": text}], metadata={text.replace("\x01", ""): [text.replace("\x01", "")]}
        ),
        run_name=text.replace("\x01", ""),
    )
    files |= registered(
        "x", {"run_id": run_id, "source": f"runs:/{run_id}/model", "description": "*a* " + text.replace("\x01", "")}
    )
    for name in HOSTILE_NAMES:
        place = name.replace("/", "")
        files |= layout(place, "1", metrics_json=json.dumps({name: 0.1, "\ud800": float("nan"), "\uffff\x0b": 2}))
        files |= layout(place, "2", params_json=json.dumps({name: name, "\ud800": "\ud800"}), metrics_json='{"a": 1}')
        files |= {
            f"{place}/README.md": f"# {name}\n\n[x](javascript:alert(1)) [y](NOTES.md) <script>alert(1)</script>\n"
        }
        files |= {
            f"{place}/1/{place}.txt": "x",
            f"{place}/model.yaml": json.dumps({"description": name, "owner": name}),
        }
    return write(root, files)


@pytest.fixture(scope="module", params=[*REGISTRIES, "hostile"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of each registry."""
    root = tmp_path_factory.mktemp("site")
    registry = REGISTRIES.get(request.param) or hostile(root / "registry")
    return sites.built(registry, root / "site")


def test_pages_are_well_formed(site: Path) -> None:
    """What is opened is closed, ids are there once, and no element is active."""
    for path, page in sites.pages(site).items():
        assert page.mistakes == [], path
        assert [id for id, count in Counter(page.ids).items() if count > 1] == [], path
        assert not {tag for tag, _ in page.elements} & {"iframe", "object", "embed", "form", "base", "style", "frame"}


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    """From file system paths, as in a folder or a zip; nothing leads out of the site but web addresses."""
    assert sites.lost_links(site) == []


def test_the_comparison_links_to_what_is_there(tmp_path: Path) -> None:
    """Two versions without a change of signature."""
    site = sites.built(write(tmp_path / "r", layout("m", "1") | layout("m", "2")), tmp_path / "site")
    assert sites.lost_links(site) == []


def test_a_problem_at_the_end_links_to_what_is_there(tmp_path: Path) -> None:
    """YAML that ends too early; a file of which only the beginning is shown."""
    long = SIGNED + "#" * 70_000 + "\nrun_id: a\nrun_id: b\n"
    files = layout("short", "1", MLmodel="a: {b: c\n") | layout("long", "1", MLmodel=long)
    assert sites.lost_links(sites.built(write(tmp_path / "r", files), tmp_path / "site")) == []


POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}


def test_a_strict_policy_comes_first_on_every_page(site: Path) -> None:
    """Nothing before it could be loaded outside of it."""
    for path, page in sites.pages(site).items():
        place = [tag for tag, _ in page.elements].index("head")
        tag, facts = page.elements[place + 1]
        assert (tag, facts["http-equiv"]) == ("meta", "Content-Security-Policy"), path
        assert dict(rule.strip().split(" ", 1) for rule in facts["content"].split(";")) == POLICY, path


def test_nothing_on_a_page_is_inline_code(site: Path) -> None:
    """No script but files of the site, no style, no event, no address that runs."""
    for path, page in sites.pages(site).items():
        for tag, facts in page.elements:
            assert tag != "script" or facts.get("src") or facts.get("type") == "application/json", path
            assert not [name for name in facts if name.startswith("on") or name == "style"], path
            addresses = [facts[name] for name in ("href", "src", "xlink:href", "action") if name in facts]
            assert not [
                text for text in addresses if re.match(r"\s*(javascript|data|vbscript):", text, re.IGNORECASE)
            ], path
            assert tag not in ("script", "img", "link") or not [text for text in addresses if "//" in text], path


def test_pages_have_a_language_and_a_title(site: Path) -> None:
    """A page without a title has no name in a tab, a history, a search."""
    assert all(page.all("html", lang="en") and page.title.strip() for page in sites.pages(site).values())


def test_pages_have_a_description(sample: Path) -> None:
    """For search engines and previews."""
    assert all(page.all("meta", name="description") for page in sites.pages(sample).values())


def unfinished(site: Path) -> list[str]:
    """Pages with drawings whose points are no numbers."""
    names = ("d", "cx", "cy", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points", "viewbox")
    drawn = [
        (path, facts.get(name, ""))
        for path, page in sites.pages(site).items()
        for _, facts in page.elements
        for name in names
    ]
    return [path for path, text in drawn if "nan" in text or "inf" in text]


def test_drawings_have_numbers(sample: Path) -> None:
    """Sparklines and charts."""
    assert unfinished(sample) == []


def test_drawings_of_large_numbers_have_numbers(tmp_path: Path) -> None:
    """Values as far apart as numbers go."""
    files = layout("m", "1", metrics_json='{"a": [1.7e308, -1.7e308, 0]}')
    assert unfinished(sites.built(write(tmp_path / "r", files), tmp_path / "site")) == []


def test_no_file_tells_where_it_was_made(site: Path) -> None:
    """Neither the registry's folder nor the site's."""
    private = (
        [str(site.parent), str(ROOT), str(Path.home())] if len(str(Path.home())) > 5 else [str(site.parent), str(ROOT)]
    )
    for path, data in sites.contents(site).items():
        assert not [place for place in private if place.encode() in data], path


# --- the API ---------------------------------------------------------------------------------------------------


def strict(text: bytes) -> object:
    """JSON without NaN and infinities."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_the_api_keeps_its_schemas(site: Path) -> None:
    """Those that it publishes; every file is strict JSON in UTF-8."""
    for path in (site / "api/schema").glob("*.json"):
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_bytes()))
    for path in (site / "api/catalog.json", *(site / "api/catalog").glob("*.json")):
        schemas.check(strict(path.read_bytes()), site / "api/schema/catalog.json")
    for path in (*(site / "api/models").glob("*.json"), *(site / "api/versions").rglob("*.json")):
        schemas.check(strict(path.read_bytes()), site / "api/schema/model.json")


def test_the_api_tells_the_experiment_of_a_run_by_name_and_id(tmp_path: Path) -> None:
    """By the id its runs are found again; the name may be any text, and another one tomorrow."""
    known = experiment("17", "trial") | run("17", "1a" * 16, model=SIGNED)
    write(tmp_path / "registry", known | run("18", "2b" * 16, model=SIGNED) | layout("m", "1"))
    found = sites.api(sites.built(tmp_path / "registry", tmp_path / "site")).values()
    assert {(model["versions"][0]["experiment"], model["versions"][0]["experiment_id"]) for model in found} == {
        *(("trial", "17"), ("18", "18"), (None, None)),
    }


def test_a_long_catalog_of_the_api_goes_on_in_further_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names the next one; a file that is no longer needed is deleted."""
    monkeypatch.setattr(index_pages, "MAX_MODELS", 2)
    registry = write(tmp_path / "registry", {f"{name}/1/MLmodel": SIGNED for name in "abcde"})
    site = sites.built(registry, tmp_path / "site")
    names = ["api/catalog.json", "api/catalog/2.json", "api/catalog/3.json"]
    files = [strict((site / name).read_bytes()) for name in names]
    assert [file["next"] for file in files] == [*names[1:], None]
    assert [[model["name"] for model in file["models"]] for file in files] == [["a", "b"], ["c", "d"], ["e"]]
    assert all(file["problems"] == files[0]["problems"] for file in files)
    shutil.rmtree(registry / "a")
    sites.update(registry, site)
    assert not (site / names[2]).exists()
    assert [model["name"] for model in sites.catalog(site)["models"]] == ["b", "c", "d", "e"]


def test_a_model_of_the_api_goes_on_in_further_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names the next one and has the model's facts; a file that is no longer needed is deleted."""
    monkeypatch.setattr(json_api, "MAX_VERSIONS", 2)
    files = {f"m/{name}/MLmodel": SIGNED for name in "12345"} | {"m/model.yaml": "aliases: {champion: '2'}"}
    registry = write(tmp_path / "registry", files | {"m.json/1/MLmodel": SIGNED})
    site = sites.built(registry, tmp_path / "site")
    names = ["api/models/m.json", "api/versions/m/2.json", "api/versions/m/3.json"]
    parts = [strict((site / name).read_bytes()) for name in names]
    assert [part["next"] for part in parts] == [*names[1:], None]
    assert [[version["version"] for version in part["versions"]] for part in parts] == [["1", "2"], ["3", "4"], ["5"]]
    assert all(part["aliases"] == {"champion": "2"} for part in parts)
    assert [version["baseline"] is None for version in parts[0]["versions"]] == [False, True]
    shutil.rmtree(registry / "m/1")
    sites.update(registry, site)
    assert not (site / names[2]).exists()
    assert [version["version"] for version in sites.api(site)["m"]["versions"]] == ["2", "3", "4", "5"]


def test_the_catalog_of_the_api_agrees_with_the_models(site: Path) -> None:
    """Each model has its file, and its entry says what the file says."""
    models, entries = sites.api(site), sites.catalog(site)["models"]
    assert [entry["slug"] for entry in entries] == list(dict.fromkeys(entry["slug"] for entry in entries))
    assert {entry["slug"] for entry in entries} == set(models)
    for entry in entries:
        model = models[entry["slug"]]
        latest = model["versions"][-1] if model["versions"] else None
        for name in ("name", "kind", "description", "aliases"):
            assert entry[name] == model[name]
        assert entry["versions"] == len(model["versions"])
        assert entry["latest"] == (latest["version"] if latest else None)
        assert entry["metrics"] == (latest["metrics"] if latest else {})
        assert (site / entry["url"]).is_file()


def test_the_catalog_counts_every_problem(site: Path) -> None:
    """Those of versions and models, and those of no model, which the page of problems lists; its page counts alike."""
    counted = Counter(
        found["severity"]
        for model in sites.api(site).values()
        for found in (*model["problems"], *(one for version in model["versions"] for one in version["problems"]))
    )
    said = sites.catalog(site)["problems"]
    text = (site / "problems/index.html").read_text(encoding="utf-8")
    of_no_model = text.count('<span class="soft">registry</span>')
    assert sum(said.values()) == counted.total() + of_no_model
    errors = re.search(r'problems/index.html">(\d+) errors?[,<]', (site / "index.html").read_text(encoding="utf-8"))
    assert int(errors[1] if errors else 0) == said["error"]


def test_the_catalog_counts_errors_of_no_model(tmp_path: Path) -> None:
    """A database that nobody can read, beside a model of which all is right."""
    files = {**layout("m", "1"), "mlflow.db": b"SQLite format 3\0" + b"x" * 2_000}
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    assert sites.catalog(site)["problems"]["error"] == 1
    assert 'problems/index.html">1 error</a>' in (site / "index.html").read_text(encoding="utf-8")


# --- numbers on pages ------------------------------------------------------------------------------------------


def test_every_number_of_a_version_is_that_of_the_api(site: Path) -> None:
    """On the version's own page: with all digits in the element's value, and the visible text as a shorter form."""
    for slug, model in sites.api(site).items():
        for version, page in zip(model["versions"], version_pages(site, slug), strict=True):
            exact = sorted(map(text_of, shown_values(version)))
            assert sorted(value for value, _ in page.values) == exact, f"{slug} {version['version']}"


def shown_values(version: dict[str, Any]) -> Iterator[Any]:
    """One value for each metric, and one for each other dataset that it was measured on."""
    for key, value in version["metrics"].items():
        of_datasets = [row["value"] for row in version["dataset_metrics"] if row["key"] == key]
        yield from of_datasets if value in of_datasets else [value, *of_datasets]


def version_pages(site: Path, slug: str) -> list[sites.Page]:
    """The pages of a model's versions, from the oldest on: each links to the one behind it."""
    paths = (site / "models" / slug).glob("*/index.html")
    left = {path: sites.page(path) for path in paths if path.parent.name != "compare"}
    order = [path for path, page in left.items() if not page.all("a", rel="prev")]
    assert len(order) == bool(left)
    for _ in left:
        here = order[-1]
        order += [(here.parent / unquote(link["href"])).resolve() for link in left[here].all("a", rel="next")]
    assert sorted(order) == sorted(left)
    return [left[path] for path in order]


def text_of(value: float | str) -> str:
    """A number of the API as a page has it."""
    if isinstance(value, str):
        return value
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def test_every_number_of_a_model_is_that_of_the_api(site: Path) -> None:
    """On the model's page and in the catalog."""
    models = sites.api(site)
    for slug, model in models.items():
        known = {text_of(value) for version in model["versions"] for value in version["metrics"].values()}
        assert {value for value, _ in sites.page(site / f"models/{slug}/index.html").values} <= known
    known = {
        text_of(value) for model in models.values() for one in model["versions"] for value in one["metrics"].values()
    }
    assert {value for value, _ in sites.page(site / "index.html").values} <= known


def test_the_text_of_a_number_is_close_to_it(site: Path) -> None:
    """Rounded to two digits at least, with a true minus and ∞; nothing but zero reads as zero."""
    for path, page in sites.pages(site).items():
        for value, text in page.values:
            seen = float(text.replace("−", "-").replace("∞", "inf"))
            assert seen == pytest.approx(float(value), rel=0.05, abs=0, nan_ok=True), path


# --- feed, sitemap, 404 ----------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_well_formed(site: Path) -> None:
    """Ids are there once and are no addresses; dates are those of versions."""
    feed = ElementTree.parse(site / "feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    ids = [one.findtext(f"{ATOM}id") or "" for one in entries]
    assert len(set(ids)) == len(ids)
    assert all(id.startswith("urn:") for id in ids)
    created = {one["created"] for model in sites.api(site).values() for one in model["versions"]}
    assert {one.findtext(f"{ATOM}updated") for one in entries} <= created
    assert all((site / one.find(f"{ATOM}link").attrib["href"]).is_file() for one in entries)  # type: ignore[union-attr]


def test_addresses_of_the_site_need_a_base_url(tmp_path: Path) -> None:
    """A sitemap, a 404 page and canonical addresses; all other files stay as they are."""
    registry = ROOT / "sample_registry"
    without = sites.built(registry, tmp_path / "without")
    site = sites.built(registry, tmp_path / "with", "--base-url", "https://example.org/models")
    assert set(sites.contents(site)) - set(sites.contents(without)) == {"404.html", "sitemap.xml"}
    assert not [page for page in sites.pages(without).values() if page.all("link", rel="canonical")]
    pages = {path for path in sites.pages(site) if path != "404.html"}
    addresses = {"https://example.org/models/" + path.removesuffix("index.html") for path in pages}
    sitemap = ElementTree.parse(site / "sitemap.xml").getroot()
    assert {found.text for found in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")} == addresses
    canonical = {facts["href"] for path in pages for facts in sites.page(site / path).all("link", rel="canonical")}
    assert canonical == addresses


def test_the_404_page_works_at_any_depth(tmp_path: Path) -> None:
    """All its links are whole addresses."""
    site = sites.built(ROOT / "sample_registry", tmp_path / "site", "--base-url", "https://example.org/models/")
    links = [link for link in sites.page(site / "404.html").links() if not link.startswith("#")]
    assert links
    for link in links:
        assert (site / link.removeprefix("https://example.org/models/")).is_file(), link


# --- long lists ------------------------------------------------------------------------------------------------


def test_long_lists_go_on_at_further_pages(tmp_path: Path) -> None:
    """Of models and of versions; every page is linked, and every version is on one of them."""
    files = {}
    for number in range(230):
        files |= layout("many", str(number + 1), metrics_json=json.dumps({"auc": number / 1000}))
        files |= {f"model-{number:03}/MLmodel": SIGNED}
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    pages = sites.pages(site)
    assert set(sites.reached(site)) == set(pages)

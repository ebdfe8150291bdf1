"""What versions are judged against, on pages, in the data of scripts and in the API: one answer everywhere."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sitegen.site.urls import slug
from tests.support import sites
from tests.support.registries import COLUMNS, ONE, Files, experiment, layout, mlmodel, run, write

MORE = [*COLUMNS, {"type": "double", "name": "income", "required": True}]
VERSIONS = {"1": (COLUMNS, 5.0), "2": (MORE, 4.0), "3": (COLUMNS, 3.0), "4": (MORE, 2.0), "5": (COLUMNS, 2.5)}
"""Inputs and rmse: v5 breaks callers of v4 and is worse, but breaks none of v3 and is better."""


def prices(about: str) -> Files:
    """A model with these versions, and what model.yaml says about it."""
    files = {"m/model.yaml": about}
    for name, (inputs, rmse) in VERSIONS.items():
        files |= layout("m", name, MLmodel=mlmodel(inputs, ONE), metrics_json=json.dumps({"rmse": rmse}))
    return files


def built(root: Path, about: str, *flags: str) -> Path:
    """The site of that model."""
    return sites.built(write(root / "registry", prices(about)), root / "site", *flags)


def script(site: Path, name: str) -> Any:
    """What `data.js` of a model holds."""
    text = (site / f"models/{name}/data.js").read_text()
    return json.loads(text[text.index("] = ") + 4 : text.rindex(";")])


def facts(site: Path, version: str) -> list[tuple[str, str, str]]:
    """On the page of a version: what it is judged against, the address of the comparison, the verdict in words."""
    page = (site / f"models/m/{version}/index.html").read_text()
    found = re.findall(r'<p class="against">(.*?): <span>(.*?)</span>(?:, <span>.*?</span>)?</p>', page, re.DOTALL)
    return [
        (plain(name), re.findall('href="([^"]*)"', name)[0], " ".join(plain(verdict).split()))
        for name, verdict in found
    ]


def plain(html: str) -> str:
    """HTML without its tags."""
    return re.sub("<[^>]*>", "", html).strip()


def text(html: str) -> str:
    """HTML as words."""
    return " ".join(re.sub("<[^>]*>", "", html.replace("<small", " <small")).split())


BACK = "Going back from @champion v3 to this version"
AGAINST = {
    "1": [(BACK, "3", "1", "✓ compatible")],
    "2": [("Against v1", "1", "2", "✕ breaking"), (BACK, "3", "2", "✕ breaking")],
    "3": [("Against v2", "2", "3", "◐ lossy Python ✕ breaking REST")],
    "4": [("Against @champion v3", "3", "4", "✕ breaking")],
    "5": [
        ("Against @champion v3", "3", "5", "✓ compatible"),
        ("Against v4", "4", "5", "◐ lossy Python ✕ breaking REST"),
    ],
}
"""For each version: what its page says, the two versions that the link opens, and the verdict."""


def test_a_newer_version_leads_with_the_baseline(tmp_path: Path) -> None:
    """On its page, in the table of versions, in the catalog; every link opens the pair that is shown."""
    site = built(tmp_path, "aliases: {champion: 3}")
    for version, expected in AGAINST.items():
        urls = [
            (name, f"../compare/index.html#v={old}&amp;v={new}&amp;base={old}", said)
            for name, old, new, said in expected
        ]
        assert facts(site, version) == urls
        page = (site / f"models/m/{version}/index.html").read_text()
        assert re.findall(r'<a href="([^"]*)">Compare with', page) == [urls[0][1]]
    assert deltas(site, "5") == {"Against @champion v3": "− better", "Against v4": "+ worse"}
    assert deltas(site, "2") == {"Against v1": "− better", "Against @champion v3": "+ worse"}
    assert rows(site)["5"] == (
        "✓ compatible vs @champion v3; vs v4: ◐ lossy Python ✕ breaking REST",
        "− better",
    )
    assert rows(site)["2"] == ("✕ breaking: added income vs v1", "− better")
    assert rows(site)["1"] == ("first version", "")
    [(words, link)] = re.findall(
        r'aria-label="(against [^"]*)".*?<a [^>]*href="(models/m/compare[^"]*)"', (site / "index.html").read_text()
    )
    assert link == "models/m/compare/index.html#v=3&amp;v=5&amp;base=3"
    assert words.startswith("against @champion v3: compatible for Python callers")
    assert sites.lost_links(site) == []


def deltas(site: Path, version: str) -> dict[str, str]:
    """The deltas of the one metric on the page of a version, by the heads of their columns."""
    table = (site / f"models/m/{version}/index.html").read_text().partition('id="metrics"')[2].partition("</table>")[0]
    heads, cells = (re.findall(rf"<{tag}[ >].*?</{tag}>", table, re.DOTALL) for tag in ("th", "td"))
    names = [plain(head) for head in heads if "Against" in head]
    return dict(zip(names, [sign(plain(cell)).strip() for cell in cells][-len(names) :], strict=True))


def test_the_head_says_how_the_metric_changed(tmp_path: Path) -> None:
    """Of the only metric that both versions have."""
    page = (built(tmp_path, "aliases: {champion: 3}") / "models/m/5/index.html").read_text()
    lines = [plain(one) for one in re.findall(r'<p class="against">.*?</p>', page, re.DOTALL)]
    assert [sign(line.rpartition(", ")[2]) for line in lines] == ["rmse − better", "rmse + worse"]


def sign(change: str) -> str:
    """A change without its number: `+ worse`."""
    return re.sub(r"[\d.]+", "", change)


def rows(site: Path) -> dict[str, tuple[str, str]]:
    """In the table of versions: the effect on callers and the change of the main metric."""
    page = (site / "models/m/index.html").read_text()
    pattern = r'<tr id="v-(\d)">.*?<td class="effect">(.*?)</td>\s*<td class="n"[^>]*>(.*?)</td>'
    found = re.findall(pattern, page, re.DOTALL)
    changes = ("".join(re.findall("<small.*?</small>", value)) for _, _, value in found)
    return {name: (text(effect), sign(text(change))) for (name, effect, _), change in zip(found, changes, strict=True)}


def test_without_a_baseline_each_version_is_judged_against_the_one_before(tmp_path: Path) -> None:
    site = built(tmp_path, "aliases: {challenger: 3}")
    assert [found[0] for found in facts(site, "5")] == ["Against v4"]
    assert facts(site, "1") == []
    assert rows(site)["5"] == ("◐ lossy Python ✕ breaking REST: removed income vs v4", "+ worse")
    assert "models/m/compare/index.html#v=4&amp;v=5&amp;base=4" in (site / "index.html").read_text()
    assert script(site, "m")["baseline"] is None
    assert {version["baseline"] for version in sites.api(site)["m"]["versions"]} == {None}


def test_the_api_and_the_scripts_know_the_baseline(tmp_path: Path) -> None:
    """The API judges each other version against it."""
    site = built(tmp_path, "aliases: {champion: 3}")
    found = {version["version"]: version["baseline"] for version in sites.api(site)["m"]["versions"]}
    verdicts = {"1": "safe", "2": "breaking", "4": "breaking", "5": "safe"}
    champion = {name: {"version": "3", "alias": "champion", "verdict": verdict} for name, verdict in verdicts.items()}
    assert found == {**champion, "3": None}
    assert script(site, "m")["baseline"] == "3"


def test_settings_name_another_alias(tmp_path: Path) -> None:
    config = tmp_path / "sitegen.toml"
    config.write_text('[metrics]\nbaseline = "stable"\n')
    site = built(tmp_path, "aliases: {champion: 1, stable: 3}", "--config", str(config))
    assert facts(site, "5")[0][0] == "Against @stable v3"


def test_a_stage_is_named_where_no_alias_says_it(tmp_path: Path) -> None:
    """Its place in the API is null."""
    files = prices("owner: us") | {"m/3/model.yaml": "stage: Production"}
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    assert facts(site, "5")[0][0] == "Against Production v3"
    assert sites.api(site)["m"]["versions"][4]["baseline"] == {"version": "3", "alias": None, "verdict": "safe"}


def test_the_verdict_against_a_baseline_that_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    files = prices("aliases: {champion: 3}") | {"m/3/MLmodel": "flavors: ["}
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    assert facts(site, "5")[0][::2] == ("Against @champion v3", "? unknown")
    assert "against @champion v3: unknown for Python callers" in (site / "index.html").read_text()
    assert sites.api(site)["m"]["versions"][4]["baseline"]["verdict"] == "unknown"


EDITS = {
    "an alias moves to a newer version": {"m/model.yaml": "aliases: {champion: 4}"},
    "an alias moves to an older version": {"m/model.yaml": "aliases: {champion: 1}"},
    "an alias goes": {"m/model.yaml": "owner: us"},
    "another alias says the same": {"m/model.yaml": "aliases: {prod: 3}"},
    "a stage comes": {"m/model.yaml": "owner: us", "m/2/model.yaml": "stage: Production"},
    "the signature of the baseline changes": {"m/3/MLmodel": mlmodel(MORE, ONE)},
    "a metric of the baseline changes": {"m/3/metrics.json": '{"rmse": 1.0}'},
    "the baseline cannot be read any more": {"m/3/MLmodel": "flavors: ["},
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_incremental_build_equals_a_clean_one(edit: dict[str, str], tmp_path: Path) -> None:
    """Whatever moves the baseline or changes it."""
    registry = write(tmp_path / "registry", prices("aliases: {champion: 3}"))
    sites.update(registry, tmp_path / "site")
    before = sites.contents(tmp_path / "site")
    write(registry, edit)
    sites.update(registry, tmp_path / "site")
    sites.update(registry, tmp_path / "clean")
    assert sites.contents(tmp_path / "site") == sites.contents(tmp_path / "clean")
    changed = {path for path, content in sites.contents(tmp_path / "site").items() if before.get(path) != content}
    assert {"index.html", "models/m/index.html", "models/m/5/index.html", "models/m/data.js"} - changed <= {
        "index.html"
    }


def test_a_model_without_a_baseline_renders_no_page_of_old_versions_for_a_new_one(tmp_path: Path) -> None:
    """And with one, neither: only its neighbour and what is about the whole model."""
    for about in ("owner: us", "aliases: {champion: 2}"):
        registry = write(tmp_path / slug(about) / "registry", prices(about))
        site = tmp_path / slug(about) / "site"
        sites.update(registry, site)
        write(registry, layout("m", "6"))
        before = sites.contents(site)
        sites.update(registry, site)
        changed = {path for path, content in sites.contents(site).items() if before.get(path) != content}
        assert {path.split("/")[2] for path in changed if re.match(r"models/m/\d*/index\.html", path)} == {"5", "6"}


def test_attempts_are_not_judged(tmp_path: Path) -> None:
    """Models that are only logged have no verdict but in a comparison that somebody opens; changes are told."""
    files = experiment("1", "e")
    for number, inputs in enumerate((COLUMNS, MORE, COLUMNS), 1):
        files |= run("1", f"{number}a" * 16, model=mlmodel(inputs, ONE, utc_time_created=f"2026-01-0{number} 10:00:00"))
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    [name] = sites.api(site)
    catalog, group = (site / "index.html").read_text(), (site / f"models/{name}/index.html").read_text()
    newest = (site / f"models/{name}/{'3a' * 16}/index.html").read_text()
    for page in (catalog, group, newest):
        assert "breaking" not in plain(page.partition("<main")[2])
    assert 'class="line' not in catalog
    assert "Changes for callers" not in group
    effects = re.findall(r'<td class="effect">(.*?)</td>', group, re.DOTALL)
    assert [text(effect).partition(" from ")[0] for effect in effects] == [
        "removed income",
        "added income",
        "first version",
    ]
    assert "1 change</summary>" in newest or "2 changes</summary>" in newest
    assert script(site, name)["baseline"] is None
    assert {version["baseline"] for version in sites.api(site)[name]["versions"]} == {None}


def test_the_catalog_shows_the_main_metric_of_the_latest_version(tmp_path: Path) -> None:
    """None where it has none; an older one's value is not the latest's."""
    files = layout("has", "1", metrics_json='{"auc": 0.1}') | layout("has", "2", metrics_json='{"auc": 0.2}')
    files |= layout("lacks", "1", metrics_json='{"auc": 0.3}') | layout("lacks", "2")
    files |= layout("machine", "1", metrics_json='{"system/cpu_time": 0.4}')
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    shown = re.findall(r'<data value="([^"]*)"', (site / "index.html").read_text())
    assert shown == ["0.2"]
    assert "system/cpu_time" not in (site / "models/machine/index.html").read_text()
    assert "system/cpu_time" in (site / "models/machine/1/index.html").read_text()

"""The page of a model: its table of versions has the columns that hold something."""

import json
import re
import sys
from pathlib import Path

from sitegen.domain.model import Metric, Model, Version
from sitegen.settings.settings import Settings
from sitegen.site.views.context import model_context
from sitegen.site.views.model import model_fingerprint, model_frame, model_view, page_count
from sitegen.site.views.parts import SiteView
from tests.support import sites
from tests.support.registries import COLUMNS, ONE, Files, layout, mlmodel, write


def columns(page: Path) -> list[str]:
    """The heads of the table of versions; each of its lines has as many cells."""
    table = page.read_text().partition('id="versions-table"')[2].partition("</table>")[0]
    head, *lines = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    assert {len(re.findall("<t[hd]", line)) for line in lines} == {len(re.findall("<t[hd]", head))}
    return re.findall(r'<th scope="col"[^>]*>\s*([^<]*?)\s*<', head)


def test_columns_without_a_value_are_left_out(tmp_path: Path) -> None:
    """Of a model that says nothing, of one that says it once, and of one that says it again."""
    files = layout("bare", "1") | layout("bare", "2")
    for model, numbers in (("once", "1"), ("twice", "12")):
        for number in numbers:
            texts = {
                "MLmodel": mlmodel(COLUMNS, ONE, utc_time_created=f"2026-01-0{number} 10:00:00.000000"),
                "metrics_json": json.dumps({"rmse": int(number)}),
                "params_json": json.dumps({"lr": number}),
            }
            files |= layout(model, number, **texts)
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    first = ["Version", "Compatibility"]
    assert columns(site / "models/bare/index.html") == first
    assert columns(site / "models/once/index.html") == [*first, "rmse"]
    assert columns(site / "models/twice/index.html") == [*first, "rmse", "lr"]
    explained = [(site / f"models/{name}/index.html").read_text() for name in ("bare", "once", "twice")]
    assert ["Line on the left" in page for page in explained] == [True, False, True]
    assert ["• best value" in page for page in explained] == [False, False, True]
    assert ["Small numbers: change from" in page for page in explained] == [False, False, True]
    assert ["lower is better" in page for page in explained] == [False, True, True]


def test_what_the_table_leaves_out_is_told(tmp_path: Path) -> None:
    """Metrics and params, as far as params differ; nothing where all are there."""
    files = {}
    for number in (1, 2):
        texts = {
            "metrics_json": json.dumps({f"m{key}": number for key in range(40)}),
            "params_json": json.dumps({"same": 1} | {f"p{key}": number for key in range(12)}),
        }
        files |= layout("much", str(number), **texts) | layout("few", str(number), params_json='{"same": 1}')
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    told = "4 of 40 metrics and 2 of 12 hyperparameters that differ shown; see a version page for all."
    assert told in text((site / "models/much/index.html").read_text())
    assert "see a version page" not in (site / "models/few/index.html").read_text()


def test_a_mark_of_a_best_value_is_explained_where_there_is_one(tmp_path: Path) -> None:
    """Also on a page on which another metric than the main one has it, and on none without a mark."""
    files: Files = {}
    for number, metrics in enumerate([{"auc": 0.5, "rmse": 1}, {"auc": 0.5, "rmse": 2}], 1):
        files |= layout("second", str(number), metrics_json=json.dumps(metrics))
        files |= layout("none", str(number), metrics_json=json.dumps({"n": number}))
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    pages = {name: (site / f"models/{name}/index.html").read_text() for name in ("second", "none")}
    assert {name: 'class="best"' in page for name, page in pages.items()} == {"second": True, "none": False}
    assert {name: "• best value" in page for name, page in pages.items()} == {"second": True, "none": False}


def test_a_missing_value_and_an_empty_one_differ(tmp_path: Path) -> None:
    """On the page of the model, and beside the other version on that of a version."""
    files = layout("m", "1", params_json='{"a": "x", "b": ""}') | layout("m", "2", params_json='{"a": "", "c": "y"}')
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    rows = re.findall(r'<tr id="v-[^>]*>.*?</tr>', (site / "models/m/index.html").read_text(), re.DOTALL)
    cells = [re.findall(r'<td class="clip"[^>]*>(?:<[^>]*>)?([^<]*)<', row) for row in rows]
    assert cells == [["empty string", "not logged"], ["x", "empty string"]]
    page = (site / "models/m/2/index.html").read_text().partition('id="params"')[2].partition("</section>")[0]
    values = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td.*?</td>", page)]
    assert values == ["empty string", "x", "y", "not logged", "not logged", "empty string"]


def test_a_long_key_is_cut_with_its_length(tmp_path: Path) -> None:
    """At the head of its column; it stands whole on the version's page."""
    key = "k" * 200
    files = layout("m", "1", metrics_json=json.dumps({key: 1})) | layout("m", "2", params_json=json.dumps({key: 1}))
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    head = (site / "models/m/index.html").read_text().partition("<thead>")[2].partition("</thead>")[0]
    assert head.count(f'<span title="{key}">{"k" * 24}… <small>200 characters</small></span>') == 2
    assert f"<code>{key}</code>" in (site / "models/m/1/index.html").read_text()


def test_problems_of_versions_are_marked_and_linked(tmp_path: Path) -> None:
    """From the number at the top of the page to the table, and from there to the version that has them."""
    files = layout("m", "1") | layout("m", "2", MLmodel=mlmodel())
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    page = (site / "models/m/index.html").read_text()
    assert '<dt>Problems</dt><dd><a href="#versions">1</a>' in page
    assert re.findall(r'<a href="([^"]*)" aria-label="([^"]*)">1</a>', page) == [
        ("2/index.html#problems", "1 problem of v2")
    ]
    assert 'id="problems"' in (site / "models/m/2/index.html").read_text()


def test_a_version_links_to_its_comparison(tmp_path: Path) -> None:
    """With the version before, whose callers are judged; the first version with the second; a lone one with none."""
    name = "2.0.0"
    files = layout("m", "1") | layout("m", name) | layout("m", "3.0") | layout("lone", "1")
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    found = {
        number: re.findall(
            r'href="([^"]*)">Compare with (\S+)</a>', (site / f"models/m/{number}/index.html").read_text()
        )
        for number in ("1", name, "3.0")
    }
    assert found == {
        "1": [("../compare/index.html#v=1&amp;v=2.0.0&amp;base=1", "v2.0.0")],
        name: [("../compare/index.html#v=1&amp;v=2.0.0&amp;base=1", "v1")],
        "3.0": [("../compare/index.html#v=2.0.0&amp;v=3.0&amp;base=2.0.0", "v2.0.0")],
    }
    assert "Compare with" not in (site / "models/lone/1/index.html").read_text()
    assert sites.lost_links(site) == []


def test_a_page_of_older_versions_has_the_columns_that_they_fill(tmp_path: Path) -> None:
    """A metric that only the newest two hundred have is none of theirs."""
    files = {}
    for number in range(1, 203):
        files |= layout("m", str(number), metrics_json=json.dumps({"new": 1} if number > 2 else {"old": number}))
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    assert columns(site / "models/m/index.html")[2:] == ["new"]
    assert columns(site / "models/m/versions/2/index.html")[2:] == ["old"]


def test_changes_for_callers_have_few_rows(tmp_path: Path) -> None:
    """The worst of a long change; an older change only where the newer ones leave room."""
    wide = [{"type": "double", "name": f"c{number}", "required": True} for number in range(60)]
    files = {"1": ONE, "2": wide, "3": COLUMNS, "4": [*COLUMNS, wide[0]]}
    texts = {f"m/{name}/MLmodel": mlmodel(inputs, ONE) for name, inputs in files.items()}
    site = sites.built(write(tmp_path / "registry", texts), tmp_path / "site")
    section = (site / "models/m/index.html").read_text().partition('id="contract"')[2].partition("</section>")[0]
    assert re.findall(r"<h3>.*?</h3>", section) == [
        '<h3><a href="3/index.html">v3</a> → <a href="4/index.html">v4</a></h3>',
        '<h3><a href="2/index.html">v2</a> → <a href="3/index.html">v3</a></h3>',
    ]
    assert section.count('<th scope="row">') == 50
    assert "13 more changes: see the page of" in section
    assert "Changes of 1 older version: see its page." in section


TEXT = [{"type": "string", "required": True}]
LONGER = [*COLUMNS, {"type": "double", "name": "bp", "required": True}]
STEPS = {
    "v2": (LONGER, ONE, "✕ breaking", "breaking"),
    "v3": (COLUMNS, ONE, "◐ lossy Python ✕ breaking REST", "breaking"),
    "v4": (COLUMNS, TEXT, "✓ compatible calls, ✕ breaking outputs", "breaking"),
    "v5": (LONGER, ONE, "✕ breaking", "breaking"),
    "v6": (LONGER, [*ONE, *ONE], "✓ compatible calls, ≈ may differ outputs", "behaviour"),
    "v7": (None, None, "? unknown", "unknown"),
}


def test_a_step_says_what_readers_of_the_output_meet(tmp_path: Path) -> None:
    """In words where it is something else than what callers meet, and by the line; on the page of the version, too."""
    files = layout("m", "1")
    for name, (inputs, outputs, _, _) in STEPS.items():
        files |= layout("m", name[1:], MLmodel=mlmodel(inputs, outputs))
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    model = (site / "models/m/index.html").read_text()
    for name, (_, _, words, line) in STEPS.items():
        [row] = re.findall(rf'<tr id="v-{name[1:]}">.*?</tr>', model, re.DOTALL)
        assert words in text(row)
        assert f'class="rail r-{line}"' in row
        page = (site / f"models/m/{name[1:]}/index.html").read_text()
        [line] = re.findall(r'<p class="against">Against <a [^>]*>v\d</a>: (.*?)</p>', page, re.DOTALL)
        assert text(line) == words
    catalog = (site / "index.html").read_text()
    assert 'class="line l-unknown"' in catalog
    assert "unknown for REST callers, unknown for readers of the output" in catalog


def text(html: str) -> str:
    """HTML without its tags, on one line."""
    return " ".join(re.sub("<[^>]*>", "", html).split())


def test_a_model_of_many_versions_costs_no_more_for_each() -> None:
    """Its pages are as many as its versions, so what they say of all versions is worked out once."""
    work(10)  # what is done once in a process
    assert work(2000) < 5 * work(500)


def work(count: int) -> int:
    """How many functions are called for the views of all pages of a model with so many versions."""
    metrics = (Metric(key="auc", value=0.5),)
    versions = tuple(
        Version(name=str(number), path=None, created=number, metrics=metrics, params=(("a", str(number)),))
        for number in range(count)
    )
    one = model_context(
        Model(name="m", kind="registered", versions=versions), "m", Settings(), SiteView("", "", "", {})
    )
    calls = 0

    def counted(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(counted)
    try:
        for number in range(1, page_count(one.model) + 1):
            frame = model_frame(one, number)
            model_fingerprint(one, frame)
            model_view(one, frame)
    finally:
        sys.setprofile(None)
    return calls


def test_the_pair_of_the_headline_leads_the_changes(tmp_path: Path) -> None:
    """Also where nothing changes; then come the other steps between consecutive versions, each pair once."""
    inputs = {"1": COLUMNS, "2": COLUMNS[:1], "3": COLUMNS}
    files: Files = {f"m/{name}/MLmodel": mlmodel(columns, ONE) for name, columns in inputs.items()}
    pairs = {}
    for alias in ("1", "2", "3", ""):
        files["m/model.yaml"] = f"aliases: {{champion: '{alias}'}}" if alias else ""
        site = sites.built(write(tmp_path / f"registry{alias}", files), tmp_path / f"site{alias}")
        section = (site / "models/m/index.html").read_text().partition('id="contract"')[2].partition("</section>")[0]
        found = re.findall(r"<h3>.*?</h3>|<p>Other changes|no change for callers", section)
        pairs[alias] = [text(part).replace("<p>", "") for part in found]
    steps = ["Other changes", "v1 → v2"]
    assert pairs == {
        "1": ["@champion v1 → v3", "no change for callers", "Other changes", "v2 → v3", "v1 → v2"],
        "2": ["@champion v2 → v3", *steps],
        "3": ["v2 → v3", *steps],
        "": ["v2 → v3", *steps],
    }

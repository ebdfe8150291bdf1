"""The page of a model: its table of versions has the columns that hold something."""

import json
import re
from pathlib import Path

from tests import sites
from tests.registry import COLUMNS, ONE, layout, mlmodel, write


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
    first = ["Version", "Callers of the version before"]
    assert columns(site / "models/bare/index.html") == first
    assert columns(site / "models/once/index.html") == [*first, "rmse", "Created"]
    assert columns(site / "models/twice/index.html") == [*first, "rmse", "change", "lr", "Created"]


def test_a_page_of_older_versions_has_the_columns_that_they_fill(tmp_path: Path) -> None:
    """A metric that only the newest hundred have is none of theirs."""
    files = {}
    for number in range(1, 103):
        files |= layout("m", str(number), metrics_json=json.dumps({"new": 1} if number > 2 else {"old": number}))
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    assert columns(site / "models/m/index.html")[2:] == ["new", "change"]
    assert columns(site / "models/m/versions/2/index.html")[2:] == ["old", "change"]


TEXT = [{"type": "string", "required": True}]
LONGER = [*COLUMNS, {"type": "double", "name": "bp", "required": True}]
STEPS = {
    "v2": (LONGER, ONE, "✕ breaking", "breaking"),
    "v3": (COLUMNS, ONE, "◐ lossy", "lossy"),
    "v4": (COLUMNS, TEXT, "✓ safe calls, ✕ breaking outputs", "breaking"),
    "v5": (LONGER, ONE, "✕ breaking", "breaking"),
    "v6": (LONGER, [*ONE, *ONE], "✓ safe calls, ≈ behaviour outputs", "behaviour"),
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
        [fact] = re.findall(r"<dt>Callers of v\d</dt><dd>(.*?)</dd>", page)
        assert text(fact) == words
    catalog = (site / "index.html").read_text()
    assert 'class="line l-unknown"' in catalog
    assert "unknown for REST callers, unknown for readers of the output" in catalog


def text(html: str) -> str:
    """HTML without its tags, on one line."""
    return " ".join(re.sub("<[^>]*>", "", html).split())

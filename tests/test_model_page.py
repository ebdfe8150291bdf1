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

"""The catalog: its table has the columns that hold something, and names that can be read."""

import json
import re
from pathlib import Path

from tests.support import sites
from tests.support.registries import SIGNED, Files, experiment, layout, run, write


def catalog(root: Path, files: Files) -> tuple[list[str], list[str]]:
    """The heads of the table of models, and its rows; each has as many cells as there are heads."""
    site = sites.built(write(root / "registry", files), root / "site")
    table = (site / "index.html").read_text().partition('id="models"')[2].partition("</table>")[0]
    head, *rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    assert {len(re.findall("<t[hd]", row)) for row in rows} == {len(re.findall("<t[hd]", head))}
    return re.findall(r'<th scope="col"[^>]*>([^<]*)<', head), rows


def test_columns_without_a_value_are_left_out(tmp_path: Path) -> None:
    """Of loose folders that say nothing but their signature; one model with a metric brings its column."""
    heads, _ = catalog(tmp_path / "bare", {"a/MLmodel": SIGNED, "b/MLmodel": SIGNED})
    assert heads == ["Name", "Flavor", "Latest", "Signature"]
    metrics = json.dumps({"auc": 0.5})
    heads, rows = catalog(tmp_path / "more", layout("m", "1", metrics_json=metrics) | {"a/MLmodel": SIGNED})
    assert heads == ["Name", "Flavor", "Latest", "Main metric", "Signature"]
    heads, rows = catalog(
        tmp_path / "much",
        layout("m", "1") | layout("m", "2", metrics_json=metrics) | {"m/model.yaml": "aliases: {a: 1}"},
    )
    assert heads == ["Name", "Flavor", "Latest", "Aliases", "Main metric", "Latest change", "Signature"]
    assert "auc" in rows[0]


def test_what_is_cut_is_told_on_hover(tmp_path: Path) -> None:
    """Names stand there whole; a long metric, a long run and the description have a title."""
    key, text = "m" * 30, "It says " + "much " * 20
    name = "deep/" * 8 + "model"
    files = layout("m", "1", metrics_json=json.dumps({key: 1})) | {"m/model.yaml": json.dumps({"description": text})}
    _, rows = catalog(tmp_path, files | {f"{name}/MLmodel": SIGNED})
    assert f">{name}</a>" in rows[1]
    assert f'title="{key}">{"m" * 24}…' in rows[0]
    assert f'title="{text.strip()}">' in rows[0]


def test_only_what_tells_models_apart_is_shown(tmp_path: Path) -> None:
    """The store where there are several; how many versions were logged where there is more than one."""
    both = experiment("1", "e") | run("1", "1a" * 16) | run("1", "2b" * 16)
    other = experiment("1", "f", "old") | run("1", "3c" * 16, store="old")
    _, rows = catalog(tmp_path / "one", both)
    assert "of 2 logged" in rows[0]
    assert ">mlruns" not in rows[0]
    _, rows = catalog(tmp_path / "two", both | other)
    assert [re.findall(r'<span class="soft">\s*(\w+)</span></div>', row) for row in rows] == [["mlruns"], ["old"]]
    assert "logged" not in rows[1]

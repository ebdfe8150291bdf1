"""The catalog: its table has the columns that hold something, and names that can be read."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.support import sites
from tests.support.registries import COLUMNS, ONE, SIGNED, Files, experiment, layout, mlmodel, registered, run, write


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
    assert heads == ["Name", "Latest version", "Signature", "Flavor"]
    metrics = json.dumps({"auc": 0.5})
    heads, rows = catalog(tmp_path / "more", layout("m", "1", metrics_json=metrics) | {"a/MLmodel": SIGNED})
    assert heads == ["Name", "Latest version", "Main metric", "Signature", "Flavor"]
    heads, rows = catalog(
        tmp_path / "much",
        layout("m", "1") | layout("m", "2", metrics_json=metrics) | {"m/model.yaml": "aliases: {a: 1}"},
    )
    assert heads == [
        "Name",
        "Latest version",
        "Compatibility",
        "Aliases",
        "Main metric",
        "Signature",
        "Flavor",
    ]
    assert "auc" in rows[0]


def test_what_is_cut_is_told_on_hover(tmp_path: Path) -> None:
    """Styles cut what is too long for its cell: a name, a metric and a description have a title with all of it."""
    key, text = "m" * 30, "It says " + "much " * 20
    name = "deep/" * 8 + "model"
    files = layout("m", "1", metrics_json=json.dumps({key: 1})) | {"m/model.yaml": json.dumps({"description": text})}
    _, rows = catalog(tmp_path, files | {f"{name}/MLmodel": SIGNED})
    assert f'title="{name}">{name}</a>' in rows[1]
    assert f'title="{key}">{key} ' in rows[0]
    assert f'title="{text.strip()}">' in rows[0]


def test_only_what_tells_models_apart_is_shown(tmp_path: Path) -> None:
    """The store where there are several; the number of versions where there is more than one."""
    both = experiment("1", "e") | run("1", "1a" * 16) | run("1", "2b" * 16)
    other = experiment("1", "f", "old") | run("1", "3c" * 16, store="old")
    _, rows = catalog(tmp_path / "one", both)
    assert "of 2 logged" in rows[0]
    assert "in mlruns" not in rows[0]
    _, rows = catalog(tmp_path / "two", both | other)
    assert [re.findall(r">in (\w+)<", row) for row in rows] == [["mlruns"], ["old"]]
    assert "logged" not in rows[1]


def test_models_of_one_name_show_their_store(tmp_path: Path) -> None:
    """Also those with a description, and also where they stand on different pages of the catalog."""
    files = registered("m", {}, store="a") | registered("m", {}, store="b", description="What it is")
    _, rows = catalog(tmp_path, files)
    assert [re.findall(r'<b class="in">in ([^<]*)</b>', row) for row in rows] == [["a"], ["b"]]


PROBLEMS: dict[str, tuple[Files, list[str]]] = {
    "error": ({"m/1/metrics.json": "["}, ["✕ 1 error"]),
    "warning": ({"m/1/requirements.txt": "=="}, ["! 1 warning"]),
    "note": ({"m/1/MLmodel": mlmodel()}, ["1 note"]),
    "warnings and notes": ({"m/1/requirements.txt": "==\n==", "m/1/MLmodel": mlmodel()}, ["! 2 warnings", "1 note"]),
    "all": (
        {"m/1/metrics.json": "[", "m/1/requirements.txt": "==", "m/1/MLmodel": mlmodel()},
        ["✕ 1 error", "1 warning, 1 note"],
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_problems_are_counted_by_severity(tmp_path: Path, case: str) -> None:
    """The worst ones first, each with its word."""
    files, texts = PROBLEMS[case]
    _, rows = catalog(tmp_path, {"m/1/MLmodel": SIGNED} | files)
    cell = rows[0].partition('<td class="c-problems">')[2].partition("</td>")[0]
    assert re.findall(">([^<>]+)<", cell) == texts


def cell(row: str, column: str) -> str:
    """The text of a cell."""
    html = row.partition(f'class="c-{column}"')[2].partition(">")[2].partition("</td>")[0]
    return " ".join(re.sub("<[^>]*>", " ", html).split())


TASK = {"task": "agent/v1/responses"}
SIGNATURES: dict[str, tuple[str, str, str]] = {
    "a table": (SIGNED, "2 → 1 columns", "pyfunc"),
    "none": (mlmodel(), "none", "pyfunc"),
    "an agent": (mlmodel(COLUMNS, ONE, metadata=TASK), "messages agent", "pyfunc"),
    "an agent without signature": (mlmodel(metadata=TASK), "messages agent", "pyfunc"),
}


@pytest.mark.parametrize("case", SIGNATURES)
def test_a_row_says_what_the_latest_version_takes(tmp_path: Path, case: str) -> None:
    """Columns, or messages; and python_function by the name that people use."""
    text, signature, flavor = SIGNATURES[case]
    _, rows = catalog(tmp_path, {"m/1/MLmodel": text})
    assert (cell(rows[0], "signature"), cell(rows[0], "flavor")) == (signature, flavor)


def test_a_model_without_versions_has_no_signature_to_miss(tmp_path: Path) -> None:
    _, rows = catalog(tmp_path, registered("m"))
    assert cell(rows[0], "signature") == ""


def test_an_alias_is_a_link_to_its_version(tmp_path: Path) -> None:
    """Of an older version, too."""
    files = layout("m", "1") | layout("m", "2") | {"m/model.yaml": "aliases: {a: 1, b: 1, c: 2}"}
    _, rows = catalog(tmp_path, files)
    links = re.findall(r'class="one"><a href="([^"]*)">(.*?)</a>', rows[0])
    found = [(address, re.findall(">([^<> ]+)<", text)) for address, text in links]
    assert found == [("models/m/2/index.html", ["v2", "c"]), ("models/m/1/index.html", ["v1", "a", "b"])]


def test_a_long_catalog_goes_on_at_pages_for_readers_without_scripts(tmp_path: Path) -> None:
    """Every model has its row, and the pages link to each other."""
    site = sites.built(write(tmp_path / "registry", {f"m{n}/1/MLmodel": SIGNED for n in range(230)}), tmp_path / "site")
    path, seen = "index.html", []
    while path:
        page = (site / path).read_text()
        seen += re.findall(r'href="[./]*models/([^/"]+)/index\.html"', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = os.path.normpath(os.path.join(os.path.dirname(path), following[1])) if following else ""
    assert sorted(seen) == sorted(f"m{n}" for n in range(230))

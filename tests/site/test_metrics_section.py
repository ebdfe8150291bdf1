"""The section of metrics on a version's page: best values, and learning curves."""

import gzip
import json
import math
import re
from pathlib import Path

from tests.support import sites
from tests.support.registries import Files, layout, mlmodel, write

MAX_WEIGHT = 30_000
"""Bytes of a compressed page with 50 columns and 50 metrics."""


def best(page: Path) -> list[str]:
    """The metrics that the page of a version marks as the best of the model."""
    table = page.read_text().partition('id="metrics"')[2].partition("</table>")[0]
    rows = re.findall(r'<tr id="metric-([^"]*)">(.*?)</tr>', table)
    return [key for key, row in rows if 'class="best"' in row]


def test_the_best_value_of_the_model_is_marked(tmp_path: Path) -> None:
    """By the direction of the metric, ties included; what has no direction has no best value."""
    values = ({"rmse": 1, "auc": 0.5, "n": 9}, {"rmse": 2, "auc": 0.9, "n": 1}, {"rmse": 1, "auc": 0.7})
    files: Files = {}
    for number, metrics in enumerate(values, 1):
        files |= layout("m", str(number), metrics_json=json.dumps(metrics))
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    assert [best(site / f"models/m/{number}/index.html") for number in (1, 2, 3)] == [["rmse"], ["auc"], ["rmse"]]


def test_a_new_best_value_takes_the_mark(tmp_path: Path) -> None:
    """From the page of another version, which is built again."""
    files: Files = {}
    for number, value in (("1", 3), ("2", 2), ("3", 4)):
        files |= layout("m", number, metrics_json=json.dumps({"rmse": value}))
    root, site = write(tmp_path / "registry", files), tmp_path / "site"
    sites.update(root, site)
    assert best(site / "models/m/2/index.html") == ["rmse"]
    write(root, layout("m", "4", metrics_json='{"rmse": 1}'))
    sites.update(root, site)
    assert best(site / "models/m/2/index.html") == []
    assert best(site / "models/m/4/index.html") == ["rmse"]
    sites.update(root, tmp_path / "clean")
    assert sites.contents(site) == sites.contents(tmp_path / "clean")


def history(length: int, number: int) -> list[float]:
    """Values that fall and waver."""
    return [math.exp(-step / 400) + math.sin(step * (number + 3)) / 20 for step in range(length)]


def test_each_history_has_a_chart_that_draws_the_path_of_the_table(tmp_path: Path) -> None:
    """Few charts are open, many folded; the small curve leads to its chart."""
    few = {"loss": history(900, 1), "auc": [0.1, 0.2, 0.4], "pair": [1, 2], "once": 1}
    files = layout("few", "1", metrics_json=json.dumps(few))
    files |= layout("many", "1", metrics_json=json.dumps({f"m{number}": history(9, number) for number in range(9)}))
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    pages = {name: (site / f"models/{name}/1/index.html").read_text() for name in ("few", "many")}
    assert re.findall(r'<a href="#curve-metric-(\w+)"><svg', pages["few"]) == ["auc", "loss"]
    assert re.findall(r'<figure id="curve-metric-(\w+)"', pages["few"]) == ["auc", "loss"]
    paths, uses = (
        re.findall(r'<path class="run" id="(\w+)"', pages["few"]),
        re.findall(r'<use href="#(\w+)"', pages["few"]),
    )
    assert paths == uses and len(paths) == 2
    assert "900 values, steps 0 to 899" in pages["few"]
    assert "Show 9 learning curves" in pages["many"] and "Show 2" not in pages["few"]
    assert sites.lost_links(site) == []


def test_a_page_with_many_curves_is_light(tmp_path: Path) -> None:
    columns = [{"type": "double", "name": f"measurement_{number}", "required": True} for number in range(50)]
    metrics = {f"layer{number:02}/val_loss": history(1500, number) for number in range(50)}
    files: Files = {}
    for name in ("1", "2"):
        texts = {"MLmodel": mlmodel(columns, columns[:1]), "metrics_json": json.dumps(metrics)}
        files |= layout("m", name, **texts)
    site = sites.built(write(tmp_path / "registry", files), tmp_path / "site")
    assert len(gzip.compress((site / "models/m/2/index.html").read_bytes(), 9)) <= MAX_WEIGHT

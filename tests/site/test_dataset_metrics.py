"""Values of several datasets: on version pages, on the model's page, in the data of scripts and in comparisons."""

import json
import re
from pathlib import Path

import sitegen as package
from tests.support.sites import sitegen

CASE = Path(__file__).parents[1] / "cases/logged-model-metrics/registry"


def test_scripts_have_a_column_for_each_dataset(tmp_path: Path) -> None:
    """Those of a key with values of one dataset, or of none, have no column beside that of the key."""
    assert sitegen("build", CASE, "--output", tmp_path / "site").code == 0
    (path,) = (tmp_path / "site/models").glob("nets-checkpoint-*/data.js")
    data = json.loads(re.sub(r"^.*?\] = |;\n\Z", "", path.read_text(encoding="utf-8")))
    found = {entry["key"]: (entry["values"], entry.get("datasets"), entry.get("dataset")) for entry in data["metrics"]}
    val, test = "val (1234)", "test set (99)"
    assert found == {
        "acc": ([0.5, 0.9, 0.65], [val, val, test], None),
        "loss": ([4.0, 3.0, 2.0], None, None),
        "toxicity": ([None, None, 0.01], [None, None, test], None),
        f"acc on {val}": ([0.5, 0.9, 0.7], None, val),
        f"acc on {test}": ([None, None, 0.65], None, test),
    }


def test_changes_name_the_dataset() -> None:
    """The comparison of two versions has no change from a value of one dataset to one of another."""
    registry = package.read(str(CASE))
    (model,) = (model for model in registry.models if model.name == "nets/checkpoint")
    changes = package.compare(model.versions[1], model.versions[2]).changes
    found = {change.where: (change.old, change.new) for change in changes if change.area == "metrics"}
    assert found == {
        "acc on val (1234)": ("0.9", "0.7"),
        "acc on test set (99)": (None, "0.65"),
        "loss": ("3.0", "2.0"),
        "toxicity on test set (99)": (None, "0.01"),
    }

"""The runs of a model in the index of runs: which versions each logged."""

import json

import pytest

from sitegen.domain.model import Kind, Model, Run, Version
from sitegen.settings.settings import Settings
from sitegen.site.run_index import run_index
from sitegen.site.views.context import model_context
from sitegen.site.views.parts import SiteView

ONE, TWO = Run(id="1a" * 16, name="calm-fox-7"), Run(id="2b" * 16)

CASES: dict[str, tuple[Kind, dict[str, Run | None], list[object]]] = {
    "no run": ("registered", {"1": None, "2": Run(id="")}, []),
    "two versions of a run": (
        "registered",
        {"1": ONE, "2": TWO, "3": ONE},
        [["1a" * 16, ["v1", "v3"]], ["2b" * 16, ["v2"]], ["calm-fox-7", ["v1", "v3"]]],
    ),
    "two runs of a name": (
        "registered",
        {"1": Run(id="8a", name="same"), "2": Run(id="9b", name="same")},
        [["8a", ["v1"]], ["9b", ["v2"]], ["same", ["v1", "v2"]]],
    ),
    "a folder that is not the label": (
        "registered",
        {"A b": Run(id="x", name="x")},
        [["x", [["A b", "a-b-9b5d74d3"]]]],
    ),
    "a logged model, whose label is the name of the run": (
        "logged",
        {"m-1": ONE},
        [["1a" * 16, [["calm-fox-7", "m-1"]]], ["calm-fox-7", [["calm-fox-7", "m-1"]]]],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_run_has_its_versions(case: str) -> None:
    """By its id and by its name."""
    kind, runs, expected = CASES[case]
    versions = tuple(
        Version(name=name, path=None, model_id=name if kind == "logged" else None, run=run)
        for name, run in runs.items()
    )
    model = Model(name="m", kind=kind, versions=versions)
    assert json.loads(run_index(model_context(model, "m", Settings(), SiteView("", "", "", {})))) == expected

"""The API: what it says of a model, a version and its run."""

import json
from typing import Any

import pytest

from sitegen.domain.model import Model, Run, Version
from sitegen.site.json_api import file_parts, model_json, version_json
from sitegen.site.theme import shipped_folder
from tests.support import schemas

START = 1_767_434_400_000
RUN = Run(id="a", name="hen", status="FAILED", start=START, end=None, description="a *note*")

VERSIONS = {
    "all": (
        Version(name="1", run=RUN, updated=START, description="the first"),
        {
            "description": "the first",
            "updated": "2026-01-03T10:00:00Z",
            "run": {"status": "FAILED", "description": "a *note*", "start": "2026-01-03T10:00:00Z", "end": None},
        },
    ),
    "no facts of the run": (
        Version(name="1", run=Run(id="a")),
        {"description": None, "updated": None, "run": dict.fromkeys(("status", "description", "start", "end"))},
    ),
    "no run": (Version(name="1"), {"description": None, "updated": None, "run": None}),
}


def written(model: Model) -> dict[str, Any]:
    """The model as the API has it, by the schema that the site publishes."""
    found: dict[str, Any] = json.loads(model_json(model, "m", map(version_json, model.versions)))
    schemas.check(found, shipped_folder() / "api/model.json")
    return found


@pytest.mark.parametrize(("version", "expected"), VERSIONS.values(), ids=VERSIONS)
def test_a_version_has_its_description_its_run_and_the_time_of_its_last_change(
    version: Version, expected: dict[str, Any]
) -> None:
    [found] = written(Model(name="m", kind="registered", versions=(version,)))["versions"]
    assert {key: found[key] for key in expected} == expected


def test_a_model_has_the_time_of_its_last_change() -> None:
    assert written(Model(name="m", kind="registered", updated=START))["updated"] == "2026-01-03T10:00:00Z"


@pytest.mark.parametrize(
    ("sizes", "most", "head", "parts"),
    [
        ([], 2, 0, [(0, 0)]),
        ([10], 2, 0, [(0, 1)]),
        ([10, 10, 10], 2, 0, [(0, 2), (2, 3)]),
        ([1_500_000, 400_000, 10], 9, 0, [(0, 3)]),
        ([1_500_000, 600_000, 10], 9, 0, [(0, 1), (1, 3)]),
        ([10, 3_000_000, 10], 9, 0, [(0, 1), (1, 2), (2, 3)]),
        ([1_500_000, 400_000, 10], 9, 200_000, [(0, 1), (1, 3)]),
        ([600_000, 300_000, 300_000], 9, 5_000_000, [(0, 2), (2, 3)]),
    ],
)
def test_a_file_of_a_long_list_stays_small(
    sizes: list[int], most: int, head: int, parts: list[tuple[int, int]]
) -> None:
    """A part that is larger by itself has a file of its own; a long head leaves half of a file to the parts."""
    assert list(file_parts(sizes, most, head)) == parts

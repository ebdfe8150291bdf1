"""What keeps MLflow from loading an MLmodel: read block by block, with the same result as read whole."""

import pytest
import yaml

from sitegen.formats.mlmodel_limits import _load, find_load_problems
from tests.support.registries import SIGNED

TEXTS = (
    SIGNED,
    f"{SIGNED}utc_time_created: '2024-01-02 03:04:05'\nrun_id: 0123\nmodel_size_bytes: 1e3\nempty:\n",
    f'{SIGNED}metadata: "a\nb: c"\n',
    f"{SIGNED}metadata: [1,\nb: c]\n",
    f"{SIGNED}flavors: {{}}\n",
    f"# a comment\n{SIGNED}",
    f"---\n{SIGNED}",
    f"a: &x 1\nb: *x\n{SIGNED}",
    f"text: |\n  a\n\n  b: c\n{SIGNED}",
    f"time: 2024-01-02\non: yes\nnone: ~\n{SIGNED}",
    "",
    "a",
    "a: 1",
    "a: 1\nb:\n- c\n-  d\n",
)


@pytest.mark.parametrize("text", TEXTS)
def test_blocks_have_the_values_of_the_whole(text: str) -> None:
    """Whatever the cuts fall into."""
    assert _load(text) == yaml.safe_load(text)
    assert _load(text) == yaml.safe_load(text)


LINES = SIGNED.count("\n")
WRONG = {"a: 2024-13-45\n": 1, "x:\n  y: !foo z\n": 2}


@pytest.mark.parametrize("last", WRONG)
def test_an_error_has_its_place_in_the_whole(last: str) -> None:
    """A block that cannot be read does not count its own lines."""
    (found,) = find_load_problems(SIGNED + last, "MLmodel")
    assert (found.rule, found.line) == ("mlmodel-refused", LINES + WRONG[last])

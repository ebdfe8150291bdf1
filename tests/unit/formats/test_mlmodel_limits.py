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
    """Whatever the cuts fall into; a value that does not matter may be left out."""
    whole = yaml.safe_load(text)
    for _ in range(2):
        found = _load(text)
        if isinstance(whole, dict):
            assert found.keys() == whole.keys()
            found |= {key: whole[key] for key in LEFT_OUT & whole.keys() if found[key] is None}
        assert found == whole


LEFT_OUT = {"model_size_bytes", "run_id", "utc_time_created"}

VALUES = (
    *(
        "a" * 100,
        "a" * 101,
        "m-1f",
        "true",
        "y",
        "0x",
        "0b",
        "0x_",
        "0b_",
        "0o8",
        "08",
        "1_",
        "1__2",
        "1.5",
        "1.",
        "1..2",
    ),
    *("1e3", "1.e", "9" * 18, "9" * 19, "f" * 32, "0" * 32, "1e" + "0" * 30, "2024-01-02", "2024-13-01", "2024-1-2"),
    *(
        "'x: y'",
        "'a # b'",
        "''",
        "'a''b'",
        "'a",
        "a: b",
        "- a",
        "[",
        "*x",
        "!x y",
        "a #b",
        "=",
        "<<",
        "~",
        "@a",
        "%a",
        "a\tb",
    ),
)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("key", ["run_id", "model_size_bytes", "env_vars", "true", "other"])
def test_a_line_that_is_left_out_is_one_that_can_be_read(key: str, value: str) -> None:
    """Others are refused as MLflow's loader refuses them."""
    text = f"{SIGNED}{key}: {value}\n".replace("artifact_path: model\n", "")
    try:
        yaml.safe_load(text)
        refused = False
    except (yaml.YAMLError, ValueError):
        refused = True
    found = find_load_problems(text, "MLmodel")
    assert any("cannot read" in one.message for one in found) == refused


LINES = SIGNED.count("\n")
WRONG = {"a: 2024-13-45\n": 1, "x:\n  y: !foo z\n": 2}


@pytest.mark.parametrize("last", WRONG)
def test_an_error_has_its_place_in_the_whole(last: str) -> None:
    """A block that cannot be read does not count its own lines."""
    (found,) = find_load_problems(SIGNED + last, "MLmodel")
    assert (found.rule, found.line) == ("mlmodel-refused", LINES + WRONG[last])

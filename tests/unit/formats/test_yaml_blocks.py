"""Parsing a YAML mapping in pieces gives what parsing it as a whole gives, and what repeats is parsed once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.yaml import load_yaml
from sitegen.formats.yaml_blocks import load_by_blocks

MLMODEL = """\
artifact_path: model
flavors:
  python_function:
    loader_module: mlflow.sklearn
    python_version: 3.11.7
  sklearn:
    pickled_model: model.pkl
    sklearn_version: 1.4
mlflow_version: 3.1.0
run_id: {run}
signature:
  inputs: '[{{"type": "double", "name":
    "a"}}]'
  outputs: null
utc_time_created: '2026-02-01 10:01:00.000000'
"""

CUT_IN_THE_MIDDLE = (
    'a: "x\nb: y"\nc: 1\n',
    'a: "x\nb:\n  c: 1"\n',
    'a: "x\nb:\n  c: y"\nd: z"\n',
    'a: "x\nb:\n  c: 1"\nd: "y"\n',
    "a: 'x\nb: 'y\n",
    "a: [1\nb: 2]\n",
    "a: {b\nc: 1, d:\n  e}\n",
    "a: |\n  x\nb: >\n y\n\nc: |+\n\n\nd: 1\n",
    "a: |2\n  x\n y\nb: 1\n",
    "a: x\n y\nb: 1\n",
    "a: x # b\n# c: d\ne: f\n",
    "a: &x\n  b: 1\nc: *x\n",
    "a: *x\nb: 1\n",
    "a: 1\nb:\n  c: 1\na: 2\n",
    "a:\n  b: 1\n  b: 2\nc: 1\n",
    "a:\n- 1\n- 2\nb: 1\n",
    "a:\n  - 1\n  - 2\nb:\n",
    "a: 1\rb: 2\nc:\r\n  d: 1\r\n",
    "a:\n  b: 1\rc: 2\n",
    "a:\n  b: 1\x85c: 2\n",
    "a:\n  b: 1\n\xa0c: 2\n",
    "\ufeffa: 1\nb:\n  c: 1\n",
    "%YAML 1.1\n---\na: 1\n",
    "---\na: 1\n...\n",
    "a: 1\n---\nb: 1\n",
    "a: !!python/name:os\nb: !x\n  c: 1\n",
    "a:\n<<:\n  b: 1\n",
    "a:\n  <<: {b: 1}\n  c: 2\n",
    "yes: 1\nno:\n  null: 2\n1: 3\n",
    "a: b: c\nd: 1\n",
    "a:\tb\nc: 1\n",
    "a:1\nb: 2\n",
    "  a: 1\nb: 2\n",
    "\n\na: 1\n\n\nb:\n\n  c: 1\n\n",
    "a: 12345678901234567890\nb: 1\n",
    "a: 1.5\nb: 1e5\nc: 0x1F\nd: null\ne: yes\nf: 1_000\ng: 2026-01-01\nh: 1.5.0\ni: 007\nj: x.-_\n",
    "a: 'b # c: d'\ne: ''\nf: '\"\\n'\ng: 'it''s'\nh: '1'\n",
    'a: "x\nb: \'" # \'\nc: "y"\n',
    "a: 'x\nb: 'y'\nc: z'\n",
    "a: [1\nb: 2\nc: 3]\n",
    f"{'a' * 1100}: 1\nb: 2\n",
    "a: 1",
    "a",
    "a:",
    "",
    "\n",
)


@pytest.mark.parametrize("text", [*CUT_IN_THE_MIDDLE, MLMODEL.format(run="a" * 32)])
def test_pieces_say_what_the_whole_says(text: str) -> None:
    """The value, the order of its keys, and the problems with their places."""
    assert repr(load_by_blocks(text, "f")) == repr(load_yaml(text, "f"))


PIECES = st.sampled_from(
    [
        *("a", "b", "c", "flavors", "1", "yes", "-", "- ", "? ", "<<", "#", "%", "---", "...", "~"),
        *(":", ": ", ":\n", "\n", "\n  ", "\n\n", "\n    ", " ", "\t", "\r", "\r\n", "\x85", "\ufeff"),
        *(
            '"',
            "'",
            "|",
            ">",
            "|+\n",
            "[",
            "]",
            "{",
            "}",
            ",",
            "&x ",
            "*x",
            "!t ",
            "\\",
            "a: 1\n",
            "d: 'x'\n",
            "b:\n  c: d\n",
        ),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_pieces_say_what_the_whole_says(text: str) -> None:
    """Whatever stands before and behind a cut."""
    assert repr(load_by_blocks(text, "f")) == repr(load_yaml(text, "f"))


def test_what_repeats_is_parsed_once() -> None:
    """Flavors are the same object in all versions that have them; ids are each version's own."""
    one, other = (load_by_blocks(MLMODEL.format(run=digit * 32), "f").value for digit in "ab")
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert one["run_id"] != other["run_id"]
    assert one["flavors"] is other["flavors"]


def test_what_is_shared_is_not_changed() -> None:
    """A version of a library that YAML takes for a number is told for every file, and read as it is written."""
    text = MLMODEL.format(run="a" * 32).replace("1.4", "1.40")
    first, second = (parse_mlmodel(text, "MLmodel") for _ in range(2))
    assert first == second
    assert [found.rule for found in first.problems] == ["yaml-number"]
    assert first.value is not None
    assert first.value.flavors[1].keys["sklearn_version"] == "1.40"

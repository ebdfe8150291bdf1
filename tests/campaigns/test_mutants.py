"""The campaign of mutants: the faults that it puts into a source, and which lines of two revisions are the same."""

import random
import subprocess
from pathlib import Path

import pytest

from tests.campaigns.mutants.mutation import apply, mutations
from tests.campaigns.mutants.trees import equal_lines

FAULTS = {
    "a = b == c": {"a = b != c"},
    "a = (b) not in c": {"a = (b) in c"},
    "a = b is c": {"a = b is not c"},
    "a = b < c": {"a = b >= c"},
    "a = b and c": {"a = b or c"},
    "a = (b\n  or c)": {"a = (b\n  and c)"},
    "a = b + c": {"a = b - c"},
    "a = not b": {"a =  b"},
    "a = 1": {"a = 2"},
    "a = True": {"a = False"},
    "a = 'é' == b": {"a = 'é?' == b", "a = 'é' != b"},
    "f(a)": {"pass"},
    "if a:\n  b": {"if (not (a)):\n  b"},
    "def f():\n  return a": {"def f():\n  return None"},
    "def f():\n  return None": set(),
    "def f(a: 'int' = 1) -> 'x':\n  'It says.'": {"def f(a: 'int' = 2) -> 'x':\n  'It says.'"},
    "a = f'{b + 1}'": set(),
}


@pytest.mark.parametrize(("source", "mutants"), FAULTS.items())
def test_every_operator_puts_a_fault_where_it_can_be_noticed(source: str, mutants: set[str]) -> None:
    """Not into annotations, docstrings and the parts of f-strings, whose columns Python does not know."""
    assert {apply(source, fault) for fault in mutations(source)} == mutants


def test_a_fault_can_be_moved_to_another_line() -> None:
    """Where the same lines stand in another file."""
    (fault,) = mutations("a = (b\n  and c)")
    assert apply("x\ny\na = (b\n  and c)", fault.move(3)) == "x\ny\na = (b\n  or c)"


def test_lines_that_a_diff_leaves_alone_are_found(tmp_path: Path) -> None:
    """In a hundred pairs of random files."""
    chance = random.Random(1)
    old, new = tmp_path / "old", tmp_path / "new"
    for _ in range(100):
        lines = [f"{chance.randrange(20)}\n" for _ in range(chance.randrange(30))]
        changed = [line for line in lines if chance.random() < 0.8]
        for _ in range(chance.randrange(4)):
            changed.insert(chance.randrange(len(changed) + 1), f"new {chance.randrange(99)}\n")
        old.write_text("".join(lines))
        new.write_text("".join(changed))
        command = ["git", "diff", "--no-index", "-U0", str(old), str(new)]
        diff = subprocess.run(command, capture_output=True, text=True).stdout
        pairs = equal_lines(diff, len(changed))
        assert all(lines[old_number - 1] == changed[number - 1] for number, old_number in pairs.items())
        removed = diff.count("\n-") - diff.count("\n--- ")
        assert len(pairs) == len(lines) - removed

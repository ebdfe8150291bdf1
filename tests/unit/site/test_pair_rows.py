"""Params, tags and packages beside those of the version to compare with."""

import pytest

from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.model import Pairs
from sitegen.site.views.pair_rows import LONG, pair_table
from sitegen.site.views.parts import MAX_ROWS
from sitegen.site.views.value_tables import environment_table

OWN = (("a", "1"), ("b", "2"), ("c", ""))


def rows(pairs: Pairs, other: Pairs) -> list[tuple[str, str, str, str]]:
    """Key, text, difference and the other text of each row."""
    table = pair_table(pairs, "param", other)
    return [(row.key, row.text, row.difference, row.other) for row in table.rows]


def test_rows_say_how_they_differ() -> None:
    """What only the other version has comes last."""
    other = (("0", "x"), ("a", "1"), ("b", "3"))
    assert rows(OWN, other) == [
        ("a", "1", "same", ""),
        ("b", "2", "changed", "3"),
        ("c", "", "added", ""),
        ("0", "", "removed", "x"),
    ]
    assert pair_table(OWN, "param", other).differing == 3
    assert pair_table(OWN, "param", (*OWN, ("d", ""))).differing == 1


@pytest.mark.parametrize(("others", "differing"), [(None, None), (OWN, 0), ((), None)])
def test_equal_values_need_no_column(others: Pairs | None, differing: int | None) -> None:
    """Neither do those of a version without any."""
    table = pair_table(OWN, "param", others)
    assert table.differing == differing and {row.difference for row in table.rows} == {""}
    assert [row.anchor for row in table.rows] == ["param-a", "param-b", "param-c"]


def test_tables_are_limited() -> None:
    """With the number of rows that only the API has; other texts are cut."""
    many = tuple((f"k{number:04}", "x") for number in range(MAX_ROWS + 10))
    table = pair_table(many, "tag", (("a", "y"), *many[:-1]))
    assert (len(table.rows), table.hidden, table.differing) == (MAX_ROWS, 11, 2)
    [row] = pair_table((("a", "1"),), "tag", (("a", "x" * 500),)).rows
    assert len(row.other) == LONG + 1
    assert pair_table((), "tag", OWN).rows == ()


def test_environments_are_compared_by_package() -> None:
    """A line stands for a version where it says more than one."""
    old = Environment(python="3.10", requirements=(Requirement(name="numpy", text="numpy==1", version="1"),))
    lines = (Requirement(name="numpy", text="numpy==2", version="2"), Requirement(name="six", text="six"))
    marked = Requirement(name="tomli", text="tomli==2; python_version < '3.11'", version="2")
    table = environment_table(Environment(python="3.10", requirements=(*lines, marked)), old)
    assert table.differing == 3
    assert [(row.key, row.text, row.other) for row in table.rows] == [
        ("python", "3.10", ""),
        ("numpy", "2", "1"),
        ("six", "any", ""),
        ("tomli", "tomli==2; python_version < '3.11'", ""),
    ]
    assert environment_table(old, None).differing is None

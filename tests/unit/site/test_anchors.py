"""Ids of rows: stable, without doubles, safe in an address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.site.anchors import anchors

ANCHORS = [
    (["rmse"], ["metric-rmse"]),
    (["train/rmse", "MAE", "f1_macro.v2"], ["metric-train/rmse", "metric-MAE", "metric-f1_macro.v2"]),
    (["P (val)"], ["metric-p-val-b9230f37"]),
    (['"><script>'], ["metric-script-554299e9"]),
    (["größe"], ["metric-gr-e-d353a267"]),
    (["→"], ["metric-16166003"]),
    (["rmse", "rmse", "rmse-2"], ["metric-rmse", "metric-rmse-3", "metric-rmse-2"]),
    (["", "x" * 81], ["metric-e3b0c442", "metric-" + "x" * 40 + "-4d1f7bb8"]),
]


@pytest.mark.parametrize(("names", "expected"), ANCHORS, ids=[" ".join(names)[:20] for names, _ in ANCHORS])
def test_anchors_of_names(names: list[str], expected: list[str]) -> None:
    """Plain names stay as they are, all others become words with a hash."""
    assert anchors("metric", names) == tuple(expected)


@given(st.lists(st.text(max_size=8)))
def test_no_anchor_occurs_twice(names: list[str]) -> None:
    """Whatever the names; none needs an escape, and a name that occurs once has the same id in any company."""
    found = anchors("file", names)
    assert len(set(found)) == len(names)
    assert all(re.fullmatch(r"file-[\w./-]+", anchor, re.ASCII) for anchor in found)

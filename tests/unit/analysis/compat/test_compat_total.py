"""The comparison has a verdict for every pair of signatures that can be read, whatever they state."""

import itertools
import json

from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.compat.compare import compare_signatures
from sitegen.analysis.compat.rules.table import CHANGE_RULES, reason
from sitegen.domain.comparison import worst
from sitegen.formats.signature import parse_signature
from tests.mlflow.oracle.agreement import signature
from tests.mlflow.oracle.pairs import pairs


def test_every_random_pair_has_a_verdict() -> None:
    """Each change has a known rule, and the verdict is the worst of the changes."""
    for pair in itertools.islice(pairs(seed=7), 2000):
        found = compare_signatures(signature(pair.old), signature(pair.new))
        for route in ("python", "rest", "outputs"):
            assert getattr(found.verdict, route) == worst(getattr(one, route) for one in found.changes)
        assert all(one.rule in CHANGE_RULES for one in found.changes)
        if pair.made_by == "equal":
            assert not any(one.severity == "breaking" for one in found.changes)


TYPES = st.recursive(
    st.fixed_dictionaries({"type": st.sampled_from(["long", "string", "tensor", "any", "sparkml_vector", "?", ""])}),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}),
        st.fixed_dictionaries({"type": st.just("map"), "values": inner}),
        st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(st.text(max_size=2), inner, max_size=3)}
        ),
    ),
    max_leaves=5,
)
TENSORS = st.fixed_dictionaries(
    {
        "type": st.just("tensor"),
        "tensor-spec": st.fixed_dictionaries(
            {
                "dtype": st.sampled_from(["float64", "object", "?", "bytes"]),
                "shape": st.lists(st.integers(-2, 3), max_size=3),
            }
        ),
    }
)
NAMED = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["a", "b", ""]),
        "required": st.sampled_from([True, False, None]),
        "default": st.none(),
    },
)
SCHEMAS = st.none() | st.lists(st.builds(lambda kind, facts: {**kind, **facts}, TYPES | TENSORS, NAMED), max_size=4)


@given(st.lists(SCHEMAS, min_size=6, max_size=6))
def test_no_signature_that_can_be_read_makes_the_comparison_fail(parts: list[object]) -> None:
    """Mixed kinds, unknown types, empty names and objects, shapes that mean nothing."""
    texts = [None if part is None else json.dumps(part) for part in parts]
    old, new = (parse_signature(*three)[0] for three in (texts[:3], texts[3:]))
    for one in compare_signatures(old, new).changes:
        assert reason(one)

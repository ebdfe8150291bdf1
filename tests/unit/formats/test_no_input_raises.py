"""No input makes a parser raise: bytes, texts, and real files with parts replaced, doubled and cut out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.domain.rules import RULES
from sitegen.formats.json import load_json
from sitegen.formats.signature import parse_signature
from sitegen.formats.text import decode
from tests.campaigns.fuzz.seeds import TOKENS as PIECES
from tests.campaigns.fuzz.seeds import seeds
from tests.campaigns.fuzz.targets import PARSERS, TARGETS, checked_parse, clean
from tests.support.options import ROOT

SEEDS = {
    name: [path.read_bytes() for path in sorted((ROOT / "sample_registry").rglob(name.rpartition("/")[2]))][:12]
    for name in PARSERS
}
SEEDS["metrics/rmse"] += [b"1700000000000 0.5 0\n1700000000001 nan 1\n"]


TOKENS = st.sampled_from(PIECES)
TEXTS = st.lists(TOKENS | st.text(max_size=8), max_size=30).map("".join)


@pytest.mark.parametrize("name", PARSERS)
@given(text=TEXTS)
def test_no_text_makes_a_parser_raise(name: str, text: str) -> None:
    """Made of the marks that the format has, and of anything."""
    checked_parse(PARSERS[name], text)


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_no_change_of_a_real_file_makes_a_parser_raise(name: str, data: st.DataObject) -> None:
    """Parts cut out, doubled, swapped and replaced."""
    whole = data.draw(st.sampled_from(SEEDS[name])) if SEEDS[name] else b""
    for _ in range(data.draw(st.integers(1, 4))):
        first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
        part = data.draw(st.sampled_from([b"", whole[first:last] * 2]) | TOKENS.map(str.encode) | st.binary(max_size=4))
        whole = whole[:first] + part + whole[last:]
    decoded = decode(whole, name)
    if decoded.value is not None:
        checked_parse(PARSERS[name], decoded.value)


@pytest.mark.parametrize("target", TARGETS)
def test_the_campaign_feeds_what_is_read(target: str) -> None:
    """Every target takes the seeds as they are: else all that is made of them fails, or nothing is tried at all."""
    feed, _ = TARGETS[target]
    for data in seeds(target)[:3]:
        feed(data)
    clean()


BEGINNINGS = st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"version https://git-lfs.github.com/spec/v1"])


@given(st.tuples(BEGINNINGS, st.binary()).map(b"".join))
def test_no_bytes_make_the_decoder_raise(data: bytes) -> None:
    """It gives a text that UTF-8 has, or one problem."""
    loaded = decode(data, "f")
    assert (loaded.value is None) == bool(loaded.problems)
    (loaded.value or "").encode()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(["long", "tensor"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("type", "name", "required", "optional", "items", "values", "properties", "tensor-spec", "dtype"),
                    *("shape", "default", "x"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON_VALUES, min_size=3, max_size=3), st.booleans())
def test_no_value_makes_the_signature_raise(parts: list[object], as_texts: bool) -> None:
    """As JSON texts, and as YAML in their place."""
    given_parts = [json.dumps(part) for part in parts] if as_texts else parts
    signature, findings = parse_signature(*given_parts)  # type: ignore[arg-type]
    assert all(found.rule in RULES for found in findings)
    assert signature.kind in ("columns", "tensors", "mixed", "none")


@given(JSON_VALUES)
def test_json_comes_back_as_it_was_written(value: object) -> None:
    """But for NaN, infinities and large integers, which are texts."""
    text = json.dumps(value)
    loaded = load_json(text, "f")
    assert not loaded.problems
    assert loaded.value == json.loads(text, parse_constant=str, parse_int=_integer)


def _integer(text: str) -> int | str:
    return int(text) if -(2**63) <= int(text) < 2**63 else text

"""What is read back from a state that may come from anybody."""

import sys

import pytest

from sitegen.build.packing import PER_PART, PackedParts, dump, dump_by_value, load, seal, unseal
from sitegen.domain.model import Metric
from sitegen.sources.parse_cache import CachedParse, ParsedValues


def test_what_was_packed_comes_back_under_its_own_name() -> None:
    """A value of the package, and nothing for another name or a changed byte."""
    value = (Metric(key="auc", value=0.5), {"a": [1, None, b"x"]})
    blob = dump(value, "churn")
    assert load(blob, "churn") == value
    assert load(blob, "credit") is None
    assert all(load(blob[:n] + bytes([blob[n] ^ 1]) + blob[n + 1 :], "churn") is None for n in range(len(blob)))
    assert unseal(seal(b"lines", "churn"), "churn") == b"lines"


def test_equal_values_have_equal_bytes() -> None:
    """Whichever of their equal parts are one object."""
    name, text = "auc", b"auc".decode()
    assert name is not text
    one, other = (Metric(key=name, value=0.5), name), (Metric(key=text, value=0.5), name)
    assert dump_by_value(one, "churn") == dump_by_value(other, "churn") != dump_by_value(one, "credit")
    assert load(dump_by_value(one, "churn"), "churn") == one


CALLS = {
    "a function of Python": b"cthis\nd\n.",
    "a module that is imported": b"csitegen.build.state\nimport_module\n(S'this'\ntR.",
    "a function of the package": b"csitegen.cli\nmain\n((S'--version'\nltR.",
    "a module that does something": b"csitegen.__main__\nmain\n.",
    "a class that the package has from elsewhere": b"csitegen.build.state\nPath\n(S'/'\ntR.",
    "an attribute of an attribute": b"\x80\x04\x8c\x13sitegen.build.state\x8c\x0bPath.unlink\x93.",
}


@pytest.mark.parametrize("data", CALLS.values(), ids=CALLS)
def test_nothing_but_values_of_the_package_is_built(data: bytes) -> None:
    """Nothing is called, nothing is imported: the blob reads as unknown."""
    assert load(seal(data, "churn"), "churn") is None
    assert "this" not in sys.modules


def remembered(count: int) -> ParsedValues:
    """Values of so many bundles."""
    return {f"folder m/{n}": CachedParse(b"stamp", b"digest", Metric(key="auc", value=n)) for n in range(count)}


def test_what_was_parsed_is_packed_again_only_where_it_changed() -> None:
    """Its part, that is; a version more is a part of its own, until others join it."""
    before = PackedParts((), "m").repack(remembered(3 * PER_PART))
    assert len(before) == 3
    known = PackedParts(before, "m")
    values = known.values()
    assert values == remembered(3 * PER_PART)
    assert known.repack(values) == before
    name = f"folder m/{PER_PART}"
    changed = {**values, name: values[name]._replace(digest=b"other"), "folder m/new": values[name]}
    after = known.repack(changed)
    assert [part in after for part in before] == [True, False, True]
    assert PackedParts(after, "m").values() == changed
    assert len(after) == 4
    known = PackedParts(after, "m")
    fewer = {key: value for key, value in known.values().items() if key != name}
    assert PackedParts(known.repack(fewer), "m").values() == fewer


def test_a_version_more_at_a_time_does_not_end_in_a_part_for_each() -> None:
    """Small parts are packed together; what is no more known is forgotten."""
    parts: tuple[bytes, ...] = ()
    for count in range(1, 3 * PER_PART):
        known = PackedParts(parts, "m")
        parts = known.repack(remembered(count) | known.values())
    assert len(parts) <= 6
    assert PackedParts(PackedParts(parts, "m").repack({}), "m").values() == {}


def test_a_part_that_is_damaged_is_unknown() -> None:
    """The others are not."""
    first, second = PackedParts((), "m").repack(remembered(2 * PER_PART))
    assert len(PackedParts((first[:-1], second), "m").values()) == PER_PART
    assert PackedParts((first, second), "other").values() == {}

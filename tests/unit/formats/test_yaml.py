"""YAML and JSON texts: what scalars mean, where reading stops, and what is noticed on the way."""

import json
import math

import pytest
import yaml

from sitegen.formats.json import load_json
from sitegen.formats.yaml import Positions, load_yaml

SCALARS = (
    *(
        "1",
        "-1",
        "+1",
        "0",
        "007",
        "0x1F",
        "0b101",
        "1_000",
        "190:20:30",
        "9223372036854775807",
        "-9223372036854775808",
    ),
    *(
        "1.5",
        "-1.5",
        "1.10",
        "1.",
        ".5",
        "1e5",
        "1e-5",
        "1.0e-5",
        "1.5e+3",
        "6.02E+23",
        "190:20:30.15",
        "1_0.5",
        "-0.0",
    ),
    *("true", "True", "TRUE", "yes", "No", "on", "OFF", "y", "n", "false"),
    *("null", "Null", "~", ""),
    *("text", "1.2.3", "0o17", "0x", "1e", "..", "v1.10", "None", "nan", "inf", "2.22.5", "é", "1,5"),
)


@pytest.mark.parametrize("text", SCALARS)
def test_a_plain_scalar_means_what_it_means_to_pyyaml(text: str) -> None:
    """The type counts too: 1, 1.0 and true are three things."""
    assert repr(load_yaml(f"a: {text}", "f").value) == repr(yaml.safe_load(f"a: {text}"))


DIFFERENT = {
    "2026-01-03": "2026-01-03",
    "2026-01-03 10:00:00": "2026-01-03 10:00:00",
    "2026-13-45": "2026-13-45",
    ".nan": "NaN",
    ".NaN": "NaN",
    ".inf": "Infinity",
    "+.INF": "Infinity",
    "-.inf": "-Infinity",
    "1.0e+999": "Infinity",
    "9223372036854775808": "9223372036854775808",
    "-9223372036854775809": "-9223372036854775809",
    "0xFFFFFFFFFFFFFFFFFF": "0xFFFFFFFFFFFFFFFFFF",
    "9" * 5000: "9" * 5000,
    "=": "=",
}


@pytest.mark.parametrize(("text", "value"), DIFFERENT.items(), ids=[text[:30] for text in DIFFERENT])
def test_what_strict_json_has_not_stays_a_text(text: str, value: str) -> None:
    """Times, NaN, infinities, and integers of more than 64 bits."""
    assert load_yaml(f"a: {text}", "f").value == {"a": value}


VERBATIM = {
    "a: 1.10": {"a": "1.10"},
    "a: 1e-5": {"a": "1e-5"},
    "a: 007": {"a": "007"},
    "a: yes": {"a": "yes"},
    "a: null": {"a": None},
    "a: ''": {"a": ""},
    "a: .nan": {"a": ".nan"},
    "a: 2026-01-03": {"a": "2026-01-03"},
    "a: [1.10, {b: 0x1F}]": {"a": ["1.10", {"b": "0x1F"}]},
    "a: 12345678901234567890123456789012": {"a": "12345678901234567890123456789012"},
}


@pytest.mark.parametrize(("text", "value"), VERBATIM.items())
def test_verbatim_keeps_scalars_as_they_are_written(text: str, value: object) -> None:
    """An id of digits stays an id, a version stays a version."""
    loaded = load_yaml(text, "f", verbatim=True)
    assert loaded.value == value
    assert not loaded.problems


STRUCTURES = {
    "": None,
    "# only a comment": None,
    "---\n": None,
    "a": "a",
    "- 1\n- [2, {b: 3}]": [1, [2, {"b": 3}]],
    "{1: a, true: b, 1.5: c, null: d, 2026-01-03: e}": {
        "1": "a",
        "true": "b",
        "1.5": "c",
        "null": "d",
        "2026-01-03": "e",
    },
    "a: &x {k: 1}\nb: *x": {"a": {"k": 1}, "b": {"k": 1}},
    "a: &x 1\n*x : 2": {"a": 1, "1": 2},
    "base: &b {k: 1, l: 2}\nown: {<<: *b, l: 3}": {"base": {"k": 1, "l": 2}, "own": {"k": 1, "l": 3}},
    "own: {<<: [{k: 1}, {k: 2, l: 2}], m: 3}": {"own": {"k": 1, "l": 2, "m": 3}},
    "a: |\n  one\n  two\n": {"a": "one\ntwo\n"},
    "a: >\n  one\n  two\n": {"a": "one two\n"},
    'a: "\\u00e9\\n"': {"a": "é\n"},
}


@pytest.mark.parametrize(("text", "value"), STRUCTURES.items())
def test_structures(text: str, value: object) -> None:
    """Keys are always texts; merge keys bring in what the mapping has not itself."""
    loaded = load_yaml(text, "f")
    assert loaded.value == value
    assert not loaded.problems


TAGS = {"!!str 5": "5", "!!int '5'": 5, "!!float '1.5'": 1.5, "!!bool 'yes'": True, "! 5": 5}


@pytest.mark.parametrize(("text", "value"), TAGS.items())
def test_the_tags_of_yaml_itself_are_read(text: str, value: object) -> None:
    """They say which type a scalar has; a bare mark says nothing, to PyYAML."""
    loaded = load_yaml(f"a: {text}", "f")
    assert repr(loaded.value) == repr({"a": value})
    assert not loaded.problems


def nested(depth: int) -> str:
    """Lists in lists."""
    return "[" * depth + "]" * depth


NOTICED = {
    "a: !!python/object/apply:os.system [ls]": ("yaml-tag", 1, 4, {"a": ["ls"]}),
    "a: !mine {b: 1}": ("yaml-tag", 1, 4, {"a": {"b": 1}}),
    "!!binary a: 1": ("yaml-tag", 1, 1, {"a": 1}),
    "a: 1\nb: 2\na: 3": ("yaml-duplicate-key", 3, 1, {"a": 3, "b": 2}),
    "a: 12345678901234567890": ("yaml-number", 1, 4, {"a": "12345678901234567890"}),
}


@pytest.mark.parametrize("text", NOTICED)
def test_what_is_odd_is_noticed_at_its_place(text: str) -> None:
    """And read as well as it can be; nothing is built."""
    rule, line, column, value = NOTICED[text]
    loaded = load_yaml(text, "f")
    assert loaded.value == value
    assert [(found.rule, found.line, found.column) for found in loaded.problems] == [(rule, line, column)]


REFUSED = {
    "a: [1": "yaml-syntax",
    "a: b: c": "yaml-syntax",
    "\tb": "yaml-syntax",
    "a: %x": "yaml-syntax",
    "a: 'x": "yaml-syntax",
    "a: \x01": "yaml-syntax",
    'a: "\\ud800"': "yaml-syntax",
    "a: 1\n---\nb: 2": "yaml-syntax",
    "[1, 2]: x": "yaml-syntax",
    "{a: 1}: x": "yaml-syntax",
    "%YAML 3.0\n---\na: 1": "yaml-syntax",
    "a: *nobody": "yaml-limit",
    "&a [*a]": "yaml-limit",
    "a: &x {b: *x}": "yaml-limit",
    nested(65): "yaml-limit",
    nested(30_000): "yaml-limit",
    "{a: " * 30_000: "yaml-limit",
    "a: &a " + nested(40) + "\nb: " + "[" * 40 + "*a" + "]" * 40: "yaml-limit",
    "[" + "1," * 200_001 + "]": "yaml-limit",
    "a: &a [" + "1," * 1000 + "]\nb: [" + "*a," * 300 + "]": "yaml-limit",
    "&a [1,1,1,1,1,1,1,1]\n": None,
    "\n".join(["l0: &l0 [1]", *(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))]): "yaml-limit",
}


@pytest.mark.parametrize(("text", "rule"), REFUSED.items(), ids=[text[:24] for text in REFUSED])
def test_what_cannot_or_must_not_be_read_is_one_problem(text: str, rule: str | None) -> None:
    """Broken texts, and those that would nest or multiply beyond reason."""
    loaded = load_yaml(text, "f")
    assert [found.rule for found in loaded.problems] == ([rule] if rule else [])
    assert (loaded.value is None) == (rule is not None)


DEEP = {
    "on one line": ("a: " + "[" * 3000, 1, 67),
    "that ends": ("a: " + "[" * 3000 + "]" * 3000, 1, 67),
    "of mappings": ("{a: " * 3000, 1, 257),
    "over many lines": ("a:\n" + " [\n" * 3000, 65, 2),
    "after letters of several bytes": ("ä: é\nb: " + "[" * 3000, 2, 67),
    "after lines of Windows": ("x: 1\r\ny: 2\r\nb: " + "[" * 3000, 3, 67),
    "of dashes": ("- " * 3000 + "x", 1, 129),
    "of keys": ("".join(" " * depth + "a:\n" for depth in range(3000)), 65, 65),
}


@pytest.mark.parametrize(("text", "line", "column"), DEEP.values(), ids=DEEP)
def test_deep_nesting_breaks_the_limit_in_all_versions_of_the_parser(text: str, line: int, column: int) -> None:
    """Versions of PyYAML differ in what they refuse themselves: rule and place stay the same."""
    (found,) = load_yaml(text, "f").problems
    assert (found.rule, found.line, found.column) == ("yaml-limit", line, column)


def test_a_broken_text_below_the_limit_is_an_error_of_syntax() -> None:
    """What stands behind the error breaks no limit: nobody reads it."""
    for text in (nested(60)[:-1], "a: %x\nb: " + nested(100)):
        assert [found.rule for found in load_yaml(text, "f").problems] == ["yaml-syntax"]


def test_aliases_do_not_nest_deeper_than_the_limit() -> None:
    """Each list is shallow as written, but holds the one before."""
    lists = ["l0: &l0 [1]", *(f"l{n}: &l{n} [*l{n - 1}]" for n in range(1, 500))]
    loaded = load_yaml("\n".join(lists), "f")
    assert [found.rule for found in loaded.problems] == ["yaml-limit"]


def test_a_base_60_number_of_many_parts_takes_no_time() -> None:
    """Minutes where its digits were counted up, before it was seen that 64 bits do not hold it."""
    text = "1" + ":59" * 1_000_000
    assert load_yaml(f"a: {text}", "f").value == {"a": text}
    assert load_yaml(f"a: 1{':0' * 10}", "f").value == {"a": 60**10}


def test_notes_are_few() -> None:
    """A file of nothing but duplicates does not bury the other problems."""
    assert len(load_yaml("a: 1\n" * 1000, "f").problems) <= 21
    assert len(load_json("[" + ",".join(['{"a": 1, "a": 2}'] * 1000) + "]", "f").problems) <= 21


POSITIONS = {
    ("a", "b"): (2, 6),
    ("c",): (3, 4),
    ("d", "e"): (4, 14),
    ("missing",): (None, None),
    ("c", "below"): (None, None),
}


@pytest.mark.parametrize(("keys", "place"), POSITIONS.items())
def test_the_position_of_a_value(keys: tuple[str, ...], place: tuple[int | None, int | None]) -> None:
    """Line and column count from 1."""
    assert Positions("a:\n  b: 1\nc: 2\nd: {f: 1, e: x}\n").of(*keys) == place


@pytest.mark.parametrize("text", ["a: &x 1\nb: &x 2\nc: 3", "a: &x {k: 1}\nb: &x {k: 2}\nc: {<<: *x}"])
def test_an_anchor_may_be_used_again(text: str) -> None:
    """YAML allows it; PyYAML's composer, which knows places, does not."""
    assert load_yaml(text, "f").problems == ()
    assert Positions(text).of("c") == (None, None)


# --- JSON ------------------------------------------------------------------------------------------------------

JSON = {
    '{"a": [1, 2.5, null, true, "x"]}': {"a": [1, 2.5, None, True, "x"]},
    "[NaN, Infinity, -Infinity]": ["NaN", "Infinity", "-Infinity"],
    "[1e999, -1e999]": ["Infinity", "-Infinity"],
    "[9223372036854775807, 9223372036854775808]": [9223372036854775807, "9223372036854775808"],
    "[" + "9" * 5000 + "]": ["9" * 5000],
    '"\\ud800"': "\ud800",
}


@pytest.mark.parametrize(("text", "value"), JSON.items(), ids=[text[:24] for text in JSON])
def test_json_values(text: str, value: object) -> None:
    """What strict JSON has not, but Python writes, is a text."""
    loaded = load_json(text, "f")
    assert repr(loaded.value) == repr(value)
    assert not loaded.problems


def test_verbatim_json_keeps_numbers_as_they_are_written() -> None:
    """Digits are not lost."""
    assert load_json("[1.10, 1e-5, 12345678901234567890123]", "f", verbatim=True).value == [
        "1.10",
        "1e-5",
        "12345678901234567890123",
    ]


BROKEN_JSON = {
    "": (1, 1),
    "[1,\n 2,": (2, 4),
    '{"a": 1,}': (1, 9),
    "{'a': 1}": (1, 2),
    "[01]": (1, 3),
    '["\x01"]': (1, 3),
    nested(65): (None, None),
    nested(100_000): (None, None),
}


@pytest.mark.parametrize(("text", "place"), BROKEN_JSON.items(), ids=[text[:12] for text in BROKEN_JSON])
def test_broken_json_is_one_problem_at_its_place(text: str, place: tuple[int | None, int | None]) -> None:
    """Nesting beyond the limit included."""
    loaded = load_json(text, "f")
    assert loaded.value is None
    assert [(found.rule, found.line, found.column) for found in loaded.problems] == [("json-syntax", *place)]


def test_json_nests_to_the_limit() -> None:
    """Brackets in texts are no nesting."""
    assert load_json(nested(64), "f").value is not None
    assert load_json(json.dumps(["[" * 500]), "f").value == ["[" * 500]


def test_a_key_twice_is_noticed() -> None:
    """The last one counts, and finding it out takes no longer than reading."""
    loaded = load_json('{"a": 1, "b": 2, "a": 3}', "f")
    assert loaded.value == {"a": 3, "b": 2}
    assert [found.rule for found in loaded.problems] == ["json-duplicate-key"]
    many = "{" + ",".join(f'"k{number}": 1' for number in range(300_000)) + ', "k1": 2}'
    assert len(load_json(many, "f").problems) == 1


def test_finite_numbers_stay_numbers() -> None:
    """The largest and the smallest."""
    values = load_json("[1.7976931348623157e308, 5e-324]", "f").value
    assert isinstance(values, list)
    assert all(isinstance(value, float) and math.isfinite(value) for value in values)

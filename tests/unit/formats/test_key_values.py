"""Params and tags: every form of file, and texts exactly as they are written."""

import json

import pytest

from sitegen.domain.diagnostic import count_problems
from sitegen.domain.facts import CardFacts
from sitegen.formats.key_values import parse_pairs
from sitegen.formats.model_yaml import NO_SIDECAR, Sidecar, parse_sidecar

FORMS: dict[str, tuple[str, str, dict[str, str]]] = {
    "texts": (".json", '{"b": "x", "a": "y"}', {"a": "y", "b": "x"}),
    "numbers as written": (
        ".json",
        '{"lr": 1e-5, "n": 1.10, "big": 123456789012345678901}',
        {"big": "123456789012345678901", "lr": "1e-5", "n": "1.10"},
    ),
    "other values": (
        ".json",
        '{"t": true, "z": null, "l": [1, "a"], "m": {}}',
        {"l": '[1, "a"]', "m": "{}", "t": "true", "z": "null"},
    ),
    "mappings inside": (".json", '{"a": {"b": {"c": 1}, "d": 2}}', {"a/b/c": "1", "a/d": "2"}),
    "a list of keys and values": (
        ".json",
        '[{"key": "a", "value": 1}, {"key": "b", "value": "x"}, 5, {"value": 2}]',
        {"a": "1", "b": "x"},
    ),
    "YAML": (
        ".yaml",
        "lr: 1e-5\nv: 1.10\non: yes\nempty: ''\nnone:\n",
        {"empty": "", "lr": "1e-5", "none": "null", "on": "yes", "v": "1.10"},
    ),
    "lists": (
        ".json",
        '{"layers": [64, 0.10], "in": {"l": [[1], "1"]}}',
        {"in/l": '[[1], "1"]', "layers": "[64, 0.1]"},
    ),
    "lists in YAML": (".yaml", "layers:\n- 64\n- 32\nlr: 1.10", {"layers": "[64, 32]", "lr": "1.10"}),
    "lists by key": (".json", '[{"key": "layers", "value": [64, 32]}]', {"layers": "[64, 32]"}),
    "YAML as .yml": (".yml", "a: 1", {"a": "1"}),
    "CSV with a header": (".csv", "key,value\na,1.10\n", {"a": "1.10"}),
    "CSV without one": (".csv", "a,1.10\nb, x\n", {"a": "1.10", "b": " x"}),
    "CSV with quotes": (".csv", 'key,value\n"a,b","say ""hi"""\n', {"a,b": 'say "hi"'}),
    "a value with a line break": (".json", '{"a": "one\\ntwo"}', {"a": "one\ntwo"}),
    "hostile keys": (
        ".json",
        '{"<script>": "\\"\'", "\\u202e": "x", "": "y"}',
        {"": "y", "<script>": "\"'", "\u202e": "x"},
    ),
    "nothing": (".json", "{}", {}),
    "an empty YAML file": (".yaml", "", {}),
    "CSV of several lines": (
        ".csv",
        'key,value\r\nnote,"two\nlines"\r\nb,\u2028\r\n',
        {"b": "\u2028", "note": "two\nlines"},
    ),
    "an empty CSV file": (".csv", "", {}),
}


@pytest.mark.parametrize(("suffix", "text", "pairs"), FORMS.values(), ids=FORMS)
def test_forms_of_files(suffix: str, text: str, pairs: dict[str, str]) -> None:
    """Sorted by key."""
    loaded = parse_pairs(text, f"params{suffix}")
    assert loaded.value == tuple(pairs.items())
    assert not loaded.problems


BROKEN: dict[str, tuple[str, str, str]] = {
    "broken JSON": (".json", "{", "json-syntax"),
    "broken YAML": (".yaml", "a: [", "yaml-syntax"),
    "a text": (".json", '"a"', "pairs-shape"),
    "a number": (".yaml", "5", "pairs-shape"),
    "a row without a value": (".csv", "key,value\na\n", "pairs-shape"),
    "a field too long": (".csv", 'a,"' + "x" * 200_000, "pairs-shape"),
}


@pytest.mark.parametrize(("suffix", "text", "rule"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_problem(suffix: str, text: str, rule: str) -> None:
    """And has no pairs."""
    loaded = parse_pairs(text, f"params{suffix}")
    assert loaded.value == ()
    assert [found.rule for found in loaded.problems] == [rule]


def test_model_yaml_says_what_people_know() -> None:
    """Texts stay as written; `license` is `licence`, too."""
    text = """
description: Predicts churn.
owner: stores
license: MIT
stage: Staging
run_name: calm-owl-7
experiment: churn
created: 2026-01-03
tags: {quarter: Q1, version: 1.10, none: null}
aliases: {champion: 3}
"""
    loaded = parse_sidecar(text, "model.yaml")
    assert not loaded.problems
    assert loaded.value == Sidecar(
        description="Predicts churn.",
        facts=CardFacts(owner="stores", licence="MIT"),
        stage="Staging",
        run_name="calm-owl-7",
        experiment="churn",
        created=1767398400000,
        tags=(("quarter", "Q1"), ("version", "1.10")),
        aliases=(("champion", "3"),),
    )


def test_the_aliases_of_a_version_are_a_list() -> None:
    """Their version is its own."""
    assert parse_sidecar("aliases: [b, a]", "model.yaml").value.aliases == (("a", ""), ("b", ""))


ODD_SIDECARS = {
    "descripton: x": "the field 'descripton' is not known",
    "description: [x]": "description is not a text",
    "created: soon": "created 'soon' is no date",
    "tags: 5": "tags has the wrong form",
    "aliases: x": "aliases has the wrong form",
    "- a": "the file holds no fields",
    "text": "the file holds no fields",
}


@pytest.mark.parametrize(("text", "message"), ODD_SIDECARS.items())
def test_a_field_that_is_not_understood_is_a_problem(text: str, message: str) -> None:
    """It would silently do nothing otherwise."""
    loaded = parse_sidecar(text, "model.yaml")
    assert loaded.value == NO_SIDECAR
    assert [(found.rule, found.message) for found in loaded.problems] == [("sidecar-field", message)]


def test_thousands_of_unknown_fields_take_no_time() -> None:
    """A few of them are told."""
    text = "".join(f"x{number}: 1\n" for number in range(20_000))
    assert count_problems(parse_sidecar(text, "model.yaml").problems) == 20_000
    assert len(parse_sidecar(text, "model.yaml").problems) == 21


def test_a_field_has_its_place_under_its_other_name() -> None:
    """Both ways to spell a licence are known."""
    [found] = parse_sidecar("owner: x\nlicense: [MIT]\n", "model.yaml").problems
    assert (found.message, found.place) == ("license is not a text", "model.yaml:2:10")


LONG = "k" * 250


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_keys_are_joined_as_far_as_mlflow_takes_them(suffix: str) -> None:
    """The value below is kept as one text: a long key before each of many would fill the memory."""
    text = json.dumps({"a": {"b": {"c": 1}}, LONG[1:]: {"c": "x"}, LONG: {"c": "x", "d": "y"}})
    assert parse_pairs(text, f"params{suffix}").value == (
        ("a/b/c", "1"),
        (f"{LONG[1:]}/c", "x"),
        (LONG, '{"c": "x", "d": "y"}'),
    )
    huge = "? " + "k" * 2**21 + "\n: " + json.dumps({f"k{number}": "x" for number in range(20_000)})
    assert len(parse_pairs(huge, "params.yaml").value) == 1

"""Verdicts by form of call: what MLflow answers in each, and how a change and a report say which forms it concerns."""

import json

import pytest

from sitegen.analysis.compat.compare import compare_signatures
from sitegen.analysis.compat.forms import accepted_forms
from sitegen.analysis.compat.rules.forms import FORM_RULES
from sitegen.cli.report.json import render_comparison as as_json
from sitegen.cli.report.markdown import render_comparison as as_markdown
from sitegen.cli.report.text import render_comparison as as_text
from sitegen.domain.comparison import PYTHON_FORMS, REST_FORMS, Form, worst
from tests.support.shorthand import signature

ACCEPTED = {
    "a: long": "dataframe series dict records dataframe_split dataframe_records inputs instances csv",
    "a: long, b: string": "dataframe dict records dataframe_split dataframe_records inputs instances csv",
    "a: long, b?: string": "dataframe series dict records dataframe_split dataframe_records inputs instances csv",
    "a: long, b: datetime": "dataframe dict records dataframe_split dataframe_records inputs instances",
    "a: long, b: map<long>": "dataframe dict records dataframe_split dataframe_records inputs instances",
    "a: long, b: array<long>": "dataframe dict records dataframe_split dataframe_records inputs",
    "long, long": "dataframe dict records ndarray list dataframe_split dataframe_records inputs instances csv",
    "float, datetime": "dataframe dict records ndarray dataframe_split dataframe_records",
    "float64(-1,2)": "dataframe series ndarray sparse dataframe_split dataframe_records inputs instances",
    "float64(2,2)": "ndarray sparse inputs instances",
    "object(-1,2,2)": "dataframe series ndarray dataframe_split dataframe_records inputs instances",
    "datetime64[D](-1,2)": "ndarray inputs instances",
    "a: float64(-1,2), b: long(-1)": "dict inputs instances",
    "a: float64(-1,2)": "dataframe series dict ndarray dataframe_split dataframe_records inputs instances",
}


@pytest.mark.parametrize(("text", "forms"), ACCEPTED.items())
def test_a_signature_accepts_the_forms_that_mlflow_does(text: str, forms: str) -> None:
    """As tests/mlflow/oracle finds."""
    found = signature(text)
    assert found
    assert set(accepted_forms(found.inputs)) == set(forms.split())


BREAKING = {
    "an optional array added": ("a: double", "a: double, tags?: array<string>", "dict inputs instances csv"),
    "an array opened to any value": ("v: array<double>", "v: any", "dict inputs"),
    "an object became a map": ("m: object{x: double, y: double}", "m: map<double>", "dict inputs"),
    "a number became text": ("a: long", "a: string", "dataframe series dict records inputs instances csv"),
    "a width freed": ("float64(-1,2)", "float64(-1,-1)", "dataframe series dataframe_split dataframe_records"),
    "an array got a name": (
        "float64(-1,2)",
        "x: float64(-1,2)",
        "dataframe series sparse dataframe_split dataframe_records",
    ),
    "the only column lost its name": ("a: datetime", "datetime", "inputs instances"),
    "a whole number opened to any value": ("a: long", "a: any", "csv"),
    "a column removed": ("b: string, x: long", "b: string", "inputs"),
    "an array became columns": (
        "float64(-1,2)",
        "double, double",
        "dataframe series sparse dataframe_split dataframe_records",
    ),
    "a number became narrower": ("a: double", "a: float", "dataframe series dict records"),
}


@pytest.mark.parametrize("name", BREAKING)
def test_forms_break_apart(name: str) -> None:
    """The forms that break, and no others; a kind of caller breaks if one of its forms does."""
    old, new, forms = BREAKING[name]
    found = compare_signatures(signature(old), signature(new))
    assert {form for form, level in found.forms if level == "breaking"} == set(forms.split())
    for callers, level in ((PYTHON_FORMS, found.verdict.python), (REST_FORMS, found.verdict.rest)):
        assert level == worst(one for form, one in found.forms if form in callers)


def test_a_change_names_the_forms_that_it_concerns() -> None:
    """Among those that the old version accepts; none where it concerns them all."""
    found = compare_signatures(signature("a: long, t: string"), signature("a: long, t: string, b?: map<long>"))
    forms: dict[str, tuple[Form, ...]] = {one.rule: one.forms for one in found.changes if one.area == "inputs"}
    assert forms == {"input-added-optional": (), "csv-refused": ("csv",)}
    found = compare_signatures(signature("a: long, d: datetime"), signature("a: long, d: datetime, b?: map<long>"))
    assert [one.rule for one in found.changes if one.area == "inputs"] == ["input-added-optional"]


@pytest.mark.parametrize("rule", FORM_RULES)
def test_rules_about_forms_are_safe_for_callers_that_they_do_not_concern(rule: str) -> None:
    """So that a verdict is never worse than its forms."""
    row = FORM_RULES[rule]
    assert row.forms
    assert (row.python == "safe") == (not set(row.forms) & {*PYTHON_FORMS})
    assert (row.rest == "safe") == (not set(row.forms) & {*REST_FORMS})


def test_reports_say_which_forms_break() -> None:
    """In words, and as JSON by form and by change."""
    found = compare_signatures(signature("a: long -> long"), signature("a: long, t?: array<string> -> long"))
    text = as_text(found)
    assert "Python callers: ✕ breaking (dict: breaking; DataFrame, Series, list of dicts: compatible)" in text
    assert "REST callers:   ✕ breaking (inputs, instances, CSV: breaking; " in text
    assert "(Python breaking, REST breaking; concerns dict, inputs, instances)" in text
    assert "Concerns CSV. |" in as_markdown(found)
    fields = json.loads(as_json(found))
    assert fields["forms"]["dict"] == "breaking"
    assert fields["forms"]["dataframe"] == "safe"
    assert {one["rule"]: one["forms"] for one in fields["changes"]}["dict-rows"] == ["dict", "inputs", "instances"]


def test_an_unknown_signature_has_no_forms() -> None:
    """Nobody knows what its callers send."""
    assert compare_signatures(None, signature("a: long")).forms == ()

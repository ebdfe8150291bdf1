"""Files that are absurd in size or number: problems are counted, pages and API stay small, nothing is left unsaid."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sitegen.domain.diagnostic import MAX_PER_FILE, MAX_PER_RULE, Findings, cap_problems, count_problems, problem
from sitegen.sources.limits import MAX_CHARACTERS, MAX_VALUE_LENGTH, MAX_VALUES
from tests.support import schemas
from tests.support.registries import SIGNED, write
from tests.support.sites import READING, sitegen, warm

COUNT = 30_000
"""Lines of a file that is absurd."""

MOST_BYTES = 1_500_000
"""Bytes of a page or of a file of the API."""

UNSIGNED = "flavors:\n  python_function:\n    loader_module: x\n"


def lines(text: str) -> str:
    """Many lines, each with its number where the text says so."""
    return "".join(text.replace("#", str(number)) for number in range(COUNT))


TWICE = "{" + lines('"a#": 1, ') * 2 + '"z": 1}'
BROKEN = {
    "requirements that are none": ("requirements.txt", lines("=\n"), "requirement-syntax"),
    "requirements without a version": ("requirements.txt", lines("p#\n"), "requirement-loose"),
    "points of a metric": ("metrics/auc", lines("bad line\n"), "metric-value"),
    "words for metrics": ("metrics.json", json.dumps({f"m{n}": "word" for n in range(COUNT)}), "metric-value"),
    "rows of metrics": ("metrics.csv", "key,value\n" + lines("m#,word\n"), "metric-value"),
    "keys that are there twice": ("params.json", TWICE, "json-duplicate-key"),
    "infinite metrics": ("metrics.json", json.dumps({f"m{n}": "inf" for n in range(MAX_VALUES)}), "metric-infinite"),
    "unknown fields": ("model.yaml", lines("f#: 3\n"), "sidecar-field"),
}  # fmt: skip
"""A file, and the rule of which it breaks as many as it has lines."""


def of_model(registry: Path, folder: Path) -> tuple[Any, str]:
    """What the API says of the only model, and the last line of a build; every file of its site is small."""
    done = sitegen("build", registry, "--output", folder / "site", "--cache", warm(folder / "cache"))
    assert done.code == 0
    pages = [*(folder / "site").rglob("*.html"), *(folder / "site/api").rglob("*.json")]
    assert {path.name: path.stat().st_size for path in pages if path.stat().st_size > MOST_BYTES} == {}
    model = json.loads((folder / "site/api/models/wine.json").read_bytes())
    schemas.check(model, folder / "site/api/schema/model.json")
    return model, done.err


@pytest.mark.parametrize("case", BROKEN)
def test_problems_of_a_file_are_listed_up_to_a_number_and_counted(case: str, tmp_path: Path) -> None:
    """In the API, on the pages, and by `check`."""
    path, text, rule = BROKEN[case]
    count = MAX_VALUES if rule == "metric-infinite" else COUNT
    write(tmp_path / "registry", {"wine/1/MLmodel": SIGNED, f"wine/1/{path}": text})
    model, said = of_model(tmp_path / "registry", tmp_path)
    found = [one for one in model["versions"][0]["problems"] if one["rule"] == rule]
    assert len(found) == MAX_PER_FILE + 1
    assert found[-1]["message"] == f"and {count - MAX_PER_FILE:,} more"
    assert sum(one.get("count", 1) for one in found) == count
    others = sum(one.get("count", 1) for one in model["versions"][0]["problems"]) - count
    assert sum(
        int(number.replace(",", "")) for number in re.findall(r"([\d,]+) (?:errors?|warnings?|notes?)", said)
    ) == (count + others)
    page = (tmp_path / "site/models/wine/1/index.html").read_text()
    assert f'<a href="#problems">{count + others}</a>' in page
    checked = sitegen("check", tmp_path / "registry", *READING, "--cache", tmp_path / "cache", "--format", "json")
    listed = [one for one in json.loads(checked.out) if one["rule"] == rule]
    assert sum(one.get("count", 1) for one in listed) == count


def test_problems_of_many_files_are_counted_together(tmp_path: Path) -> None:
    files = {f"wine/1/metrics/m{number}": "bad\n" * 30 for number in range(100)}
    write(tmp_path / "registry", files | {"wine/1/MLmodel": SIGNED})
    model, _ = of_model(tmp_path / "registry", tmp_path)
    found = [one for one in model["versions"][0]["problems"] if one["rule"] == "metric-value"]
    assert len(found) <= 2 * MAX_PER_RULE
    assert sum(one.get("count", 1) for one in found) == 3000


LONG = {
    "packages": ("requirements.txt", lines("p#==1\n"), f"the first {MAX_VALUES:,} of {COUNT:,} packages"),
    "params": ("params.json", json.dumps({f"p{n}": n for n in range(COUNT)}), f"of {COUNT:,} params"),
    "metrics": ("metrics.json", json.dumps({f"p{n}": n for n in range(COUNT)}), f"of {COUNT:,} metrics"),
    "tags": ("tags.csv", lines("t#,v\n"), f"of {COUNT:,} tags"),
    "flavors": ("MLmodel", "flavors:\n" + lines("  f#: {}\n"), f"the first 100 of {COUNT:,} flavors"),
    "a long value": ("tags/t", "x y " * COUNT, f"the first {MAX_VALUE_LENGTH:,} of {4 * COUNT:,} characters of 't'"),
}


@pytest.mark.parametrize("case", LONG)
def test_values_are_listed_up_to_a_number(case: str, tmp_path: Path) -> None:
    path, text, message = LONG[case]
    write(tmp_path / "registry", {"wine/1/MLmodel": UNSIGNED, f"wine/1/{path}": text})
    model, _ = of_model(tmp_path / "registry", tmp_path)
    (found,) = [one for one in model["versions"][0]["problems"] if one["rule"] == "too-many-values"]
    assert message in found["message"]
    assert found["severity"] == "warning"


def test_aliases_and_tags_of_a_model_have_limits_too(tmp_path: Path) -> None:
    text = "aliases:\n" + lines("  a#: '1'\n") + "tags:\n" + lines("  t#: x\n")
    write(tmp_path / "registry", {"wine/1/MLmodel": UNSIGNED, "wine/model.yaml": text})
    model, _ = of_model(tmp_path / "registry", tmp_path)
    assert (len(model["aliases"]), len(model["tags"])) == (MAX_VALUES, MAX_VALUES)
    assert [one["rule"] for one in model["problems"]] == ["too-many-values"] * 2


def test_some_thousands_of_values_stay(tmp_path: Path) -> None:
    """As people log them."""
    params = {f"p{n}": "x" * 200 for n in range(MAX_VALUES)}
    write(tmp_path / "registry", {"wine/1/MLmodel": SIGNED, "wine/1/params.json": json.dumps(params)})
    model, _ = of_model(tmp_path / "registry", tmp_path)
    assert model["versions"][0]["params"] == params
    assert model["versions"][0]["problems"] == []


def test_long_values_in_great_number_are_cut_by_their_size(tmp_path: Path) -> None:
    """A file of 8 MiB can hold a thousand values of a few thousand characters."""
    params = {f"p{n:03}": "x" * 6000 for n in range(999)}
    write(tmp_path / "registry", {"wine/1/MLmodel": SIGNED, "wine/1/params.json": json.dumps(params)})
    done = sitegen("build", tmp_path / "registry", "--output", tmp_path / "site", "--cache", warm(tmp_path / "cache"))
    assert done.code == 0
    model = json.loads((tmp_path / "site/api/models/wine.json").read_bytes())
    assert 600 < len(model["versions"][0]["params"]) < 999
    assert [one["message"] for one in model["versions"][0]["problems"]] == [
        f"only the first {len(model['versions'][0]['params'])} of 999 params are listed, {MAX_CHARACTERS:,} characters"
    ]


def test_a_cap_adds_up_what_it_is_given() -> None:
    """Problems that stand for many are counted as many; a problem that decides about a preview stays."""
    findings = Findings("a")
    for number in range(50):
        findings.add("metric-value", lambda number=number: str(number), number)  # type: ignore[misc]
    once = findings.problems()
    assert [one.message for one in once] == [*map(str, range(20)), "and 30 more"]
    assert count_problems(once) == count_problems(cap_problems(once, "")) == 50
    assert cap_problems(once, "") == cap_problems(cap_problems(once, ""), "") == once
    many = [problem("metric-value", "x", f"f{number % 50}") for number in range(5000)]
    assert len(cap_problems(many, "m")) == MAX_PER_RULE + 1
    assert count_problems(cap_problems(many, "m")) == 5000
    images = [problem("image-size", "x", f"{number}.png") for number in range(500)]
    assert cap_problems(images, "m") == tuple(images)

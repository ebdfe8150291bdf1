"""The formats of `sitegen diff`: the same review for people and programs, valid, bounded and without injection."""

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from markdown_it import MarkdownIt

from sitegen.cli.report import REVIEW_FORMATS
from tests.process.test_diff import CHAMPION, MORE, OPTIONAL, START, accept, diff
from tests.support import sites
from tests.support.registries import Files, layout, write
from tests.support.repositories import commit, repository

GOLDEN = Path(__file__).parent / "golden"
API = Path(__file__).parents[2] / "templates/api"
SITE = ("--site-url", "https://models.example.com/pr-7")
REVIEWS = [name for name in REVIEW_FORMATS if name != "html"]


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782864000")  # 2026-07-01


def scenario(folder: Path) -> Path:
    """A repository whose branch has some of everything."""
    metrics = {"metrics_json": '{"auc": 0.9, "log_loss": 0.3, "rows": 100}', "requirements.txt": "numpy==2.0.0\n"}
    files: Files = CHAMPION | layout("m", "1", **metrics) | layout("m", "2", MLmodel=OPTIONAL, **metrics)
    files |= layout("gone", "1") | layout("old-name", "1", weights="w") | {"loose/MLmodel": MORE}
    files |= {"sitegen.toml": accept(rule="model-removed", model="gone")}
    changes = {"m/model.yaml": "aliases: {champion: 2}\n", "gone": None, "old-name": None, "loose/MLmodel": OPTIONAL}
    changes |= layout("new-name", "1", weights="w") | {"sitegen.toml": "[metrics]\ntolerance = 0.5\n"}
    changes |= layout(
        "m",
        "3",
        MLmodel=MORE,
        metrics_json='{"auc": 0.8, "log_loss": 0.2, "rows": NaN}',
        **{"requirements.txt": "numpy==2.1.0\nscipy==1.17.0\n"},
    )
    return commit(repository(folder, files), changes, "change")


@pytest.mark.parametrize("form", REVIEWS)
def test_a_format_prints_what_it_did(form: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Byte for byte: `--update-cases` rewrites the files in golden/, and their diff is read like code."""
    folder = scenario(tmp_path)
    done = diff(folder, "main", "change", "--format", form, *SITE)
    assert done.code == 1
    path = GOLDEN / f"review.{form}"
    if pytestconfig.getoption("--update-cases"):
        path.write_text(done.out, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == done.out
    assert diff(folder, "main", "change", "--format", form, *SITE).out == done.out


def lines_of(form: str) -> list[str]:
    """The texts that a format shows one after the other."""
    text = (GOLDEN / f"review.{form}").read_text(encoding="utf-8")
    match form:
        case "sarif":
            return [one["message"]["text"] for one in json.loads(text)["runs"][0]["results"]]
        case "gitlab":
            return [one["description"] for one in json.loads(text)]
        case "junit":
            return [one.attrib["name"] for one in ElementTree.fromstring(text).iter("testcase")]
    return text.splitlines()


@pytest.mark.parametrize("form", [name for name in REVIEWS if name != "json"])
def test_every_format_has_the_same_order(form: str) -> None:
    """The verdict that decides, changed settings, moved aliases, versions."""
    lines = lines_of(form)
    marks = (
        "Breaking",
        "metrics.tolerance",
        r"(v1 (→|to) v2|moves to v2)",
        r"v3\b.*(not there|new version)|new version.*v3",
    )
    places = [next(n for n, line in enumerate(lines) if n >= least and re.search(mark, line))
              for least, mark in enumerate(marks)]  # fmt: skip
    assert places == sorted(places)
    assert places[0] <= 1


# --- validity ---------------------------------------------------------------------------------------------------


def test_the_json_follows_its_schema() -> None:
    """The one that sites publish."""
    schema = json.loads((API / "review.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((GOLDEN / "review.json").read_bytes()), schema)


def test_the_list_for_gitlab_has_the_documented_fields() -> None:
    """And fingerprints that tell its entries apart."""
    found = json.loads((GOLDEN / "review.gitlab").read_bytes())
    assert {frozenset(one) for one in found} == {
        frozenset(["description", "check_name", "fingerprint", "severity", "location"])
    }
    assert {one["severity"] for one in found} <= {"info", "minor", "major", "critical", "blocker"}
    assert all(one["location"]["lines"]["begin"] >= 1 for one in found)
    assert not any(one["location"]["path"].startswith(("/", "./", "../")) for one in found)
    assert len({one["fingerprint"] for one in found}) == len(found) > 5


def test_the_report_for_junit_has_the_form_of_its_schema() -> None:
    """Attributes, the order of elements, and counts that are true."""
    root = ElementTree.fromstring((GOLDEN / "review.junit").read_bytes())
    assert root.tag == "testsuites"
    (suite,) = root
    needed = {"package", "id", "name", "timestamp", "hostname", "tests", "failures", "errors", "time"}
    assert suite.attrib.keys() == needed
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
    tags = [one.tag for one in suite]
    tests = suite.findall("testcase")
    assert tags == ["properties", *["testcase"] * len(tests), "system-out", "system-err"]
    assert int(suite.attrib["tests"]) == len(tests) > 5
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure")) > 2
    assert all(one.attrib.keys() == {"name", "classname", "time"} for one in tests)
    assert all(one.attrib.keys() == {"message", "type"} for one in suite.findall("testcase/failure"))


def test_the_log_for_sarif_has_the_form_of_its_schema() -> None:
    """The required properties of version 2.1.0, and what GitHub needs."""
    log = json.loads((GOLDEN / "review.sarif").read_bytes())
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["level"] in ("error", "warning", "note")
        assert one["message"]["text"]
        (place,) = one["locations"]
        assert not place["physicalLocation"]["artifactLocation"]["uri"].startswith("/")
        assert place["physicalLocation"].get("region", {"startLine": 1})["startLine"] >= 1
    prints = [one["partialFingerprints"]["sitegen/v1"] for one in run["results"]]
    assert len(set(prints)) == len(prints)
    assert [one["ruleId"] for one in run["results"] if "suppressions" in one] == ["model-removed"]


def test_commands_for_github_stay_within_what_it_shows(tmp_path: Path) -> None:
    """Ten of a kind; the last one counts the rest."""
    files = {path: text for number in range(30) for path, text in layout(f"m{number}", "1").items()}
    folder = commit(repository(tmp_path, files | START), {f"m{number}": None for number in range(30)}, "change")
    lines = diff(folder, "main", "--format", "github").out.splitlines()
    assert all(re.match("::(error|warning|notice) ", line) for line in lines)
    assert len([line for line in lines if line.startswith("::error ")]) == 10
    assert lines[-1] == "::error title=sitegen diff::22 more findings: see the other formats"


def test_commands_of_a_check_stay_within_what_github_shows(tmp_path: Path) -> None:
    """Ten of each level; with ten, nothing is left to be counted."""
    levels = "[check]\nlevels = { owner-missing = 'error', licence-missing = 'warning' }\n"
    registry = write(tmp_path, {path: text for n in range(11) for path, text in layout(f"m{n}", "1").items()})
    config = write(tmp_path / "elsewhere", {"sitegen.toml": levels}) / "sitegen.toml"
    for models, rest in ((11, "2 more findings: see the other formats"), (10, None)):
        if rest is None:
            shutil.rmtree(tmp_path / "m10")
        done = sites.sitegen("check", registry, "--config", config, "--format", "github")
        lines = done.out.splitlines()
        assert (done.code, f"{models} models" in done.err) == (1, True)
        for kind in ("error", "warning"):
            own = [line for line in lines if line.startswith(f"::{kind} ")]
            assert len(own) == 10, models
            assert own[-1].endswith(f"title=sitegen check::{rest}") == (rest is not None)


# --- markdown ---------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """The elements of a page, and its text outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.plain = ""
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("br", "hr", "img", "meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"code", "pre"} & set(self.open):
            self.plain += data


def rendered(text: str) -> _Page:
    """A comment as a host shows it: tables, and HTML that is allowed."""
    return _Page(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


def test_a_comment_is_found_by_its_first_line() -> None:
    """And has what a reviewer needs in a table a model, with details to open."""
    text = (GOLDEN / "review.markdown").read_text(encoding="utf-8")
    assert text.startswith("<!-- sitegen-review -->\n### ✕ Breaking: ")
    page = rendered(text)
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") > 3
    assert tags.count("details") > 3
    assert (page.open, page.wrong) == ([], [])
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert "https://models.example.com/pr-7/models/m/3/index.html" in links
    assert all((link or "").startswith("https://models.example.com/pr-7/") for link in links)


NAMES = (
    *(
        "@all",
        "#1",
        "</details>",
        "</td></tr>",
        "<!-- sitegen-review -->",
        "a|b",
        "`code`",
        "``a``|",
        "[x](y)",
        "**b**",
    ),
    *("-x", "::error", "<script>x", "<img src=x>", "GH-12", "https:", "www.example.org", "a\nb", "\\", "|", "`", "$x$"),
    *(
        "4c1f0a24c1f0a24c1f0a24c1f0a24c1f0a24c1f0a2",
        "~~~",
        "user@example.org",
        "&lt;b&gt;",
        "ü\u202e",
        "x" * 200,
        "_a_",
    ),
)


def hostile(name: str) -> Iterator[tuple[str, str]]:
    """A model that is called so, and whose columns, metrics, requirements and alias are."""
    column = {"type": "double", "name": name, "required": True}
    model = "flavors:\n  python_function:\n    loader_module: x\nsignature:\n  inputs: '{}'\n  outputs: '{}'\n"
    inputs = json.dumps([column]).replace("'", "''")
    folder = name.replace("/", "\\")
    yield from layout(folder, "1", MLmodel=model.format(inputs, inputs), metrics_json=json.dumps({name: 1})).items()
    yield f"{folder}/model.yaml", f"aliases: {json.dumps({name: '1'})}\n"


def test_no_name_of_the_registry_does_anything_in_a_comment(tmp_path: Path) -> None:
    """It breaks no table, mentions nobody, links nothing, closes no element and adds none."""
    files = dict(pair for name in NAMES for pair in hostile(name))
    changes = {path.replace("/1/", "/2/"): text.replace('"double"', '"string"') for path, text in files.items()}
    changes = {path: text.replace(": 1}", ": 2}").replace('"1"', '"2"') for path, text in changes.items()}
    folder = commit(repository(tmp_path, files), changes, "change")
    done = diff(folder, "main", "--format", "markdown", *SITE)
    assert done.code == 1
    page = rendered(done.out)
    assert (page.open, page.wrong) == ([], [])
    texts = {"h3", "h4", "p", "code", "details", "summary", "sub", "strong", "ul", "li", "a", "pre"}
    assert {tag for tag, _ in page.elements} <= texts | {"table", "thead", "tbody", "tr", "th", "td"}
    assert not re.search(r"@\w|#\d|GH-\d|www\.|[0-9a-f]{40}|://", page.plain)
    assert done.out.count("<!-- sitegen-review -->") >= 1
    assert done.out.index("<!-- sitegen-review -->") == 0
    rows = [line for line in done.out.splitlines() if line.startswith("| ")]
    assert len({len(re.findall(r"(?<!\\)\|", re.sub(r"`+[^`]*`+", "", row))) for row in rows}) <= 3
    assert "\u202e" not in done.out


def test_a_comment_is_never_too_long(tmp_path: Path) -> None:
    """Of 300 models with long names some are shown, and the rest is counted with a link."""
    names = [f"{number}-{'x|' * 60}" for number in range(300)]
    files = {path: text for name in names for path, text in layout(name, "1").items()}
    changes = {path: text for name in names for path, text in layout(name, "2", MLmodel=MORE).items()}
    folder = commit(repository(tmp_path, files), changes, "change")
    out = diff(folder, "main", "--format", "markdown", *SITE).out
    assert 40_000 < len(out) < 60_000
    assert re.search(r"^\[\d+ models more changed\]\(https://models\.example\.com/pr-7/\)$", out, re.MULTILINE)
    page = rendered(out)
    assert (page.open, page.wrong) == ([], [])


def test_a_comment_of_long_lists_is_never_too_long(tmp_path: Path) -> None:
    """Each character of a setting, accept or name may become an escape of eleven."""
    long, day = "\U000f0000" * 230, {"used": "2099-01-01", "expired": "2020-01-01"}
    accepts = {
        name: "".join(
            f'[[diff.accept]]\nmodel = "{glob}"\nversion = "?"\nreason = "{long}{number}"\nexpires = {day[when]}\n'
            for number in range(30)
        )
        for name, glob, when in (("used", "*", "used"), ("expired", long, "expired"))
    }
    names = [f"{long[:50]}{number}" for number in range(25)]
    files = {path: text for name in names for path, text in (layout(name, "1") | layout(name, "2")).items()}
    files |= {f"{name}/model.yaml": "aliases: {champion: 1}\n" for name in names}
    files |= {"sitegen.toml": accepts["used"] + accepts["expired"]}
    changes: dict[str, str | bytes | None] = {f"{name}/model.yaml": "aliases: {champion: 2}\n" for name in names}
    changes |= {f"{name}/2/MLmodel": MORE for name in names} | {"sitegen.toml": accepts["used"].replace("?", "*")}
    folder = commit(repository(tmp_path, files), changes, "change")
    out = diff(folder, "main", "--format", "markdown", *SITE).out
    assert len(out) < 60_000
    assert all(title in out for title in ("settings of this review", "another model", "Accepted:", "Expired accepts"))


def test_a_comment_says_what_stands_beside_a_version(tmp_path: Path) -> None:
    """The previous version; of a version that is older than the baseline, that one."""
    files = layout("m", "1") | layout("m", "3") | {"m/model.yaml": "aliases: {champion: 3}\n"}
    folder = commit(repository(tmp_path, files), layout("m", "2") | layout("m", "4") | layout("m", "5"), "change")
    lines = diff(folder, "main", "--format", "markdown").out.splitlines()
    assert "| against the baseline | ✓ compatible | v3 `@champion` | v2 |" in lines
    assert "| against the previous version | ✓ compatible | v4 | v5 |" in lines


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "https://x/)](y", "ftp://x"])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    """It would stand in links."""
    done = diff(repository(tmp_path, START), "HEAD", "--site-url", url)
    assert (done.code, done.out) == (2, "")


def names_of(value: Any) -> Iterator[str]:
    """All texts in JSON."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from names_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_of(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("form", REVIEWS)
def test_no_secret_leaves(form: str, tmp_path: Path) -> None:
    """What pages withhold, a review withholds, too."""
    secret = "ghp_" + "a1B2" * 9
    changes = layout("m", "3", MLmodel=MORE, tags_json=json.dumps({"token": secret, "home": "/home/someone/x"}))
    changes |= {"m/3/model.yaml": f"description: key {secret}\n", "m/3/params.json": json.dumps({"password": secret})}
    folder = commit(repository(tmp_path, START), changes, "change")
    out = diff(folder, "main", "--format", form).out
    assert secret not in out
    assert "/home/someone" not in out


# --- pages ------------------------------------------------------------------------------------------------------


def pages(folder: Path, output: Path, *flags: str) -> dict[str, _Page]:
    """The pages of a review of the branch against main."""
    done = diff(folder, "main", "--format", "html", "--output", str(output), *flags)
    assert done.code == 1
    assert done.out.splitlines()[-1] == str(output / "index.html")
    return {path.name: _Page(path.read_text(encoding="utf-8")) for path in output.glob("*.html")}


def test_every_change_has_a_permalink(tmp_path: Path) -> None:
    """Each link leads to an id of its page or a file of the folder; no id is there twice."""
    (page,) = pages(scenario(tmp_path / "git"), tmp_path / "review").values()
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) > 5
    links = [
        link
        for _, attributes in page.elements
        for name in ("href", "src")
        if (link := attributes.get(name)) is not None
    ]
    assert len([link for link in links if link.startswith("#")]) > 10
    for link in links:
        assert link[1:] in ids if link.startswith("#") else (tmp_path / "review" / link).is_file(), link
    assert (page.open, page.wrong) == ([], [])
    json.loads((tmp_path / "review/review.json").read_text())


def test_no_name_of_the_registry_does_anything_on_a_page(tmp_path: Path) -> None:
    """It is text."""
    files = dict(pair for name in NAMES for pair in hostile(name))
    changes = {path.replace("/1/", "/2/"): text.replace('"double"', '"string"') for path, text in files.items()}
    folder = commit(repository(tmp_path / "git", files), changes, "change")
    for page in pages(folder, tmp_path / "review", *SITE).values():
        tags = [tag for tag, _ in page.elements]
        assert tags.count("script") == 1
        assert "img" not in tags
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_a_page_shows_nothing_in_place_of_what_cannot_be_read(tmp_path: Path) -> None:
    """Its columns are not removed."""
    folder = commit(repository(tmp_path / "git", START), {"m/2/MLmodel": ""}, "change")
    diff(folder, "main", "--format", "html", "--output", str(tmp_path / "review"))
    page = (tmp_path / "review/index.html").read_text(encoding="utf-8")
    assert "the file is empty" in page and "not there" not in page and "bmi" not in page


def test_a_long_review_has_several_pages(tmp_path: Path) -> None:
    """A shorter one after it leaves none of them."""
    files = {path: text for number in range(160) for path, text in layout(f"m{number}", "1").items()}
    changes = {path: text for number in range(160) for path, text in layout(f"m{number}", "2", MLmodel=MORE).items()}
    folder = commit(repository(tmp_path / "git", files), changes, "change")
    found = pages(folder, tmp_path / "review")
    assert found.keys() == {"index.html", "page-2.html"}
    assert "page-2.html" in [attributes.get("href") for _, attributes in found["index.html"].elements]
    commit(folder, {f"m{number}/2": None for number in range(10, 160)})
    assert pages(folder, tmp_path / "review").keys() == {"index.html"}


def test_a_folder_of_others_is_not_written_to(tmp_path: Path) -> None:
    """Nor is a file, and other formats have no folder."""
    folder = repository(tmp_path / "git", START)
    (tmp_path / "own").mkdir()
    (tmp_path / "own/notes.txt").write_text("x")
    for output in (tmp_path / "own", tmp_path / "own/notes.txt"):
        assert diff(folder, "HEAD", "--format", "html", "--output", str(output)).code == 2
    assert diff(folder, "HEAD", "--format", "json", "--output", "x").code == 2
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["notes.txt"]

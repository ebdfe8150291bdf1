"""Payloads judged in the browser: by example, and in a page that keeps them to itself."""

import html
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request

from sitegen.site.assets import join_script
from sitegen.site.theme import load_theme
from tests.mlflow.payload.pages import SCRIPTS, judge, load_scripts
from tests.mlflow.payload.signatures import Case, array, column, object_of, param, tensor
from tests.support.browsers import Tab, served

TABLE = Case("table", (column("integer", "age"), column("double", "BMI"), column("string", "city", required=False)))
NESTED = Case("nested", (column(object_of(zip="long", note_="string"), "address"), column(array("double"), "scores")))
TENSOR = Case("tensor", (tensor("float32", [-1, 2]),))
TENSORS = Case("tensors", (tensor("int64", [-1], "ids"), tensor("bool", [-1, 2], "mask")))
PARAMS = Case("params", (column("double", "x"),), (param("top_k", "long", 3), param("stop", "string", ["a"], [-1])))
OTHERS = Case("others", (column("datetime", "when"), column("binary", "blob", required=False)))

EXAMPLES: tuple[tuple[Case, str, str, str, str], ...] = (
    (
        TABLE,
        '{"dataframe_split": {"columns": ["age", "BMI"], "data": [[48, 1.5]]}}',
        "accepted",
        "refused",
        "int64 to int32",
    ),
    (
        TABLE,
        '{"dataframe_split": {"columns": ["age", "BMI"], "data": [[48.5, 1]]}}',
        "changed",
        "refused",
        "arrives as 48",
    ),
    (
        TABLE,
        '{"dataframe_records": [{"age": 48, "bmi": 1.5}]}',
        "refused",
        "refused",
        "Model is missing inputs ['BMI']. You sent bmi",
    ),
    (TABLE, '{"dataframe_records": [{"age": null, "BMI": 1}]}', "refused", "refused", "int() argument must be"),
    (TABLE, '{"dataframe_records": [{"age": 1, "BMI": null}]}', "changed", "refused", "arrives as NaN"),
    (TABLE, '{"inputs": {"age": [4294967301], "BMI": [1]}}', "refused", "refused", "out of bounds for int32"),
    (
        TABLE,
        '{"dataframe_records": [{"age": 4294967301, "BMI": 1}]}',
        "changed",
        "refused",
        "out of range: arrives as 5",
    ),
    (
        TABLE,
        '{"dataframe_records": [{"age": 1, "BMI": 9007199254740993}]}',
        "changed",
        "refused",
        "last digits are lost",
    ),
    (TABLE, '{"dataframe_records": [{"age": 1, "BMI": 1e400}]}', "changed", "refused", "beyond the range of a double"),
    (TABLE, '{"dataframe_records": [{"age": 1, "age": 2.5, "BMI": 1}]}', "changed", "refused", "arrives as 2"),
    (TABLE, "age,BMI,city\n48,1.5,NA\n", "changed", "refused", "NA is read as missing"),
    (TABLE, "age,BMI\n48.5,1\n", "refused", "refused", "cannot safely convert passed user dtype of int32"),
    (TABLE, "age;BMI\n48;1\n", "refused", "refused", "Model is missing inputs ['age']"),
    (
        TABLE,
        '{"columns": ["age", "BMI"], "data": [[1, 1]]}',
        "refused",
        "none",
        "Put this object under dataframe_split",
    ),
    (TABLE, '[{"age": 1}]', "refused", "none", "Put this list under dataframe_records"),
    (TABLE, '{"input_data": {}}', "refused", "none", "Azure ML"),
    (TABLE, '{"inputs": {"age": 1,}}', "refused", "none", "line 1 column 22"),
    (NESTED, '{"inputs": [{"address": {"zip": 1}, "scores": [0.5]}]}', "accepted", "accepted", ""),
    (
        NESTED,
        '{"inputs": [{"address": {"zip": "1"}, "scores": [0.5]}]}',
        "refused",
        "refused",
        "key `zip`. Expected type long",
    ),
    (
        NESTED,
        '{"inputs": [{"address": {"note": "a"}, "scores": []}]}',
        "refused",
        "refused",
        "Missing required properties: {'zip'}",
    ),
    (NESTED, '{"inputs": [{"address": {"zip": 1, "x": 2}, "scores": []}]}', "refused", "refused", "Invalid properties"),
    (NESTED, '{"inputs": [{"address": {"zip": 1}, "scores": [2, 3]}]}', "refused", "refused", "int64 to float64"),
    (TENSOR, '{"inputs": [[0.1, 2]]}', "accepted", "refused", "does not match expected dtype float32"),
    (
        TENSOR,
        '{"inputs": [[1, 2, 3]]}',
        "refused",
        "refused",
        "Shape of input (1, 3) does not match expected shape (-1, 2)",
    ),
    (TENSOR, '{"inputs": [[1, 2], [3]]}', "refused", "refused", "inhomogeneous shape"),
    (TENSOR, "a,b\n1,2\n", "refused", "refused", "Send JSON"),
    (TENSORS, '{"inputs": {"ids": [1, 2], "mask": [[true, false], [false, true]]}}', "accepted", "accepted", ""),
    (
        TENSORS,
        '{"instances": [{"ids": 1.5, "mask": [1, 0]}]}',
        "changed",
        "refused",
        "the fraction is cut: arrives as 1",
    ),
    (TENSORS, '{"inputs": {"ids": [1]}}', "refused", "refused", "Model is missing inputs ['mask']"),
    (PARAMS, '{"inputs": {"x": 0.5}, "params": {"top_k": 5, "stop": ["b"]}}', "accepted", "accepted", ""),
    (PARAMS, '{"inputs": {"x": 0.5}, "params": {"top_k": 5.0}}', "refused", "refused", "Can not safely convert"),
    (PARAMS, '{"inputs": {"x": 0.5}, "params": {"stop": "b"}}', "refused", "refused", "Value must be a 1D array"),
    (
        OTHERS,
        '{"dataframe_records": [{"when": "2024-01-02", "blob": "aGk="}]}',
        "accepted",
        "refused",
        "str to datetime64",
    ),
    (OTHERS, '{"dataframe_records": [{"when": "2024-01-02T00:00:00Z"}]}', "refused", "refused", "timezone-naive"),
    (
        OTHERS,
        '{"dataframe_records": [{"when": "2024-01-02", "blob": "aGk"}]}',
        "refused",
        "refused",
        "Incorrect padding",
    ),
    (OTHERS, '{"dataframe_records": [{"when": 5}]}', "changed", "refused", "arrives as 1970-01-01"),
)
"""A signature, a payload, the verdicts over REST and from Python, and words of the reason."""


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[Page]:
    """An empty page with the pure scripts."""
    page = browser.new_page()
    load_scripts(page)
    yield page
    page.close()


@pytest.mark.parametrize(("case", "text", "rest", "python", "why"), EXAMPLES)
def test_examples(scripts: Page, case: Case, text: str, rest: str, python: str, why: str) -> None:
    """What pages say of payloads, in MLflow's words."""
    [found] = judge(scripts, [text], case.api())
    assert (found["rest"], found["python"]) == (rest, python), found
    assert why in found["why"]


def test_many_values_are_judged_at_once(scripts: Page) -> None:
    """270,000 values: 0.3 s on an idle machine. Ten times as much where others work, too."""
    text = json.dumps({"inputs": [[[0.1, row / 7, 2] for row in range(300)] for _ in range(300)]})
    case = Case("image", (tensor("float32", [-1, 300, 3]),))
    judge(scripts, [text], case.api())
    start = time.monotonic()
    [found] = judge(scripts, [text], case.api())
    assert found["rest"] == "accepted" and found["casts"] == 'data = data.astype("float32")'
    assert time.monotonic() - start < 3


def test_equal_faults_are_one_row(scripts: Page) -> None:
    """The first place, and how many more."""
    rows = [{"age": "x", "BMI": 1.5}] * 500
    found = scripts.evaluate(
        """([text, signature]) => window.sitegenUse.check(text, signature).findings.map(
          (one) => [one.where, one.rest, one.more])""",
        [json.dumps({"dataframe_records": rows}), TABLE.api()],
    )
    assert found[0] == ["age, row 1", "refused", 499]


# --- names -----------------------------------------------------------------------------------------------------


def mapped(page: Page, names: list[str], header: str) -> dict[str, Any]:
    """What the mapping makes of a header."""
    found: dict[str, Any] = page.evaluate(
        """([names, header]) => {
          const inputs = names.map((name) => ({ name, required: true })), { mapping } = window.sitegenUse;
          const columns = mapping.readHeader(header), matches = mapping.matchColumns(inputs, columns);
          const chosen = new Map(matches.map((one) => [one.input.name, one.column || ""]));
          return { columns, found: matches.map((one) => [one.column, one.how]), ...mapping.mappingCode(inputs, chosen),
            text: mapping.mappingText(inputs, columns, chosen, matches).text };
        }""",
        [names, header],
    )
    return found


def test_names_are_matched_and_the_code_follows(scripts: Page) -> None:
    """Exactly first, then without case, then without punctuation."""
    found = mapped(scripts, ["age", "bmi", "blood pressure"], "age,BMI,blood_pressure,other\n1,2,3,4")
    assert found["found"] == [["age", "exact"], ["BMI", "case"], ["blood_pressure", "signs"]]
    assert found["pandas"] == (
        'data = data.rename(columns={"BMI": "bmi", "blood_pressure": "blood pressure"})'
        '[["age", "bmi", "blood pressure"]]'
    )
    assert found["sql"] == "SELECT `age`, `BMI` AS `bmi`, `blood_pressure` AS `blood pressure` FROM your_table"
    assert "Check blood_pressure for blood pressure: the names differ." in found["text"]
    assert "3 of 3 required inputs have a column." in found["text"] and "Not used: other." in found["text"]


def test_a_column_may_have_more_words_in_front(scripts: Page) -> None:
    """Unless several have, or a column without them is there."""
    assert mapped(scripts, ["S6", "body mass"], "patient_s6,x-body_mass")["found"] == [
        ["patient_s6", "end"],
        ["x-body_mass", "end"],
    ]
    assert mapped(scripts, ["s6"], "a_s6,b_s6")["found"] == [[None, None]]
    assert mapped(scripts, ["s6"], "a_s6,S6")["found"] == [["S6", "case"]]
    assert mapped(scripts, ["s6"], "ds6,s6_a")["found"] == [[None, None]]


def test_ambiguous_names_stay_open(scripts: Page) -> None:
    """Two columns for one input, and one column for two inputs."""
    assert mapped(scripts, ["bmi"], "BMI,Bmi")["found"] == [[None, None]]
    assert mapped(scripts, ["a b", "a_b"], "a-b")["found"] == [[None, None], [None, None]]
    assert mapped(scripts, ["bmi"], "BMI,bmi")["found"] == [["bmi", "exact"]]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ('"a, b",c\r\n1,2', ["a, b", "c"]),
        ("a;b\n1;2", ["a", "b"]),
        ("a\tb", ["a", "b"]),
        ('["a", "b"]', ["a", "b"]),
        ('[{"a": 1, "b": 2}]', ["a", "b"]),
        ('{"dataframe_split": {"columns": ["a", "b"], "data": []}}', ["a", "b"]),
        ("a    int64\nb  float64", ["a", "b"]),
        ("['a', 'b']", ["a", "b"]),
        ("a,a,", ["a"]),
        ("", []),
        ('"open', ['"open']),
    ],
)
def test_headers_of_all_forms(scripts: Page, header: str, columns: list[str]) -> None:
    """CSV, other separators, JSON, a list of names with types."""
    assert mapped(scripts, ["x"], header)["columns"] == columns


def test_names_cannot_break_out_of_the_code(scripts: Page) -> None:
    """Quotes and backticks are escaped."""
    found = mapped(scripts, ['a"b`'], '[ "A\\"B`" ]')
    assert found["pandas"] == 'data = data.rename(columns={"A\\"B`": "a\\"b`"})[["a\\"b`"]]'
    assert found["sql"] == 'SELECT `A"B``` AS `a"b``` FROM your_table'


# --- the page --------------------------------------------------------------------------------------------------

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"


def write_page(folder: Path, case: Case) -> None:
    """A page that has the markup which panel.js describes."""
    assets = SCRIPTS.parent
    for path in (assets / "site.css", assets / "use.css"):
        shutil.copy(path, folder)
    for name, scripts in (("site.js", "common"), ("use.js", "use")):
        (folder / name).write_bytes(join_script(load_theme(""), scripts))
    loaded = "".join(f'<script defer src="{name}.js"></script>' for name in ("site", "use"))
    rows = "".join(
        f'<tr data-use-input="{one["name"]}"><th scope="row">{one["name"]}</th><td>{one["type"]}</td>'
        f"<td data-use-mark></td><td data-use-column hidden></td></tr>"
        for one in case.api()["inputs"] or ()
    )
    signature = html.escape(json.dumps(case.api()))
    body = f"""<main><h1>Use it</h1><section data-use data-signature="{signature}">
      <table><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Payload</th>
      <th scope="col" data-use-column hidden>Your column</th></tr></thead><tbody>{rows}</tbody></table>
      <div data-use-check hidden>
      <label for="payload">Check a payload</label><textarea id="payload" data-use-payload></textarea>
      <button type="button" data-use-example="age,BMI&#10;1,2">Example</button>
      <p data-use-verdict role="status"></p><div data-use-findings></div></div>
      <div data-use-map hidden><label for="header">Your columns</label><textarea id="header" data-use-header></textarea>
      <p data-use-mapped role="status"></p><div data-use-fields></div>
      <pre tabindex="0" hidden><code data-use-pandas></code></pre>
      <pre tabindex="0" hidden><code data-use-sql></code></pre></div>
      </section><pre><code><span data-code-table="columns">columns = ["age", "BMI"]</span></code></pre></main>"""
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>Use it</title>'
    styles = (
        '<link rel="stylesheet" href="site.css"><link rel="stylesheet" href="use.css"><link rel="icon" href="data:,">'
    )
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><head>{head}{styles}{loaded}</head><body>{body}</body></html>', "utf-8"
    )


@pytest.fixture(scope="module")
def site(sample: Path) -> Path:
    """The site whose pages are opened."""
    return sample


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page."""
    folder = tmp_path_factory.mktemp("use")
    write_page(folder, TABLE)
    with served(folder) as address:
        yield address


def paste(page: Page, field: str, text: str) -> None:
    """Fill a field, and wait until the page has answered."""
    page.locator(f"[data-use-{field}]").fill(text)
    page.wait_for_timeout(400)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_payload_is_judged_where_it_is_pasted(browser: Browser, panel: str, width: int, scheme: str) -> None:
    """Verdicts, rows, signs in the table, casts; nothing that axe or the policy complains about."""
    tab = Tab(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = tab.open(panel)
    paste(page, "payload", '{"dataframe_records": [{"age": 48.5, "BMI": "<b>x</b>", "more": 1}]}')
    assert "REST: ✕ refused\nPython: ✕ refused\n" in page.locator("[data-use-verdict]").inner_text()
    assert "as MLflow 3.18 judges" in page.locator("[data-use-verdict]").inner_text()
    assert "could not convert string to float: '<b>x</b>'" in page.locator(".use-findings").inner_text()
    assert "the fraction is cut: arrives as 48" in page.locator(".use-findings").inner_text()
    assert page.locator(".use-findings b").count() == 0
    assert "Ignored, not in the signature: more." in page.locator("[data-use-findings]").inner_text()
    assert "refused" in page.locator('[data-use-input="BMI"] [data-use-mark]').inner_text()
    assert not tab.faults() and not tab.complaints()
    page.get_by_role("button", name="Example").click()
    assert "REST: ✓ accepted\nPython: ◐ cast 2 inputs first\n" in page.locator("[data-use-verdict]").inner_text()
    assert page.get_by_role("button", name="Copy Cast for Python").is_visible()
    assert not page.locator(".use-findings").is_visible()
    page.get_by_text("Why Python needs a cast").click()
    assert "Can not safely convert int64 to int32." in page.locator(".use-findings").inner_text()
    assert (
        page.locator("[data-use-findings] pre").inner_text() == 'data = data.astype({"age": "int32", "BMI": "float64"})'
    )
    paste(page, "payload", "")
    assert page.locator("[data-use-verdict]").inner_text() == "" and page.locator("[data-use-mark] span").count() == 0


def test_columns_are_mapped_by_keyboard_too(browser: Browser, panel: str) -> None:
    """Fields in the table, code and names that follow."""
    tab = Tab(browser)
    page = tab.open(panel)
    paste(page, "header", "AGE,weight,height")
    assert "1 of 2 required inputs have a column; choose one for BMI." in page.locator("[data-use-mapped]").inner_text()
    page.get_by_label("Your column for BMI").select_option("weight")
    assert "✓ 2 of 2 required inputs have a column." in page.locator("[data-use-mapped]").inner_text()
    assert (
        page.locator("[data-use-pandas]").inner_text()
        == 'data = data.rename(columns={"AGE": "age", "weight": "BMI"})[["age", "BMI"]]'
    )
    assert page.locator("[data-use-sql]").inner_text() == "SELECT `AGE` AS `age`, `weight` AS `BMI` FROM your_table"
    assert page.locator("[data-code-table]").inner_text() == 'columns = ["AGE", "weight"]'
    assert not tab.faults() and not tab.complaints()
    paste(page, "header", "")
    assert page.locator("[data-code-table]").inner_text() == 'columns = ["age", "BMI"]'
    assert not page.locator("select").first.is_visible()


def test_what_is_pasted_stays_in_the_page(browser: Browser, panel: str) -> None:
    """No request, no storage, no hash, no entry of the history, nothing after a reload."""
    tab = Tab(browser)
    page = tab.open(panel)
    requests: list[str] = []
    page.on("request", lambda one: requests.append(one.url))
    length = page.evaluate("history.length")
    paste(page, "payload", '{"inputs": {"age": ["secret-value"], "BMI": [1]}}')
    paste(page, "header", "secret-name,age")
    places = "[{...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state]"
    assert "secret" not in page.evaluate(f"JSON.stringify({places})")
    assert page.evaluate("history.length") == length and not requests
    page.reload()
    assert (
        page.locator("[data-use-payload]").input_value() == "" and page.locator("[data-use-header]").input_value() == ""
    )


def test_nothing_is_offered_without_script(browser: Browser, panel: str) -> None:
    """The parts stay hidden."""
    page = Tab(browser, java_script_enabled=False).context.new_page()
    page.goto(panel)
    assert not page.locator("[data-use-payload]").is_visible() and not page.locator("[data-use-header]").is_visible()


def test_tensors_have_no_columns_to_map(browser: Browser, tmp_path: Path) -> None:
    """The payload is checked, the mapping stays hidden."""
    write_page(tmp_path, TENSORS)
    with served(tmp_path) as address:
        tab = Tab(browser)
        page = tab.open(address)
        paste(page, "payload", '{"inputs": {"ids": [1], "mask": [[true, false]]}}')
        assert "REST: ✓ accepted\nPython: ✓ accepted\n" in page.locator("[data-use-verdict]").inner_text()
        assert not page.locator("[data-use-header]").is_visible() and not tab.complaints()


VERSION = "models/diabetes-regression/4/index.html"
FITS = {
    "AGE": 48,
    "SEX": 1,
    "BMI": 21.6,
    "BP": 87.5,
    "S1": 183,
    "S2": 103.2,
    "S3": 70.5,
    "S4": 3.5,
    "S5": 3.89,
    "S6": 69,
}


def is_ours(request: Request) -> bool:
    """Whether it is no image that the browser loads when it comes into view."""
    return request.resource_type != "image" and "/assets/icon-" not in request.url


def test_the_page_of_a_version_checks_and_maps(browser: Browser, address: str) -> None:
    """What is accepted, what is refused, which column is which input; nothing of it leaves the page."""
    tab = Tab(browser)
    page = tab.open(address + VERSION)
    requests: list[str] = []
    page.on("request", lambda one: requests.append(one.url) if is_ours(one) else None)
    verdict = page.locator("[data-use-verdict]")
    page.get_by_role("button", name="Fill in the example input").click()
    assert verdict.inner_text().startswith("REST: ✓ accepted\nPython: ◐ cast 4 inputs first\n")
    paste(page, "payload", json.dumps({"dataframe_records": [FITS]}))
    assert "REST: ✓ accepted\nPython: ◐ cast " in verdict.inner_text()
    paste(page, "payload", json.dumps({"dataframe_records": [FITS | {"AGE": "secret"}]}))
    assert "REST: ✕ refused\nPython: ✕ refused\n" in verdict.inner_text()
    assert "refused" in page.locator('[data-use-input="AGE"] [data-use-mark]').inner_text()
    paste(page, "payload", json.dumps({"dataframe_records": [{"AGE": 48.5, "SEX": 1}]}))
    rows = page.locator(".use-findings tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in rows] == ["BMI, BP, S1, S2, S3, S4, S5, S6", "AGE", "SEX"]
    assert "Model is missing inputs ['BMI', 'BP', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6']." in rows[0]
    assert "the fraction is cut" in rows[1] and "convert float64 to int32" in rows[1]
    paste(page, "header", "patient_s6,AGE")
    assert "Check patient_s6 for S6: the names differ." in page.locator("[data-use-mapped]").inner_text()
    paste(page, "header", "secret id,age,Sex,bmi,bp,s1,s2,s3,s4,s5,glucose")
    page.get_by_label("Your column for S6").select_option("glucose")
    assert '"glucose": "S6"' in page.locator("[data-use-pandas]").inner_text()
    assert "`glucose` AS `S6`" in page.locator("[data-use-sql]").inner_text()
    assert "secret" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")
    assert not requests and not tab.faults() and not tab.complaints()


def test_versions_that_cannot_be_judged_offer_nothing(browser: Browser, address: str) -> None:
    """A version without a signature loads neither the script nor its style."""
    page = Tab(browser).open(address + "models/legacy-no-signature/v2/index.html")
    assert not page.locator("[data-use], script[src*='/use-']").count()


def test_a_version_without_script_shows_no_tool(browser: Browser, address: str) -> None:
    page = Tab(browser, java_script_enabled=False).context.new_page()
    page.goto(address + VERSION)
    assert not any(page.locator(f"[data-use-{name}]").first.is_visible() for name in ("check", "map", "column"))

"""Use it: tabs, the choice of an address, and copies, in a browser."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support import sites
from tests.support.browsers import Tab

REGISTRY = Path(__file__).parents[1] / "cases/mlruns-3/registry"
PAGE = "models/wine/1/index.html"
FOLDER = "1/models/m-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/artifacts"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version with two addresses: one of the registry, and a folder."""
    folder = tmp_path_factory.mktemp("code")
    shutil.copytree(REGISTRY, folder / "mlruns")
    (folder / "mlruns" / FOLDER / "requirements.txt").write_text("numpy==2.0\n", encoding="utf-8")
    return sites.built(folder / "mlruns", folder / "site")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_all_code_follows_the_address(browser: Browser, address: str, width: int, scheme: str) -> None:
    tab = Tab(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = tab.open(address + PAGE)
    use = page.locator("#use")
    assert 'load_model("models:/wine/1")' in use.inner_text()
    page.get_by_label("Folder").check()
    assert (
        f'load_model("{FOLDER}")' in use.inner_text()
        and "# run this code in the folder of the registry" in use.inner_text()
    )
    assert f"--model-uri {FOLDER} " in (page.locator("#use-rest").text_content() or "")
    assert not tab.faults() and not tab.complaints()


def test_one_tab_is_open(browser: Browser, address: str) -> None:
    """A click opens another and closes the first; by keyboard, too."""
    page = Tab(browser).open(address + PAGE)
    page.locator("#use-rest summary").click()
    assert page.locator(".tabs > [open]").count() == 1 and page.locator("#use-rest pre").first.is_visible()
    page.locator("#use-python summary").press("Enter")
    assert page.locator("#use-python pre").is_visible() and not page.locator("#use-rest pre").first.is_visible()


def test_code_is_copied_as_it_stands(browser: Browser, address: str) -> None:
    """With the address that was chosen; the button says so."""
    tab = Tab(browser, permissions=["clipboard-read", "clipboard-write"])
    page = tab.open(address + PAGE)
    page.get_by_label("Folder").check()
    button = page.get_by_role("button", name="Copy Load and predict")
    button.click()
    page.locator("#use-python [role=status]", has_text="Copied").wait_for(state="attached")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#use-python code").text_content() and FOLDER in copied
    page.get_by_role("button", name="Copy models:/wine/1").click()
    page.locator(".from [role=status]", has_text="Copied").first.wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == "models:/wine/1"


def test_all_code_follows_the_columns_of_the_reader(browser: Browser, address: str) -> None:
    """In Python, Spark and Fabric; without a mapping the example stands there again."""
    tab = Tab(browser)
    page = tab.open(address + PAGE)
    code = {name: page.locator(f"#use-{name} code") for name in ("python", "spark", "fabric")}
    before = [code[name].first.text_content() for name in code]
    page.locator("[data-use-header]").fill("AGE,bmi,other")
    page.locator("[data-use-mapped]", has_text="✓").wait_for()
    assert code["python"].text_content() == (
        "import mlflow\nimport pandas as pd\n\n"
        "# needs the address of the registry, such as: export MLFLOW_TRACKING_URI=sqlite:///mlflow.db\n"
        'model = mlflow.pyfunc.load_model("models:/wine/1")\n'
        'data = pd.read_csv("your_table.csv")\n'
        'data = data.rename(columns={"AGE": "age"})[["bmi", "age"]]\n'
        'data = data.astype({"bmi": "float64"})\n'
        "print(model.predict(data))"
    )
    table = 'table = spark.table("your_table").selectExpr("`bmi`", "`AGE` AS `age`")'
    assert table in (code["spark"].text_content() or "")
    assert [one.count('columns = ["bmi", "AGE"]') for one in code["fabric"].all_text_contents()] == [1, 1, 1]
    page.locator("[data-use-header]").fill("")
    page.locator("[data-use-mapped]", has_text="✓").wait_for(state="detached")
    assert [code[name].first.text_content() for name in code] == before
    assert not tab.faults() and not tab.complaints()


def test_code_is_complete_without_scripts(browser: Browser, address: str) -> None:
    """The first address stands in it, the others are listed; nothing offers a choice."""
    page = Tab(browser, java_script_enabled=False).open(address + PAGE)
    text = page.locator("#use").inner_text()
    assert 'load_model("models:/wine/1")' in text and FOLDER in text
    assert not page.get_by_role("radio").count() and not page.get_by_role("button", name="Copy").count()
    page.locator("#use-environment-code summary").click()
    assert "models:/wine/1 --dst-path model" in page.locator("#use-environment-code").inner_text()


def test_a_linked_row_shows_the_head_of_its_table(browser: Browser, address: str) -> None:
    """Below the contents, which stay at the top of the window."""
    page = Tab(browser, viewport={"width": 1280, "height": 500}).open(address + PAGE + "#metric-rmse")
    page.wait_for_function("() => scrollY > 100")
    page.wait_for_timeout(800)  # smooth scrolling
    head, contents = (page.locator(name).bounding_box() for name in ("#metrics thead", ".toc"))
    assert head and contents and contents["y"] == 0
    assert contents["height"] <= head["y"] < 500


def test_the_name_of_a_row_copies_its_link(browser: Browser, address: str) -> None:
    """A click goes to the row and copies its address, which opens what is folded."""
    tab = Tab(browser, permissions=["clipboard-read", "clipboard-write"])
    page = tab.open(address + PAGE)
    page.get_by_role("link", name="rmse", exact=True).first.click()
    page.get_by_role("status").get_by_text("link copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url and copied.endswith("/index.html#metric-rmse")
    page = tab.open(address + PAGE + "#L3")
    assert page.locator("#L3").is_visible() and page.locator("#mlmodel").get_attribute("id") == "mlmodel"
    assert not tab.faults() and not tab.complaints()


RAW = """() => Object.fromEntries(["value", "soft"].map((kind) => [kind, [...CSS.highlights.get(kind)].map(
    ({ startContainer, startOffset, endOffset }) => startContainer.data.slice(startOffset, endOffset))]))"""
TEXT = """() => document.querySelector(".raw code").textContent"""


def test_the_text_of_a_model_has_colours(browser: Browser, address: str) -> None:
    """Values in one, punctuation in another; names have none, in YAML and in the JSON inside."""
    tab = Tab(browser)
    page = tab.open(address + PAGE)
    page.locator("#mlmodel summary").click()
    page.wait_for_function("() => CSS.highlights.size === 2")
    found = page.evaluate(RAW)
    text = page.evaluate(TEXT)
    names = {"flavors", "python_function", "signature", "inputs", '"name"', '"type"'}
    assert all(name in text for name in names) and not names & {*found["value"], *found["soft"]}
    assert {'"bmi"', '"double"', "true", "mlflow.sklearn", "3.11.9", "null"} <= set(found["value"])
    assert set(found["soft"]) <= {*"[]{},:'", "- "}
    assert not tab.faults() and not tab.complaints()


def test_the_text_of_a_model_is_copied(browser: Browser, address: str) -> None:
    """The whole, and by a click on a number the link to its line."""
    page = Tab(browser, permissions=["clipboard-read", "clipboard-write"]).open(address + PAGE)
    page.locator("#mlmodel summary").click()
    page.get_by_role("button", name="Copy Text of the MLmodel file").click()
    page.locator("#mlmodel [role=status]", has_text="Copied").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == page.evaluate(TEXT)
    page.locator("#L3").click()
    page.get_by_text("link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url and page.url.endswith("#L3")

"""What is private leaves in no page, file, comparison or check."""

import json
from pathlib import Path

import pytest

from tests.support import sites
from tests.support.registries import COLUMNS, layout, mlmodel, write
from tests.unit.privacy.test_privacy import OTHER_TOKENS, PIECES, PRIVATE, TOKEN, TOKENS


def test_a_secret_in_a_problem_of_the_registry_is_told(tmp_path: Path) -> None:
    """Each where it was met, on the page of problems, in the counts of the catalog and by check alike."""
    write(tmp_path / "registry", layout("m", "1") | {f"{TOKEN}.db": "", f"backup/{TOKEN}.db": "", "other.db": ""})
    done = sites.sitegen("check", tmp_path / "registry", *sites.READING, "--format", "json", "--fail-on", "warning")
    problems = [(one["rule"], one["path"]) for one in json.loads(done.out) if one["rule"] != "signature-missing"]
    assert problems == [
        *(("database-foreign", path) for path in ("backup/[redacted].db", "[redacted].db", "other.db")),
        *(("secret", path) for path in ("backup/[redacted].db", "[redacted].db")),
    ]
    assert done.code == 1
    assert TOKEN not in done.out
    site = sites.built(tmp_path / "registry", tmp_path / "site")
    assert sites.catalog(site)["problems"]["warning"] == 2
    page = (site / "problems/index.html").read_text()
    assert page.count("replaced by [redacted]: github-pat") == 2
    (tmp_path / "open.toml").write_text("[privacy]\nsecrets = true\n")
    opened = sites.sitegen("check", tmp_path / "registry", "--config", tmp_path / "open.toml")
    assert TOKEN in opened.out
    assert "[secret]" not in opened.out


# --- whatever leaves -------------------------------------------------------------------------------------------

EVERY_TOKEN = {**TOKENS, **OTHER_TOKENS}


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry of two versions with every token, and what else is private, in every kind of file."""
    root = tmp_path_factory.mktemp("leaking")
    texts = {f"k{number}": token for number, token in enumerate(EVERY_TOKEN.values())} | {"private": PRIVATE}
    said = "\n\n".join(texts.values())
    files = {"leak/README.md": said, "leak/model.yaml": json.dumps({"description": said, "tags": texts, "owner": said})}
    for version in ("1", "2"):
        shown = {key: f"{text} {version}" for key, text in texts.items()}
        files |= layout(
            "leak",
            version,
            MLmodel=mlmodel(
                COLUMNS,
                params=[{"name": "p", "type": "string", "default": f"{TOKEN} {version}", "shape": None}],
                metadata=shown | {"db_password": f"hunter{version}"},
                flavors={"python_function": {"loader_module": "x", **shown}},
            ),
            tags_json=json.dumps(shown | {"mlflow.user": "someone"}),
            params_json=json.dumps(shown),
            model_yaml=json.dumps({"description": said}),
        )
        files |= {
            f"leak/{version}/README.md": said,
            f"leak/{version}/input_example.json": json.dumps([shown]),
            f"leak/{version}/requirements.txt": "".join(f"{text}\n" for text in shown.values()),
            f"leak/{version}/conda.yaml": json.dumps({"dependencies": list(shown.values())}),
        }
    return write(root, files)


def leaked(said: str) -> list[str]:
    """The tokens and other private things whose end is in a text."""
    tokens = [name for name, token in EVERY_TOKEN.items() if token[-12:-1] in said]
    return tokens + [piece for piece in (*PIECES, "hunter1", "hunter2") if piece in said]


def test_nothing_private_leaves_in_a_site(leaking: Path, tmp_path: Path) -> None:
    """Pages, API, data of scripts, feed, the MLmodel as it is shown."""
    site = sites.built(leaking, tmp_path / "site", "--base-url", "https://example.org/")
    found = {path: leaked(data.decode()) for path, data in sites.contents(site).items() if "/vega-" not in path}
    assert {path: names for path, names in found.items() if names} == {}
    assert any("[redacted]" in data.decode() for path, data in sites.contents(site).items() if path.endswith("data.js"))


@pytest.mark.parametrize("how", ["text", "json", "markdown"])
def test_nothing_private_leaves_in_a_comparison(how: str, leaking: Path) -> None:
    """What stands around it still differs."""
    done = sites.sitegen("compare", leaking / "leak/1", leaking / "leak/2", "--format", how)
    assert leaked(done.out) == []
    assert done.out.count("[redacted]") + done.out.count("\\[redacted\\]") > 2 * len(EVERY_TOKEN)


@pytest.mark.parametrize("how", ["text", "json", "github"])
def test_nothing_private_leaves_in_a_check(how: str, leaking: Path) -> None:
    """Messages quote what they are about."""
    assert leaked(sites.sitegen("check", leaking, "--format", how).out) == []

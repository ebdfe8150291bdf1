"""`sitegen init`: a sitegen.toml and the files of a host; nothing that exists is changed."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from sitegen.cli.main import HOSTS
from sitegen.cli.recipes import RECIPES, fill, read_recipe
from sitegen.core.errors import SitegenError
from sitegen.settings.settings import read_settings
from sitegen.storage.extras import portable_requirement
from sitegen.version import VERSION
from tests.support import sites
from tests.support.options import ROOT
from tests.support.registries import layout
from tests.support.repositories import git, repository


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with a registry in `models`."""
    repository(tmp_path, {f"models/{path}": text for path, text in layout("m", "1").items()})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new_files(folder: Path) -> list[str]:
    """The paths of files that are not committed."""
    return git(folder, "ls-files", "--others").splitlines()


def test_the_parser_knows_all_hosts() -> None:
    assert tuple(RECIPES) == HOSTS


def test_the_readme_lists_all_hosts() -> None:
    assert f"`sitegen init [REGISTRY] [--host {'|'.join(HOSTS)}]`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_each_file_beside_the_recipes_is_in_one() -> None:
    listed = {name for recipe in RECIPES.values() for name, _ in recipe.files}
    assert listed == {one.name for one in files("sitegen.cli.recipes").iterdir() if one.is_file()} - {"__init__.py"}


@pytest.mark.parametrize("host", RECIPES)
def test_the_files_of_a_host_are_written_and_read_again(host: str, folder: Path) -> None:
    """The settings are valid, and keep what the host puts into the site."""
    done = sites.sitegen("init", "models", "--host", host)
    paths = [path for _, path in RECIPES[host].files]
    assert done.code == 0 and sorted(new_files(folder)) == sorted(["sitegen.toml", *paths])
    assert read_settings(None).publish.keep == RECIPES[host].keep
    steps = done.out.splitlines()
    assert steps[0] == "Next:" and [step.split()[0] for step in steps[1:4]] == ["sitegen", "sitegen", "git"]
    assert steps[4] == f"Then: {RECIPES[host].last}."
    assert [line for line in done.err.splitlines() if "is written" in line] == [
        f"sitegen: {path} is written" for path in ("sitegen.toml", *paths)
    ]


@pytest.mark.parametrize(
    ("remote", "host"),
    [
        ("https://github.com/o/r.git", "github"),
        ("git@github.example.org:o/r", "github"),
        ("ssh://git@gitlab.com/o/r", "gitlab"),
        ("https://gitlab.com/github-mirror/r", "gitlab"),
        ("git@gitlab.example.org:github/r", "gitlab"),
        ("https://user:github@git.example.org/gitlab/r", None),
        ("/srv/github/r", None),
    ],
)
def test_the_remote_tells_the_host(remote: str, host: str | None, folder: Path) -> None:
    """That of origin; without a known one it says which hosts there are, and writes settings alone."""
    git(folder, "remote", "add", "origin", remote)
    if host == "github":
        git(folder, "remote", "add", "another", "https://gitlab.com/o/r")
    done = sites.sitegen("init")
    files = [path for _, path in RECIPES[host].files] if host else []
    assert done.code == 0 and sorted(new_files(folder)) == sorted(["sitegen.toml", *files])
    assert host or all(f"{name} " in done.out for name in RECIPES)


@pytest.mark.parametrize(("sign", "host"), [(".github/CODEOWNERS", "github"), (".gitlab-ci.yml", "gitlab")])
def test_files_of_a_host_tell_it_too(sign: str, host: str, folder: Path) -> None:
    """Also without a git repository."""
    for path in folder.glob(".git"):
        path.rename(folder / "elsewhere")
    (folder / sign).parent.mkdir(exist_ok=True)
    (folder / sign).write_text("x\n", encoding="utf-8")
    assert sites.sitegen("init").code == 0
    assert (folder / RECIPES[host].files[0][1]).is_file()
    assert (folder / sign).read_text(encoding="utf-8") == "x\n"


def test_nothing_is_overwritten(folder: Path) -> None:
    """It says what the files that stay lack."""
    kept = {"sitegen.toml": "[site]\ntitle = 'x'\n", ".github/workflows/models.yml": "mine\n"}
    (folder / ".github/workflows").mkdir(parents=True)
    for path, text in kept.items():
        (folder / path).write_text(text, encoding="utf-8")
    done = sites.sitegen("init", "--host", "github")
    assert done.code == 0 and all((folder / path).read_text(encoding="utf-8") == kept[path] for path in kept)
    assert "sitegen.toml exists and stays as it is" in done.err
    assert "sitegen.toml needs pr-*/ in [publish] keep" in done.err
    assert sorted(new_files(folder)) == [
        *(".github/workflows/models-forks.yml", ".github/workflows/models.yml", "sitegen.toml"),
    ]
    again = sites.sitegen("init", "--host", "github")
    assert again.code == 0 and "is written" not in again.err and "git add" not in again.out


def test_a_pipeline_of_gitlab_stays_and_needs_a_line(folder: Path) -> None:
    (folder / ".gitlab-ci.yml").write_text("test: {script: [make]}\n", encoding="utf-8")
    line = ".gitlab-ci.yml needs - local: models.gitlab-ci.yml in its list include"
    assert line in sites.sitegen("init").err
    (folder / ".gitlab-ci.yml").write_text("include: [{local: models.gitlab-ci.yml}]\n", encoding="utf-8")
    assert line not in sites.sitegen("init").err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none"], "none does not exist"),
        ([".."], ".. is outside of this folder"),
        (["https://mlflow.example.org"], "sitegen build https://mlflow.example.org"),
        (["$HOME", "--host", "gitlab"], "has characters that files of CI cannot hold"),
        (["--host", "sourceforge"], "invalid choice: 'sourceforge'"),
    ],
)
def test_what_is_not_possible_is_one_sentence(arguments: list[str], said: str, folder: Path) -> None:
    """Nothing is written then."""
    (folder / "$HOME").mkdir()
    done = sites.sitegen("init", *arguments)
    assert done.code == 2 and said in done.err and new_files(folder) == []


def test_a_settings_file_with_a_mistake_stops_it(folder: Path) -> None:
    (folder / "sitegen.toml").write_text("[site]\ntitel = 'x'\n", encoding="utf-8")
    done = sites.sitegen("init", "--host", "github")
    assert done.code == 2 and "titel" in done.err and new_files(folder) == ["sitegen.toml"]


def test_a_file_in_place_of_a_folder_is_one_sentence(folder: Path) -> None:
    (folder / ".github").write_text("", encoding="utf-8")
    done = sites.sitegen("init")
    assert done.code == 2 and ".github/workflows/models.yml: Not a directory" in done.err


def test_a_link_in_place_of_a_folder_is_not_followed(folder: Path) -> None:
    """It may lead out of the repository."""
    (folder / "models/x").mkdir()
    (folder / ".github").symlink_to("models/x")
    done = sites.sitegen("init", "models")
    assert done.code == 2 and ".github is a symbolic link" in done.err and not list((folder / "models/x").iterdir())


def test_below_the_root_of_a_repository_nothing_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "models/m")
    done = sites.sitegen("init")
    assert done.code == 2 and done.err.endswith("cd ../..\n") and new_files(folder) == []


@pytest.mark.parametrize("path", ["models", "./models/", "a b's", "-x", 'é: #"\\1'])
def test_any_path_stands_in_the_files_as_it_is(path: str) -> None:
    """It is written as a text of YAML or of the shell."""
    text = fill(read_recipe("github.yml"), path, "model-sitegen @ https://example.org/a b")
    found = yaml.safe_load(text)["env"]
    assert (found["REGISTRY"], found["SITEGEN"]) == (path, "model-sitegen @ https://example.org/a b")
    assert text.count("\n") == read_recipe("github.yml").count("\n")


@pytest.mark.parametrize("path", ["${{ github.token }}", "a\nb", "\udcff"])
def test_a_path_that_would_be_read_in_another_way_is_refused(path: str) -> None:
    with pytest.raises(SitegenError, match="characters"):
        fill(read_recipe("github.yml"), path, "")


def test_the_files_install_the_sitegen_that_wrote_them() -> None:
    """That of an index or a repository; a path of this machine is of no use there."""
    commit = {"url": "https://example.org/s.git", "vcs_info": {"vcs": "git", "commit_id": "a1"}}
    assert portable_requirement("", {}) == f"model-sitegen=={VERSION}"
    assert portable_requirement("s3", {}) == f"model-sitegen[s3]=={VERSION}"
    assert portable_requirement("", commit) == "model-sitegen @ git+https://example.org/s.git@a1"
    assert portable_requirement("", {"url": "https://example.org/s.whl"}) == "model-sitegen @ https://example.org/s.whl"
    assert portable_requirement("", {**commit, "url": "ssh://git@example.org/s.git"}).endswith("@example.org/s.git@a1")
    for url in (
        "file:///clone",
        "https://token@example.org/s.git",
        "https://u:p@example.org/s",
        "https://e.org/s?sig=1",
    ):
        assert portable_requirement("", {**commit, "url": url}) == ""


def test_the_headers_of_all_hosts_are_the_same() -> None:
    """As `sitegen serve` sends them."""
    [azure] = [json.loads(read_recipe("staticwebapp.config.json"))["globalHeaders"]]
    netlify, nginx = read_recipe("_headers"), read_recipe("nginx.conf")
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
        assert f"  {name}: {azure[name]}\n" in netlify and f"add_header {name} {azure[name]} always;" in nginx
    for text in (netlify, nginx, read_recipe("staticwebapp.config.json")):
        assert "public, max-age=31536000, immutable" in text

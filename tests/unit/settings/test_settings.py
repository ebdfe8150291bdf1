"""Settings: what sitegen.toml may say, and one sentence for all that it may not."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from sitegen.core.errors import SitegenError
from sitegen.settings.accept import Accept
from sitegen.settings.settings import (
    Check,
    Diff,
    Files,
    Links,
    Metrics,
    Privacy,
    Publish,
    Registry,
    Settings,
    Site,
    parse_settings,
    read_settings,
)
from tests.support.registries import write

WHOLE = """
[site]
title = "Models of the stores"
description = "All of them"
base_url = "https://example.org/models"
templates = "theme"

[privacy]
paths = true
users = true
emails = true
secrets = true

[metrics]
main = ["rmse", "auc"]
baseline = "production"
tolerance = 1
directions = { lift = "higher", cost = "lower" }

[files]
url = "https://example.org/raw/{path}"
publish = "*.csv"
preview = []

[registry]
exclude = ["old", "**/tmp"]
fetch_minutes = 90

[links]
run = "https://mlflow.example.org/#/runs/{run_id}"
commit = "https://git.example.org/{commit}"
edit_url = "https://git.example.org/edit/{path}"

[publish]
keep = "pr-*/"

[check]
levels = { secret = "error", card-missing = "off" }
stale_days = 30
huge_mib = 100

[[check.ignore]]
where = "old/*"
reason = "it goes"
expires = 2026-11-30

[[diff.accept]]
model = "churn"
rule = "input-*"
reason = "agreed with the callers"
expires = 2026-12-31
"""


def test_every_setting_can_be_set() -> None:
    """A single text stands for a list of one; a whole number for a number."""
    settings = parse_settings(tomllib.loads(WHOLE), "sitegen.toml")
    accepted = Accept(model="churn", rule="input-*", reason="agreed with the callers", expires="2026-12-31")
    assert settings == Settings(
        site=Site(
            title="Models of the stores",
            description="All of them",
            base_url="https://example.org/models",
            templates="theme",
        ),
        registry=Registry(exclude=("old", "**/tmp"), fetch_minutes=90.0),
        privacy=Privacy(paths=True, users=True, emails=True, secrets=True),
        metrics=Metrics(
            directions=(("cost", "lower"), ("lift", "higher")),
            main=("rmse", "auc"),
            baseline="production",
            tolerance=1.0,
        ),
        files=Files(url="https://example.org/raw/{path}", publish=("*.csv",), preview=()),
        links=Links(
            run="https://mlflow.example.org/#/runs/{run_id}",
            commit="https://git.example.org/{commit}",
            edit_url="https://git.example.org/edit/{path}",
        ),
        publish=Publish(keep=("pr-*/",)),
        check=Check(
            levels=(("card-missing", "off"), ("secret", "error")),
            ignore=(Accept(where="old/*", reason="it goes", expires="2026-11-30"),),
            stale_days=30.0,
            huge_mib=100.0,
        ),
        diff=Diff(accept=(accepted,)),
    )
    assert repr(settings.metrics.tolerance) == "1.0"
    assert unset(settings) == []


def unset(settings: Settings) -> list[str]:
    """The settings that are what they are when nobody sets them."""
    return [
        f"{section.name}.{key.name}"
        for section in fields(Settings)
        for key in fields(getattr(settings, section.name))
        if getattr(getattr(settings, section.name), key.name) == key.default
    ]


def test_nothing_need_be_set() -> None:
    """All has a default."""
    assert parse_settings({}, "sitegen.toml") == Settings()


DIRECTIONS = 'sitegen.toml: metrics.directions must be a table whose values are "lower" or "higher"'
_ACCEPT = "[[diff.accept]]\nrule = 'x'\n"
WRONG = {
    "[check]\nignore = 5": "sitegen.toml: check.ignore must be a list of tables: [[check.ignore]]",
    "[check.levels]\nsecret = 'high'": (
        'sitegen.toml: check.levels must be a table whose values are "error", "warning", "info" or "off"'
    ),
    "[diff]\naccept = 5": "sitegen.toml: diff.accept must be a list of tables: [[diff.accept]]",
    f"{_ACCEPT}reason = 'y'": (
        "sitegen.toml: diff.accept[1] needs expires: nothing is accepted without a reason and a last day"
    ),
    f"{_ACCEPT}expires = 2026-12-31\nreason = ' '": "sitegen.toml: diff.accept[1]: reason must be a text",
    f"{_ACCEPT}reason = 'y'\nexpires = 'soon'": (
        "sitegen.toml: diff.accept[1]: expires must be a day such as 2026-12-31"
    ),
    f"{_ACCEPT}ruel = 'y'": (
        'sitegen.toml: diff.accept[1]: Unknown setting "ruel". Known: expires, model, reason, rule, version, where'
    ),
    "[[diff.accept]]\nreason = 'y'\nexpires = 2026-12-31": (
        "sitegen.toml: diff.accept[1] needs a model, version, rule or where: it would accept everything"
    ),
    'title = "x"': (
        'sitegen.toml: Unknown section "title". Known: '
        "check, diff, files, links, metrics, privacy, publish, registry, site"
    ),
    "site = 5": "sitegen.toml: [site] must be a table of settings",
    "[[site]]\ntitle = 'x'": "sitegen.toml: [site] must be a table of settings",
    '[site]\ntitel = "x"': (
        'sitegen.toml: Unknown setting "titel" in [site]. Known: base_url, description, templates, title'
    ),
    "[site]\ntitle = 5": "sitegen.toml: site.title must be a string",
    '[privacy]\npaths = "yes"': "sitegen.toml: privacy.paths must be true or false",
    "[privacy]\npaths = 1": "sitegen.toml: privacy.paths must be true or false",
    "[metrics]\nmain = 5": "sitegen.toml: metrics.main must be a string or a list of strings",
    "[metrics]\nmain = [5]": "sitegen.toml: metrics.main must be a string or a list of strings",
    "[metrics]\ntolerance = '1'": "sitegen.toml: metrics.tolerance must be a number",
    "[metrics]\ntolerance = true": "sitegen.toml: metrics.tolerance must be a number",
    "[metrics]\ntolerance = -0.1": "sitegen.toml: metrics.tolerance must be a number of at least 0",
    "[metrics]\ntolerance = nan": "sitegen.toml: metrics.tolerance must be a number of at least 0",
    "[registry]\nfetch_minutes = 0": "sitegen.toml: registry.fetch_minutes must be a number greater than 0",
    "[registry]\nfetch_minutes = inf": "sitegen.toml: registry.fetch_minutes must be a number greater than 0",
    "[metrics]\ndirections = 'lower'": DIRECTIONS,
    "[metrics.directions]\nrmse = 'down'": DIRECTIONS,
    "[metrics.directions]\nrmse = ['lower']": DIRECTIONS,
    "[metrics]\nmain = [[]]": "sitegen.toml: metrics.main must be a string or a list of strings",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_a_wrong_setting_is_one_sentence(text: str, message: str) -> None:
    """With the table and the key; a misspelt key does not silently do nothing."""
    with pytest.raises(SitegenError) as caught:
        parse_settings(tomllib.loads(text), "sitegen.toml")
    assert str(caught.value) == message


UNREADABLE: dict[str, str | bytes] = {
    "no TOML": "[site",
    "no UTF-8": b"[site]\ntitle = '\xff'",
    "nested beyond reason": "a = " + "[" * 5000,
    "a number of thousands of digits": "a = " + "9" * 5000,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: str | bytes) -> None:
    """With the file's name."""
    write(tmp_path, {"my.toml": content})
    with pytest.raises(SitegenError) as caught:
        read_settings(str(tmp_path / "my.toml"))
    assert str(caught.value).startswith(f"{tmp_path}/my.toml: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """Where it was asked for; the default one need not be there."""
    with pytest.raises(SitegenError, match=r"nowhere\.toml does not exist"):
        read_settings(str(tmp_path / "nowhere.toml"))


def test_the_file_in_the_current_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless another one is named."""
    monkeypatch.chdir(tmp_path)
    assert read_settings(None) == Settings()
    write(tmp_path, {"sitegen.toml": "[site]\ntitle = 'here'", "other.toml": "[site]\ntitle = 'there'"})
    assert read_settings(None).site.title == "here"
    assert read_settings("other.toml").site.title == "there"


def test_the_folder_of_templates_lies_beside_the_file(tmp_path: Path) -> None:
    """Wherever the command is run."""
    write(tmp_path, {"a/sitegen.toml": "[site]\ntemplates = 'theme'", "a/theme/base.html": ""})
    assert read_settings(str(tmp_path / "a/sitegen.toml")).site.templates == str(tmp_path / "a/theme")
    write(tmp_path, {"a/sitegen.toml": "[site]\ntemplates = 'themes'"})
    with pytest.raises(SitegenError, match=r"site\.templates: .* is not a folder"):
        read_settings(str(tmp_path / "a/sitegen.toml"))


URLS = {"https://h/a": "https://h/a/", "http://h": "http://h/", "https://h/a//": "https://h/a/", "": ""}


@pytest.mark.parametrize(("given", "url"), URLS.items())
def test_a_base_url_ends_in_a_slash(given: str, url: str) -> None:
    """What is joined to it is relative."""
    assert read_settings(None, given).site.base_url == url


@pytest.mark.parametrize("url", ["h", "ftp://h", "javascript:alert(1)", "/models"])
def test_a_base_url_is_a_web_address(url: str) -> None:
    """One that a browser can open."""
    with pytest.raises(SitegenError, match="must start with https:// or http://"):
        read_settings(None, url)


def test_the_flag_comes_before_the_file(tmp_path: Path) -> None:
    """So that one file serves several places of publication."""
    write(tmp_path, {"s.toml": "[site]\nbase_url = 'https://file'"})
    assert read_settings(str(tmp_path / "s.toml")).site.base_url == "https://file/"
    assert read_settings(str(tmp_path / "s.toml"), "https://flag").site.base_url == "https://flag/"

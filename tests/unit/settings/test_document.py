"""The sitegen.toml that `sitegen init` writes: every setting, with its default."""

import re
import tomllib
from dataclasses import fields, replace

from sitegen.settings.accept import Accept
from sitegen.settings.document import HELP, settings_document
from sitegen.settings.settings import Check, Diff, Publish, Settings, parse_settings, parse_settings_text
from tests.support.options import ROOT


def test_a_new_file_changes_nothing() -> None:
    assert parse_settings_text(settings_document(), "sitegen.toml") == Settings()


def test_each_line_shows_a_default() -> None:
    """Without the marks of comments it is the settings again; the lists of findings have an example each."""
    text = re.sub(r"^#(?! )", "", settings_document(), flags=re.MULTILINE)
    found = parse_settings(tomllib.loads(text), "sitegen.toml")
    [ignore], [accept] = found.check.ignore, found.diff.accept
    assert isinstance(ignore, Accept) and isinstance(accept, Accept)
    assert replace(found, check=replace(found.check, ignore=()), diff=Diff()) == Settings()
    assert found.check.stale_days == Check().stale_days


def test_each_setting_has_a_line_about_it() -> None:
    """And no line is about a setting that is gone."""
    found = [f"{one.name}.{key.name}" for one in fields(Settings) for key in fields(one.default_factory)]
    assert sorted(found) == sorted(HELP)


def test_globs_to_keep_are_settings() -> None:
    settings = parse_settings_text(settings_document(("pr-*/",)), "sitegen.toml")
    assert settings == replace(Settings(), publish=Publish(keep=("pr-*/",)))


def test_the_readme_shows_each_setting() -> None:
    """Its example is a valid file."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```toml\n(.*?)^```$", readme, flags=re.DOTALL | re.MULTILINE)
    parse_settings_text(text, "README.md")
    assert HELP.keys() == {f"{name}.{key}" for name, table in tomllib.loads(text).items() for key in table}

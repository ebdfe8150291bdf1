"""The style sheets and scripts that pages load: what they are joined of, and how a user's files take their place."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.core.errors import SitegenError
from sitegen.site.assets import SCRIPTS, join_script
from sitegen.site.theme import load_theme, shipped_folder
from tests.conftest import ROOT
from tests.support.registries import write

ASSETS = shipped_folder() / "assets"


def test_each_folder_is_a_script() -> None:
    assert sorted(SCRIPTS.values()) == sorted(path.parent.name for path in ASSETS.glob("*/files.txt"))
    assert not list(ASSETS.glob("*.js"))


@pytest.mark.parametrize("folder", SCRIPTS.values())
def test_each_file_of_a_folder_is_in_its_list_once(folder: str) -> None:
    names = (ASSETS / folder / "files.txt").read_text("utf-8").split()
    assert sorted(names) == sorted(path.name for path in (ASSETS / folder).glob("*.js"))
    expected = b"\n".join((ASSETS / folder / name).read_bytes() for name in names)
    assert join_script(load_theme(""), folder) == expected


def test_a_file_of_the_user_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    write(tmp_path, {"assets/studio/look.js": "/* mine */"})
    script = join_script(load_theme(str(tmp_path)), "studio")
    assert b"\n/* mine */\n" in script
    assert (ASSETS / "studio/look.js").read_bytes() not in script
    assert (ASSETS / "studio/sentence.js").read_bytes() in script


def test_the_user_may_add_files_to_a_script(tmp_path: Path) -> None:
    names = (ASSETS / "common/files.txt").read_text("utf-8")
    write(tmp_path, {"assets/common/files.txt": f"{names}\n\n  mine.js\n", "assets/common/mine.js": "/* mine */"})
    assert join_script(load_theme(str(tmp_path)), "common") == join_script(load_theme(""), "common") + b"\n/* mine */"


def test_a_list_that_names_no_file_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"assets/common/files.txt": "theme.js\ngone.js"})
    with pytest.raises(SitegenError, match=r"^the asset common/gone\.js is not there$"):
        join_script(load_theme(str(tmp_path)), "common")


FORMER = {
    "site.js": "assets/common/",
    "model.js": "assets/model/page.js",
    "studio.js": "assets/studio/studio.js",
    "studio_chart.js": "assets/studio/chart.js",
    "studio_numbers.js": "assets/common/numbers.js",
    "compare.js": "assets/compare/page.js",
    "compare_verdict.js": "assets/compare/verdict.js",
}


@pytest.mark.parametrize("name", FORMER)
def test_a_script_of_a_former_name_is_no_silent_loss(name: str, tmp_path: Path) -> None:
    """What the user wrote would be on no page: the build says where it has its place now."""
    write(tmp_path, {f"theme/assets/{name}": "", "sitegen.toml": "[site]\ntemplates = 'theme'"})
    assert (ASSETS.parent / FORMER[name]).exists()
    with pytest.raises(SitegenError, match=re.escape(f"{name} replaces nothing") + ".*" + re.escape(FORMER[name])):
        load_theme(str(tmp_path / "theme"))
    registry = str(ROOT / "sample_registry")
    command = [sys.executable, "-m", "sitegen", "build", registry, "--config", "sitegen.toml", "--output", "site"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert FORMER[name] in done.stderr
    assert "Traceback" not in done.stderr


def test_other_scripts_of_the_user_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"assets/analytics.js": "", "assets/custom.css": "a {}"})
    assert load_theme(str(tmp_path)).custom_style() == b"a {}"


def test_the_tools_of_javascript_are_pinned_without_addresses() -> None:
    """Whoever installs them asks their own package index; digests are those of the packages."""
    lock = json.loads((ROOT / ".ci/package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert {"node_modules/eslint", "node_modules/typescript"} <= set(packages)
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())

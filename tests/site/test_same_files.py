"""Version pages name earlier versions with the same file: an incremental build must equal a clean one."""

import shutil
from pathlib import Path

from tests.support import sites
from tests.support.registries import layout, write


def named(site: Path, version: str) -> list[str]:
    """The versions that the page names, in order of its files."""
    page = (site / f"models/m/{version}/index.html").read_text("utf-8")
    return [part.partition("<")[0] for part in page.split('data-l="Same file in">')[1:]]


def test_pages_follow_files_of_other_versions(tmp_path: Path) -> None:
    """A new version changes no older page; a version that goes changes those that named it."""
    registry, site = tmp_path / "registry", tmp_path / "site"
    files = {
        **layout("m", "1", **{"requirements.txt": "numpy==2.0"}),
        **layout("m", "2", **{"requirements.txt": "x==1"}),
    }
    sites.built(write(registry, files), site)
    assert named(site, "1") == [] and named(site, "2") == ["v1"]  # MLmodel
    before = (site / "models/m/1/index.html").read_bytes()
    write(registry, layout("m", "3", **{"requirements.txt": "numpy==2.0"}))
    sites.built(registry, site)
    assert named(site, "3") == ["v1, v2", "v1"]
    assert named(site, "1") == [] and (site / "models/m/1/index.html").read_bytes() == before
    shutil.rmtree(registry / "m/1")
    sites.built(registry, site)
    assert named(site, "3") == ["v2"]
    assert sites.contents(site) == sites.contents(sites.built(registry, tmp_path / "clean"))

"""Provenance on version pages: links from the settings, and other versions of a run."""

import shutil
from pathlib import Path

from sitegen.settings.settings import Links, Settings
from tests.support import sites
from tests.support.registries import layout, mlmodel, write

SETTINGS = Settings(links=Links(run="https://mlflow.example.org/{run_id}", edit_url="https://git.example.org/{path}"))


def registry(root: Path, *versions: str) -> Path:
    """Versions that one run logged."""
    for version in versions:
        files = {"MLmodel": mlmodel(run_id="r1"), "model.yaml": "description: one"}
        write(root, layout("m", version, **files))
    return root


def test_pages_link_to_run_form_and_other_versions(tmp_path: Path) -> None:
    """And an incremental build equals a clean one after a version of the run is gone."""
    root, site = registry(tmp_path / "registry", "1", "2", "3"), tmp_path / "site"
    sites.update(root, site, SETTINGS)
    page = site / "models/m/2/index.html"
    links = sites.page(page).links()
    assert {"https://mlflow.example.org/r1", "https://git.example.org/m/2/model.yaml"} <= set(links)
    listed = page.read_text("utf-8").partition("Other versions of this run, in this model")[2].partition("</div>")[0]
    assert listed == '</dt><dd><a href="../1/index.html">v1</a>, <a href="../3/index.html">v3</a></dd>'
    shutil.rmtree(root / "m/1")
    sites.update(root, site, SETTINGS)
    sites.update(root, tmp_path / "clean", SETTINGS)
    assert sites.contents(site) == sites.contents(tmp_path / "clean")

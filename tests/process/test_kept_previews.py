"""Previews of pull requests in folders of the site, written by other builds: `[publish] keep = ["pr-*/"]`."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.settings.keep import MANIFEST, Keep
from sitegen.storage.release import open_release
from tests.support import sites
from tests.support.kills import Killer, killer
from tests.support.registries import Files, auc, layout, write

BASE_URL = "https://example.org/models/"


def registry(root: Path, count: int, value: float) -> Path:
    """A registry, instead of the one that was there."""
    files: Files = {}
    for name in ("churn", "risk"):
        for number in range(1, count + 1):
            files |= layout(name, str(number), metrics_json=auc(value))
    shutil.rmtree(root, ignore_errors=True)
    return write(root, files)


class Place:
    """A site with a preview in it; each has its own registry and cache."""

    def __init__(self, root: Path) -> None:
        self.root, self.site = root, root / "site"
        self.preview = self.site / "pr-1"
        self.config = root / "sitegen.toml"
        self.config.write_text('[publish]\nkeep = ["pr-*/"]\n')
        registry(root / "main", 2, 0.1)
        registry(root / "change", 3, 0.2)

    def main(self, output: Path | None = None) -> list[str]:
        """The command that writes the site."""
        return [*self._command("main", output or self.site), "--config", str(self.config), "--base-url", BASE_URL]

    def change(self, output: Path | None = None) -> list[str]:
        """The command that writes the preview."""
        return [*self._command("change", output or self.preview), "--base-url", f"{BASE_URL}pr-1/"]

    def _command(self, name: str, output: Path) -> list[str]:
        cache = sites.warm(self.root / f"cache-{name}")
        return ["build", str(self.root / name), "--output", str(output), "--cache", str(cache)]

    def expected(self, command: list[str]) -> dict[str, bytes]:
        """What a command writes into a folder of its own."""
        alone = self.root / "alone"
        shutil.rmtree(alone, ignore_errors=True)
        place = command.index("--output") + 1
        run([*command[:place], str(alone), *command[place + 1 :]])
        return sites.contents(alone)

    def check(self) -> None:
        """The site and the preview are what they would be in folders of their own."""
        found = sites.contents(self.site)
        inside = {path: data for path, data in found.items() if path.startswith("pr-1/")}
        assert {path.removeprefix("pr-1/"): data for path, data in inside.items()} == self.expected(self.change())
        assert {path: found[path] for path in found.keys() - inside} == self.expected(self.main())
        assert b"pr-1" not in found["sitemap.xml"] + found["sitegen-manifest.txt"]
        assert sorted(os.listdir(self.root)) == sorted(
            ["alone", "cache-change", "cache-main", "change", "main", "site", "sitegen.toml"]
        )


def stamps(site: Path) -> dict[str, tuple[int, int]]:
    """Stamps of all that is in a folder, without that of the folder itself."""
    return {path: stamp for path, stamp in sites.stamps(site).items() if path != "."}


def run(command: list[str]) -> None:
    """Run a command that has nothing to complain about."""
    done = sites.sitegen(*command)
    assert done.code == 0, done.err


@pytest.mark.parametrize("first", ["main", "change"])
def test_a_preview_inside_of_the_site(first: str, tmp_path: Path) -> None:
    """Whoever comes first; then both change, several times, and the main build loses its cache."""
    place = Place(tmp_path)
    order = [place.main, place.change] if first == "main" else [place.change, place.main]
    for number in range(3):
        for command in order:
            run(command())
        place.check()
        registry(tmp_path / "main", 3 - number, 0.3)
        registry(tmp_path / "change", 2, 0.4 + number / 10)
        if number == 1:
            shutil.rmtree(tmp_path / "cache-main")


def test_a_preview_that_closes(tmp_path: Path) -> None:
    """Its folder is deleted, by whoever made it; the site does not notice."""
    place = Place(tmp_path)
    run(place.main())
    alone = stamps(place.site)
    run(place.change())
    shutil.rmtree(place.preview)
    run(place.main())
    assert stamps(place.site) == alone


def test_a_preview_that_begins_during_a_build(tmp_path: Path) -> None:
    """It is there when the build ends, although the build began without it."""
    site = tmp_path / "site"
    write(site, {"index.html": "old"})
    with open_release(str(site), Keep(("pr-*/",)), clean=True) as release:
        release.output.write("index.html", b"new")
        release.output.write(MANIFEST, b"")
        write(site, {"pr-7/index.html": "preview"})
        release.finish(())
    assert sites.contents(site) == {"index.html": b"new", MANIFEST: b"", "pr-7/index.html": b"preview"}


# --- kills ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copies() -> Iterator[Killer]:
    """Builds to be killed."""
    with killer() as made:
        yield made


def test_a_build_of_a_preview_that_is_killed(tmp_path: Path, copies: Killer) -> None:
    """The site is written all the same, and leaves alone what the killed build left, which may still run."""
    place = Place(tmp_path)
    run(place.main())
    left: set[str] = set()
    moment, code = 0, -9
    while code:
        moment += 23
        shutil.rmtree(place.preview, ignore_errors=True)
        shutil.rmtree(tmp_path / "cache-change", ignore_errors=True)
        code = copies.build(place.change(), str(place.site), moment)
        before = {path: stamp for path, stamp in sites.stamps(place.site).items() if "pr-1" in path}
        left |= {path.partition("/")[0].partition("-new")[0] for path in before}
        shutil.rmtree(tmp_path / "cache-main")
        registry(tmp_path / "main", 2, moment / 1000)
        run(place.main())
        after = {path: stamp for path, stamp in sites.stamps(place.site).items() if "pr-1" in path}
        assert after == before
    assert left == {"pr-1", ".pr-1.sitegen"}
    run(place.change())
    place.check()


@pytest.mark.parametrize("known", [False, True], ids=["clean", "incremental"])
def test_a_build_of_the_site_that_is_killed(known: bool, tmp_path: Path, copies: Killer) -> None:
    """The preview stays as it is, and the next build completes the site."""
    place = Place(tmp_path)
    for command in (place.main(), place.change()):
        run(command)
    preview, kills = sites.stamps(place.preview), 0
    moment, code = 0, -9
    while code:
        moment += 17
        registry(tmp_path / "main", 1 + moment % 3, moment / 1000)
        if not known:
            shutil.rmtree(tmp_path / "cache-main")
        code = copies.build(place.main(), str(place.site), moment)
        kills += code == -9
        assert sites.stamps(place.preview) == preview
        assert sites.lost_links(place.preview) == []
        run(place.main())
        place.check()
    assert kills

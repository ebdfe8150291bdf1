"""Links of a local tree: the listing marks them, a change of them is a change of the listing, and each has a target."""

import os
from pathlib import Path

import pytest

from sitegen.storage.listing import Folder
from sitegen.storage.tree import open_local_tree

TARGETS = {
    "a.txt": "a.txt",
    "m/b.txt": "m/b.txt",
    "m/link.txt": "a.txt",
    "m/second.txt": "a.txt",
    "m/out.txt": "",
    "m/loop.txt": "",
    "m/nothing.txt": "",
    "m/missing.txt": "",
    "folder/b.txt": "m/b.txt",
    "m/\0": "",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Files and links of each kind; the tree itself is opened by way of a link."""
    (tmp_path / "real/m").mkdir(parents=True)
    (tmp_path / "out.txt").write_text("secret")
    for name in ("a.txt", "m/b.txt"):
        (tmp_path / "real" / name).write_text("same")
    links = {"link.txt": "../a.txt", "second.txt": "link.txt", "out.txt": "../../out.txt", "loop.txt": "loop.txt"}
    for name, target in (links | {"nothing.txt": "nowhere"}).items():
        (tmp_path / "real/m" / name).symlink_to(target)
    (tmp_path / "real/folder").symlink_to("m")
    (tmp_path / "root").symlink_to("real")
    return tmp_path / "root"


@pytest.mark.parametrize(("path", "target"), TARGETS.items())
def test_the_target_of_a_file(root: Path, path: str, target: str) -> None:
    """The file itself, or what a chain of links leads to; nothing outside of the root."""
    assert open_local_tree(str(root)).target(path) == target


def listed(root: Path) -> Folder:
    """The listing of the folder with links."""
    return open_local_tree(str(root)).walk()[0]["m"]


def test_a_listing_marks_links(root: Path) -> None:
    """With the size of the file that each leads to; links out of the root are left out."""
    files = {file.path: (file.size, file.link) for file in listed(root).files("m/")}
    assert files == {"m/b.txt": (4, False), "m/link.txt": (4, True), "m/second.txt": (4, True)}


def test_another_link_to_the_same_file_is_a_change(root: Path) -> None:
    """By its own inode and time: size, stamp and inode of its target are the same."""
    os.link(root / "a.txt", root / "c.txt")
    before = listed(root)
    (root / "m/link.txt").unlink()
    (root / "m/link.txt").symlink_to("../c.txt")
    after = listed(root)
    assert (before.names, [*before.stamps()]) == (after.names, [*after.stamps()])
    assert before.facts != after.facts

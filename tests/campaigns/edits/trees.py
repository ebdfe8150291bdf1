"""Edits of folders of files: what people, editors and tools for copying and unpacking do, and what nobody should."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.support.images import whole_png

IMAGES = ("![x](plot.png)", "![x](1/plot.png) ![y](docs/plot.png)", "<img src='2/plot.png' alt='x'> ![y](../plot.png)")
"""Cards with images."""

Edit = Callable[[Random, Path], object]
"""An edit of the registry in a folder. One that is impossible there raises OSError or IndexError."""

NAMES = (
    "1",
    "2",
    "7",
    "1.2.0",
    "2.0.0-rc1",
    "v3",
    "new",
    "Churn",
    "a b",
    "9",
    "version-9",
    "4d" * 16,
    "m-" + "5e" * 16,
)
"""Names that folders get: of versions, models, experiments, runs and logged models."""


def _files(root: Path) -> list[Path]:
    return sorted(
        path for path in root.rglob("*") if path.is_file() and path.suffix != ".db" and ".db-" not in path.name
    )


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())


def _twins(dice: Random, root: Path, paths: Callable[[Path], list[Path]]) -> tuple[Path, Path]:
    """Two files or folders at the same depth, files of the same name; none holds the other."""
    found = paths(root)
    one = dice.choice(found)
    same = [
        path
        for path in found
        if path != one and len(path.parts) == len(one.parts) and (one.is_dir() or path.name == one.name)
    ]
    return one, dice.choice(same)


def _swap(one: Path, other: Path) -> None:
    between = one.with_name(".between")
    one.rename(between)
    other.rename(one)
    between.rename(other)


def swap_folders(dice: Random, root: Path) -> None:
    """Two folders exchange their names; no file in them notices."""
    _swap(*_twins(dice, root, _folders))


def swap_files(dice: Random, root: Path) -> None:
    """Two files of the same name exchange their folders."""
    _swap(*_twins(dice, root, _files))


def rename_folder(dice: Random, root: Path) -> None:
    """A folder gets another name."""
    folder = dice.choice(_folders(root))
    folder.rename(folder.with_name(dice.choice(NAMES)))


def move_folder(dice: Random, root: Path) -> None:
    """A folder moves into another."""
    folder, parent = dice.choice(_folders(root)), dice.choice(_folders(root))
    folder.rename(parent / folder.name)


def copy_folder(dice: Random, root: Path) -> None:
    """A folder is copied, with or without the times of its files."""
    folder = dice.choice(_folders(root))
    copy = dice.choice([shutil.copy, shutil.copy2])
    shutil.copytree(folder, folder.with_name(dice.choice(NAMES)), symlinks=True, copy_function=copy)


def unpack_folder(dice: Random, root: Path) -> None:
    """A folder is replaced by a copy with the same times, as `rsync -t` and `tar` leave it."""
    folder = dice.choice(_folders(root))
    copy = folder.with_name(".copy")
    shutil.copytree(folder, copy, symlinks=True)
    shutil.rmtree(folder)
    copy.rename(folder)


def delete_folder(dice: Random, root: Path) -> None:
    """A folder goes, with all that lies in it."""
    shutil.rmtree(dice.choice(_folders(root)))


def delete_file(dice: Random, root: Path) -> None:
    """A file goes."""
    dice.choice(_files(root)).unlink()


def _changed(dice: Random, data: bytes) -> bytes:
    """A text of the same size with one digit changed, or with two numbers exchanged."""
    numbers = list(re.finditer(rb"\d", data))
    if len(numbers) > 1 and dice.random() < 0.3:
        one, other = sorted(dice.sample(numbers, 2), key=re.Match.start)
        middle = data[one.end() : other.start()]
        return data[: one.start()] + other[0] + middle + one[0] + data[other.end() :]
    place = dice.choice(numbers)
    return data[: place.start()] + str(dice.randrange(10)).encode() + data[place.end() :]


def change_in_place(dice: Random, root: Path) -> None:
    """A file of the same size takes the place of a file's contents, and its time stays, as with `cp -p`."""
    path = dice.choice(_files(root))
    facts = path.stat()
    path.write_bytes(_changed(dice, path.read_bytes()))
    if dice.random() < 0.5:
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def replace_file(dice: Random, root: Path) -> None:
    """A new file of the same size and time takes the place of another, as editors and `rsync -t` do it."""
    path = dice.choice(_files(root))
    facts, copy = path.stat(), path.with_name(".copy")
    copy.write_bytes(_changed(dice, path.read_bytes()))
    os.utime(copy, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    copy.replace(path)


def touch_file(dice: Random, root: Path) -> None:
    """A file gets another time, as with `touch -d`."""
    os.utime(dice.choice(_files(root)), ns=(0, dice.choice([0, 10**9, 4 * 10**18])))


def cut_file(dice: Random, root: Path) -> None:
    """A file is cut off anywhere."""
    path = dice.choice(_files(root))
    os.truncate(path, dice.randint(0, path.stat().st_size))


def link_file(dice: Random, root: Path) -> None:
    """A file becomes a link to another of the same name; a link is pointed to another."""
    one, other = _twins(dice, root, _files)
    one.unlink()
    one.symlink_to(os.path.relpath(other, one.parent))


def hard_link_file(dice: Random, root: Path) -> None:
    """A file becomes the same as another of its name: what changes one changes both."""
    one, other = _twins(dice, root, _files)
    one.unlink()
    os.link(other, one)


def replace_by_folder(dice: Random, root: Path) -> None:
    """A folder takes the place of a file."""
    path = dice.choice(_files(root))
    path.unlink()
    path.mkdir()


def add_file(dice: Random, root: Path) -> None:
    """A file that somebody logged appears; the contents are few, so that many have the same size."""
    name, content = dice.choice(
        [
            ("metrics.json", f'{{"auc": 0.{dice.randrange(10)}}}'),
            ("params.json", f'{{"depth": {dice.randrange(10)}}}'),
            ("tags.json", dice.choice(['{"api_key": "x1"}', '{"at": "/home/someone/x"}', '{"a": "b"}'])),
            ("model.yaml", f"aliases: {{champion: {dice.randrange(4)}}}\ndescription: {dice.choice('xy')}\n"),
            ("README.md", dice.choice(["# One", "# Two", "[x](y)", *IMAGES])),
            ("plot.svg", "<svg/>"),
            ("plot.png", dice.choice([whole_png(8, 8), whole_png(8, 4), whole_png(8, 8)[:-1]])),
            ("plot.png", whole_png(8, 8)),
            ("MLmodel", dice.choice(["flavors: {}\n", "a: [", ""])),
        ]
    )
    path = dice.choice(_folders(root)) / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


TREE_EDITS: tuple[Edit, ...] = (
    swap_folders,
    swap_files,
    rename_folder,
    move_folder,
    copy_folder,
    unpack_folder,
    delete_folder,
    delete_file,
    change_in_place,
    replace_file,
    touch_file,
    cut_file,
    link_file,
    hard_link_file,
    replace_by_folder,
    add_file,
)

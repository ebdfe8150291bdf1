"""Revisions of the repository as folders, and which lines of one are lines of the other."""

import re
import subprocess
from pathlib import Path

from tests.support.options import ROOT

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def git(*arguments: str) -> str:
    """What git says."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def unpack(revision: str, folder: Path) -> Path:
    """The files of a revision in a folder."""
    folder.mkdir(parents=True)
    with subprocess.Popen(["git", "archive", revision], cwd=ROOT, stdout=subprocess.PIPE) as archive:
        subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
    return folder


def files(revision: str, folder: str) -> list[str]:
    """The Python files of a revision below a folder."""
    return [path for path in git("ls-tree", "-r", "--name-only", revision, folder).splitlines() if path.endswith(".py")]


def former_paths(before: str, after: str, folder: str) -> dict[str, str]:
    """By path of a Python file, its path at an earlier revision. New files are left out."""
    known = {path: path for path in set(files(before, folder)).intersection(files(after, folder))}
    for line in git("diff", "--name-status", "-M", "--diff-filter=R", before, after, "--", folder).splitlines():
        _, old, new = line.split("\t")
        if new.endswith(".py"):
            known[new] = old
    return known


def former_lines(before: str, old: str, after: str, new: str) -> dict[int, int]:
    """By number of a line, its number at an earlier revision. Lines that are new or changed are left out."""
    diff = git("diff", "-U0", f"{before}:{old}", f"{after}:{new}")
    return equal_lines(diff, git("show", f"{after}:{new}").count("\n"))


def equal_lines(diff: str, count: int) -> dict[int, int]:
    """By number of a line of the new file, which has `count`, its number in the old file; the diff has no context."""
    found: dict[int, int] = {}
    line, shift = 1, 0
    for hunk in _HUNK.finditer(diff):
        old_start, old_size, start, size = (int(number) for number in hunk.groups("1"))
        first = start if size else start + 1  # git names the line before an empty stretch
        found |= {number: number + shift for number in range(line, first)}
        line = first + size
        shift = (old_start if old_size else old_start + 1) + old_size - line
    return found | {number: number + shift for number in range(line, count + 1)}

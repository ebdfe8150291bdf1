"""Real git repositories for tests, with fixed authors and times."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.support.registries import write

_AUTHOR = {f"GIT_{role}_{part}": text for role in ("AUTHOR", "COMMITTER") for part, text in (
    ("NAME", "someone"), ("EMAIL", "someone@example.org"), ("DATE", "2026-01-03T10:00:00Z"),
)}  # fmt: skip
_PLAIN = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; what it says."""
    command = ["git", "-c", "protocol.file.allow=always", *arguments]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(command, cwd=folder, env=environment | _AUTHOR | _PLAIN, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A repository whose branch main has these files in its first commit."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return commit(folder, files)


def commit(folder: Path, files: Mapping[str, str | bytes | None], branch: str | None = None) -> Path:
    """Commit files, on a new branch if one is named; None removes a file or folder."""
    if branch:
        git(folder, "checkout", "--quiet", "-b", branch)
    for path in (path for path, content in files.items() if content is None):
        git(folder, "--literal-pathspecs", "rm", "-r", "--quiet", "--", path)
    write(folder, {path: content for path, content in files.items() if content is not None})
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "a change")
    return folder

"""A git repository: running git without its hooks, filters and network, and finding commits."""

import os
import subprocess
from collections.abc import Mapping
from typing import NamedTuple

from sitegen.core.errors import SitegenError

_HARMLESS = (
    *("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.askPass=", "core.sshCommand=false"),
    *("core.pager=cat", "core.attributesFile=", "diff.orderFile=", "diff.external=", "protocol.allow=never"),
    *("uploadpack.packObjectsHook=", "gc.auto=0", "maintenance.auto=false"),
)
"""Settings that override those of the repository, which may come from somebody else: nothing of it is run."""

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
"""Variables for git: no network, no prompts, no locks, no replaced objects, messages in English."""

_USERS_OWN = frozenset(
    [
        *("GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM"),
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    ]
)
"""Variables of git that stay as the user set them; all others would name another repository or another program."""

MAX_SECONDS = 120
"""The longest time of one answer of git."""


class InnerRepositoryError(SitegenError):
    """A bare repository lies inside of a work tree."""


class Commit(NamedTuple):
    """A commit: the text by which the user names it, and its id."""

    name: str
    id: str


class Repository(NamedTuple):
    """A git repository.

    `folder` is its git directory. `prefix` is the current folder relative to the root of the work tree, and ends in a
    slash unless it is empty.
    """

    folder: str
    prefix: str

    def run(self, *arguments: str) -> bytes:
        """The output of a git command. Raises SitegenError with the first line of git's message."""
        return _run((f"--git-dir={self.folder}", *arguments))

    def command(self, *arguments: str) -> list[str]:
        """The command line for a git command on this repository."""
        return command_line(f"--git-dir={self.folder}", *arguments)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables for git, from those of this process."""
    own = {name: text for name, text in variables.items() if not name.startswith("GIT_") or name in _USERS_OWN}
    return own | _ENVIRONMENT


def command_line(*arguments: str) -> list[str]:
    """The command line of git with harmless settings."""
    settings = (part for setting in _HARMLESS for part in ("-c", setting))
    return ["git", "--no-pager", *settings, *arguments]


def open_repository() -> Repository:
    """The repository of the current folder. Raises SitegenError where there is none.

    A change may add the files of a bare repository, whose branches and settings git would then read in that folder: one
    inside of a work tree is refused with InnerRepositoryError.
    """
    output = _run(("rev-parse", "--absolute-git-dir", "--show-prefix")).removesuffix(b"\n")
    folder, _, prefix = (os.fsdecode(part) for part in output.rpartition(b"\n"))
    if is_bare(folder) and _is_in_work_tree(os.path.dirname(os.path.realpath(folder))):
        raise InnerRepositoryError(f"{folder} is a repository among the files of another one: run sitegen above it")
    return Repository(folder, prefix)


def is_bare(folder: str) -> bool:
    """Whether the current folder is a git directory or lies in one, rather than in a work tree."""
    own, here = os.path.realpath(folder), os.path.realpath(os.curdir)
    return here == own or here.startswith(f"{own}{os.sep}")


def _is_in_work_tree(folder: str) -> bool:
    try:
        return _run(("-C", folder, "rev-parse", "--is-inside-work-tree")).strip() == b"true"
    except SitegenError:
        return False


def find_commit(repository: Repository, name: str) -> Commit:
    """The commit that a revision names. Raises SitegenError with the reason where there is none."""
    if "\0" in name or not name:
        raise SitegenError(f"{name!r} is not the name of a revision")
    try:
        id = repository.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except SitegenError as error:
        raise SitegenError(_why_missing(repository, name)) from error
    found = id.decode().strip()
    if not found.isalnum():  # ^main excludes a commit
        raise SitegenError(f"{name} is not the name of one revision")
    return Commit(name, found)


def merge_base(repository: Repository, base: Commit, head: Commit) -> Commit:
    """The commit from which both branched off. Raises SitegenError where git finds none."""
    try:
        found = repository.run("merge-base", base.id, head.id).split()
    except SitegenError:
        found = []
    if not found:
        hint = "; this clone is shallow: fetch more of its history" if _is_shallow(repository) else ""
        raise SitegenError(f"{base.name} and {head.name} have no common commit here{hint}")
    return Commit(base.name, found[0].decode())


def _why_missing(repository: Repository, name: str) -> str:
    if name in ("HEAD", "@"):
        return f"{name}: the branch has no commit yet"
    if _is_shallow(repository):
        return f"unknown revision {name}; this clone is shallow: fetch the revision first, sitegen fetches nothing"
    return f"unknown revision {name}; a branch of a remote is called origin/NAME, and sitegen fetches nothing"


def _is_shallow(repository: Repository) -> bool:
    return repository.run("rev-parse", "--is-shallow-repository").strip() == b"true"


def _run(arguments: tuple[str, ...]) -> bytes:
    try:
        done = subprocess.run(
            command_line(*arguments),
            capture_output=True,
            check=False,
            env=environment(os.environ),
            stdin=subprocess.DEVNULL,
            timeout=MAX_SECONDS,
        )
    except FileNotFoundError as error:
        raise SitegenError("git is not installed, and revisions are read by it") from error
    except subprocess.TimeoutExpired as error:
        raise SitegenError(f"git did not answer within {MAX_SECONDS} seconds") from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise SitegenError(f"git {lines[0].removeprefix('fatal: ') if lines else 'failed'}")
    return done.stdout

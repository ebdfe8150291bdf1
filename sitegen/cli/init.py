"""`sitegen init`: write a sitegen.toml and the files with which a host publishes the site; overwrite nothing."""

import os
import posixpath
import re
import shlex
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.cli.recipes import RECIPES, Recipe, fill, read_recipe
from sitegen.cli.report import terminal
from sitegen.core.errors import SitegenError
from sitegen.settings.document import settings_document
from sitegen.settings.keep import Keep
from sitegen.settings.settings import NAME, Settings, read_settings
from sitegen.storage.extras import installed_origin, portable_requirement
from sitegen.storage.git.repository import open_repository

_SIGNS = {"gitlab": (".gitlab-ci.yml",), "github": (".github",)}
"""Files that a repository has for a host; they decide before its remotes."""

_REMOTE_HOST = re.compile(r"(?:[a-z+]+://)?(?:[^@/]*@)?([^/:@]+)[:/]")
"""The name of the machine in the address of a remote: https://HOST/..., git@HOST:..."""

_PIPELINE, _JOBS = ".gitlab-ci.yml", "models.gitlab-ci.yml"


class _NewFile(NamedTuple):
    """A file to write, by its path from the current folder."""

    path: str
    text: str


def run(options: Namespace) -> int:
    """Write what does not exist yet, and say what to do next. Raises SitegenError."""
    _check_folder()
    settings = read_settings(None)  # of a sitegen.toml that exists
    registry = _registry_path(options.registry)
    host = options.host or find_host(_remote_urls())
    recipe = RECIPES[host] if host else None
    requirement = portable_requirement(recipe.extra if recipe else "", installed_origin())
    files = [_NewFile(NAME, settings_document(recipe.keep if recipe else ()))]
    if recipe:
        files += [_NewFile(path, fill(read_recipe(name), registry, requirement)) for name, path in recipe.files]
    written = [file for file in files if _write_new(file)]
    for hint in _hints(recipe, settings, written):
        terminal.print_message(hint)
    terminal.write("".join(_next_steps(recipe, registry, [file.path for file in written])))
    return 0


def find_host(remote_urls: tuple[str, ...]) -> str | None:
    """The host by its files in the current folder, else by the addresses of git remotes; None if neither tells."""
    for host, names in _SIGNS.items():
        if any(Path(name).exists() for name in names):
            return host
    machines = [found[1].lower() for found in map(_REMOTE_HOST.match, remote_urls) if found]
    return next((host for machine in machines for host in ("github", "gitlab") if host in machine), None)


def _check_folder() -> None:
    """Raise SitegenError in a folder below the root of a repository: no host reads the files there."""
    try:
        prefix = open_repository().prefix
    except SitegenError:  # no repository, or no git
        return
    if prefix:
        root = "/".join([".."] * prefix.count("/"))
        raise SitegenError(f"run sitegen init in the root of the repository, where hosts look for files: cd {root}")


def _remote_urls() -> tuple[str, ...]:
    """The addresses of the repository's remotes; that of origin first."""
    try:
        output = open_repository().run("config", "--get-regexp", r"^remote\..*\.url$")
    except SitegenError:  # no repository, or no remote
        return ()
    lines = os.fsdecode(output).splitlines()
    return tuple(line.partition(" ")[2] for line in sorted(lines, key=lambda line: "remote.origin." not in line))


def _registry_path(text: str) -> str:
    """The path of the registry from the current folder. Raises SitegenError for one that does not lie in it."""
    if "://" in text:
        raise SitegenError(f"{text} is no path in this repository; jobs of CI can build it: sitegen build {text}")
    if not os.path.exists(text):
        raise SitegenError(f"{text} does not exist")
    path = posixpath.normpath(os.path.relpath(text).replace(os.sep, "/"))
    if path.split("/")[0] == "..":
        raise SitegenError(f"{text} is outside of this folder; CI has only the repository")
    return f"./{path}" if path.startswith("-") else path


def _write_new(file: _NewFile) -> bool:
    """Write a file; False if its path exists. Raises SitegenError."""
    path = Path(file.path)
    if os.path.lexists(path):
        terminal.print_message(f"{file.path} exists and stays as it is")
        return False
    for folder in path.parents:
        if folder.is_symlink():
            raise SitegenError(f"{folder} is a symbolic link; a host would not find {path.name} there")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(file.text)
    except OSError as error:
        raise SitegenError(f"{file.path}: {error.strerror}") from error
    terminal.print_message(f"{file.path} is written")
    return True


def _hints(recipe: Recipe | None, settings: Settings, written: list[_NewFile]) -> Iterator[str]:
    """What the user has to add to files: to those that exist, and to new ones that do not know what pip installs."""
    paths = {file.path for file in written}
    if recipe and NAME not in paths:
        keep = Keep(settings.publish.keep)
        lost = [glob for glob in recipe.keep if not keep.covers(glob.strip("/").replace("*", "1"), glob.endswith("/"))]
        if lost:
            yield f"{NAME} needs {', '.join(lost)} in [publish] keep"
    if recipe is RECIPES["gitlab"] and _PIPELINE not in paths and _JOBS not in Path(_PIPELINE).read_text("utf-8"):
        yield f"{_PIPELINE} needs - local: {_JOBS} in its list include"
    for file in written:
        if re.search(r"^ *SITEGEN(: \"\"|='')$", file.text, flags=re.MULTILINE):
            yield f"write into {file.path} what pip installs (SITEGEN): this sitegen has no address that others can use"


def _next_steps(recipe: Recipe | None, registry: str, written: list[str]) -> Iterator[str]:
    """The next three commands, and what remains to be done by hand."""
    yield "Next:\n"
    yield f"  sitegen serve {shlex.quote(registry)} --open\n"
    if recipe is None:
        yield f"  sitegen build {shlex.quote(registry)} --output site\n"
        yield f"  sitegen init {shlex.quote(registry)} --host HOST\n"
        yield from (f"    {name:8} {one.title}\n" for name, one in RECIPES.items())
        return
    yield f"  sitegen check {shlex.quote(registry)}\n"
    if written:
        yield f"  git add {shlex.join(written)} && git commit -m 'Publish the models' && git push\n"
    yield f"Then: {recipe.last}.\n"

"""Opening BASE and HEAD of `sitegen diff`: revisions of git, registries of any kind, and built sites."""

import os
import posixpath
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from sitegen.analysis.review.review import Sides
from sitegen.analysis.review.setting_changes import setting_changes
from sitegen.analysis.review.side import RegistrySide, Side
from sitegen.analysis.review.values import SettingChange
from sitegen.cli.review_arguments import Arguments, is_location, is_revision, parse_arguments
from sitegen.core.errors import SitegenError
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import NAME, Settings, parse_settings_text, read_settings
from sitegen.site.api_digests import digests_by_model, equal_models, measure_api
from sitegen.site.api_files import api_at
from sitegen.site.api_side import ApiSide, PublishedSide, is_site
from sitegen.sources.discovery import open_registry
from sitegen.sources.kinds import SQLITE
from sitegen.sources.revisions import Revisions, open_revisions, read_text
from sitegen.storage.git.objects import Objects
from sitegen.storage.git.repository import Commit, Repository, find_commit, merge_base, open_repository
from sitegen.storage.location import is_remote, strip_credentials
from sitegen.storage.scan import LISTING_FAILURE
from sitegen.storage.tree import LocalTree

_SHORT = 7
"""Characters of an id of a commit in names."""

_LOST_SOURCES = ("database", "lfs-pointer", "server")
"""Rules about stores of which nothing can be read."""


class _File(NamedTuple):
    """Settings, and the name of their file."""

    settings: Settings
    name: str


def open_sides(options: Namespace, stack: ExitStack) -> Sides:
    """What the arguments of the command name. Raises SitegenError for what cannot be read."""
    arguments = parse_arguments(options)
    texts = (arguments.base, arguments.head)
    in_git = [is_revision(text, options.registry is not None) for text in texts]
    if not any(in_git):
        return _open_registries(arguments, options)
    return _GitSides(arguments, options, stack).open(*in_git)


def _open_registries(arguments: Arguments, options: Namespace) -> Sides:
    """Both sides are registries outside of git."""
    if options.registry is not None:
        raise SitegenError("--registry is a path in revisions of git; BASE and HEAD are registries themselves")
    file = _settings_beside(arguments.base, options.config)
    equal = _equal_models(arguments)
    base = _open_location(arguments.base, file.settings, options.cache, equal)
    _require_readable(base, arguments.base)
    head = _open_location(arguments.head, file.settings, options.cache, equal)
    folder, notes = _folder(head, arguments.head), _notes(base, head)
    base, head = _align(base, head)
    return Sides(
        base=base,
        head=head,
        base_name=strip_credentials(arguments.base),
        head_name=strip_credentials(arguments.head),
        settings=file.settings,
        settings_file=file.name,
        setting_changes=_changes_beside(file.settings, arguments.head, options.config),
        folder=folder,
        notes=notes,
    )


def _equal_models(arguments: Arguments) -> frozenset[str]:
    """The slugs of models that are the same in two built sites of this machine, and are not read."""
    both = (arguments.base, arguments.head)
    if any(is_remote(one) or not _is_site(one) for one in both):
        return frozenset()
    old, new = (digests_by_model(measure_api(f"{one}/api").items()) for one in both)
    return equal_models(old, new)


def _open_location(location: str, settings: Settings, cache: str | None, equal: frozenset[str] = frozenset()) -> Side:
    """The side at a location outside of git: a built site without the models in `equal`, or a registry."""
    if _is_site(location):
        return ApiSide(api_at(location), settings.privacy, equal)
    return RegistrySide(open_registry(location, cache_folder(cache), settings=settings.registry), settings.privacy)


def _is_site(location: str) -> bool:
    return (is_remote(location) or os.path.isdir(location)) and is_site(location)


def _align(base: Side, head: Side) -> tuple[Side, Side]:
    """Both sides with the same parts: beside a site, a registry has only what a site would publish."""
    if isinstance(base, ApiSide) and isinstance(head, RegistrySide):
        return base, PublishedSide(head)
    if isinstance(head, ApiSide) and isinstance(base, RegistrySide):
        return PublishedSide(base), head
    return base, head


def _require_readable(side: Side, name: str) -> None:
    """Raises SitegenError where a store of BASE cannot be read: its models would seem to be new."""
    for one in side.problems:
        if one.severity == "error" and (one.rule in _LOST_SOURCES or one.message.startswith(LISTING_FAILURE)):
            raise SitegenError(
                f"BASE ({strip_credentials(name)}) cannot be read: {one.place}: {one.message} ({one.rule})"
            )


def _folder(side: Side, location: str) -> str:
    """The folder of a registry relative to the current one, `/`-separated."""
    tree = side.discovery.source.tree if isinstance(side, RegistrySide) and side.discovery else None
    if is_location(location) and not location.startswith(SQLITE):
        return ""
    return _slashes(os.path.relpath(tree.root if isinstance(tree, LocalTree) else location))


def _notes(*sides: Side) -> tuple[str, ...]:
    """The lines for the user about where the registries were found, each once."""
    found = [side.discovery.note for side in sides if isinstance(side, RegistrySide) and side.discovery]
    return tuple(dict.fromkeys(filter(None, found)))


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/")


# --- settings ---------------------------------------------------------------------------------------------------


def _settings_beside(location: str, config: str | None) -> _File:
    """The settings of --config, else those in the folder of a registry on this machine."""
    if config is not None:
        return _File(read_settings(config), config)
    path = _settings_path(location)
    if path is not None and path.is_file():
        return _File(read_settings(str(path)), str(path))
    return _File(
        Settings(), f"defaults, since {path} does not exist" if path else "defaults, since there is no --config"
    )


def _settings_path(location: str) -> Path | None:
    if (is_location(location) and not location.startswith(SQLITE)) or _is_site(location):
        return None
    path = Path(location.removeprefix(SQLITE))
    return (path if path.is_dir() else path.parent) / NAME


def _changes_beside(settings: Settings, head: str, config: str | None) -> tuple[SettingChange, ...]:
    """What the settings beside HEAD change, where both sides have their own."""
    path = _settings_path(head)
    if config is not None or path is None:
        return ()
    try:
        after = read_settings(str(path)) if path.is_file() else Settings()
    except SitegenError as error:
        return (SettingChange(NAME, None, f"cannot be read: {error}"),)
    return setting_changes(settings, after)


# --- git --------------------------------------------------------------------------------------------------------


class _GitSides:
    """Opens sides of which at least one is a revision."""

    def __init__(self, arguments: Arguments, options: Namespace, stack: ExitStack) -> None:
        self.arguments, self.options = arguments, options
        self.repository = _repository(arguments)
        self.objects = stack.enter_context(Objects(self.repository))
        self.path = self._registry_path()

    def open(self, base_in_git: bool, head_in_git: bool) -> Sides:
        """Both sides; one of them may be a registry outside of git."""
        base = self._commit(self.arguments.base) if base_in_git else None
        head = self._commit(self.arguments.head) if head_in_git else None
        if base and head and self.arguments.branches_off:
            base = merge_base(self.repository, base, head)
        self._require_config(base, head)
        file = self._settings(base) if base else _settings_beside(self.arguments.base, self.options.config)
        found = self._open_revisions(base, head, file.settings)
        old, new = self._sides(found, base, head, file.settings)
        _require_readable(old, self.arguments.base)
        folder = found.folder if head else _folder(new, self.arguments.head)
        notes = tuple(dict.fromkeys(filter(None, (found.note, *_notes(old, new)))))
        old, new = _align(old, new)
        return Sides(
            base=old,
            head=new,
            base_name=_name(base) if base else strip_credentials(self.arguments.base),
            head_name=_name(head) if head else strip_credentials(self.arguments.head),
            settings=file.settings,
            settings_file=file.name,
            setting_changes=self._setting_changes(file.settings, head) if head else (),
            folder=folder,
            notes=notes,
        )

    def _open_revisions(self, base: Commit | None, head: Commit | None, settings: Settings) -> Revisions:
        """The registry in the revisions; where only one side is a revision, that one stands for both."""
        old, new = base or head, head or base
        if old is None or new is None:
            raise SitegenError("neither side is a revision")
        return open_revisions(self.objects, old, new, self.path, settings.registry)

    def _sides(self, found: Revisions, base: Commit | None, head: Commit | None, settings: Settings) -> list[Side]:
        scope = f"git:{self.repository.folder}:{found.folder}"
        sides: list[Side] = [RegistrySide(one, settings.privacy, scope) for one in (found.base, found.head)]
        if base is None:
            sides[0] = _open_location(self.arguments.base, settings, self.options.cache)
        if head is None:
            sides[1] = _open_location(self.arguments.head, settings, self.options.cache)
        return sides

    def _commit(self, name: str) -> Commit:
        if name.startswith(("/", "./", "../")) and not os.path.lexists(name):
            raise SitegenError(f"{name} does not exist")
        return find_commit(self.repository, name)

    def _registry_path(self) -> str:
        """The registry's path from the root of the repository. Raises SitegenError for one outside of it."""
        registry = self.options.registry
        own = "." if registry is None else registry.removeprefix(SQLITE)
        if is_location(own):
            raise SitegenError(f"--registry {strip_credentials(own)}: name a path in the repository")
        path = self._place(own)
        if path.split("/")[0] == "..":
            raise SitegenError(f"--registry {own} is outside of the repository")
        return "" if path == "." else path

    def _place(self, path: str) -> str:
        """A path of the current folder from the root of the repository."""
        return posixpath.normpath(posixpath.join(self.repository.prefix, _slashes(os.path.relpath(path))))

    def _require_config(self, *commits: Commit | None) -> None:
        """Raise SitegenError for a --config that is nowhere: its settings must not be the defaults by mistake."""
        config = self.options.config
        if not config or os.path.lexists(config):
            return
        if not any(one and read_text(self.objects, one, self._place(config)) is not None for one in commits):
            raise SitegenError(f"--config {config} exists neither here nor in a revision")

    def _settings(self, commit: Commit) -> _File:
        """The settings in a revision: --config, else sitegen.toml of the current folder or of the root."""
        config = self.options.config
        paths = [self._place(config or NAME)]
        if config and paths[0].split("/")[0] == "..":
            return _File(read_settings(config), config)
        if not config and self.repository.prefix:
            paths.append(NAME)
        for path in paths:
            text = read_text(self.objects, commit, path)
            if text is not None:
                place = f"{commit.name}:{path}"
                return _File(parse_settings_text(text, place), place)
        return _File(Settings(), f"defaults, since {commit.name} has no {paths[0]}")

    def _setting_changes(self, settings: Settings, head: Commit) -> tuple[SettingChange, ...]:
        try:
            after = self._settings(head).settings
        except SitegenError as error:
            return (SettingChange(NAME, None, f"cannot be read: {error}"),)
        return setting_changes(settings, after)


def _repository(arguments: Arguments) -> Repository:
    try:
        return open_repository()
    except SitegenError as error:
        missing = [text for text in arguments[:2] if not os.path.lexists(text)]
        name = missing[0] if missing else arguments.base
        if "not a git repository" in str(error):
            raise SitegenError(
                f"{name} does not exist, and no revision is called so: there is no git repository"
            ) from error
        hint = "; if you trust it: git config --global --add safe.directory FOLDER" if "ownership" in str(error) else ""
        raise SitegenError(f"{name} is no path, and revisions cannot be read: {error}{hint}") from error


def _name(commit: Commit) -> str:
    """The name of a side: what the user typed, and the short id."""
    short = commit.id[:_SHORT]
    return short if commit.id.startswith(commit.name) else f"{commit.name} {short}"

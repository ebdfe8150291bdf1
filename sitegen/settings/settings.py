"""`Settings`: sitegen.toml and flags as one complete, validated value."""

import math
import os
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from sitegen.core.errors import SitegenError
from sitegen.settings.accept import Accept, parse_accepts
from sitegen.settings.keep import parse_keep

NAME = "sitegen.toml"
_POSITIVE = ("fetch_minutes",)
_WORDS = {"directions": ("lower", "higher"), "levels": ("error", "warning", "info", "off")}
"""The values of the settings that are tables."""

Direction = Literal["lower", "higher"]
Level = Literal["error", "warning", "info", "off"]


@dataclass(frozen=True, kw_only=True)
class Site:
    """Title and address of the site, and the folder of templates that override the shipped ones."""

    title: str = "Model catalog"
    description: str = "A catalog of machine-learning models"
    base_url: str = ""
    templates: str = ""


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """Kinds of private texts that are published although they are redacted by default."""

    paths: bool = False
    users: bool = False
    emails: bool = False
    secrets: bool = False


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """How metrics are compared.

    `directions` says for each key whether lower or higher is better. `main` names the metric that the catalog shows
    first. `baseline` is the alias of the version that newer ones are judged against. A change for the worse counts as a
    regression from `tolerance` on, a share of the value.
    """

    directions: tuple[tuple[str, Direction], ...] = ()
    main: tuple[str, ...] = ()
    baseline: str = "champion"
    tolerance: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Files:
    """Access to logged files: `url` is a template with {path}; `publish` has globs of the files to copy.

    `preview` has globs of the images that version pages show; none for no images.
    """

    url: str = ""
    publish: tuple[str, ...] = ()
    preview: tuple[str, ...] = ("*.png", "*.jpg", "*.jpeg", "*.gif", "*.webp")


@dataclass(frozen=True, kw_only=True)
class Registry:
    """Reading a registry: `exclude` has globs of folders to skip, relative to the root.

    `fetch_minutes` is the longest time for a tracking server; no page depends on it, so it is not in the `repr` that
    stands for the settings in fingerprints.
    """

    exclude: tuple[str, ...] = ()
    fetch_minutes: float = field(default=15.0, repr=False)


DEFAULT_REGISTRY = Registry()
"""Leaves out no folder."""


@dataclass(frozen=True, kw_only=True)
class Links:
    """Templates of external links.

    `run` has {run_id}, {experiment_id} and {experiment}, the name; `commit` has {commit}. `edit_url` with {path} leads
    to a form that changes a file of the registry.
    """

    run: str = ""
    commit: str = ""
    edit_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Publish:
    """`keep` has globs of paths in the output folder that no build touches."""

    keep: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Diff:
    """The gate of `sitegen diff`: `accept` has the findings that do not fail it, for a time."""

    accept: tuple[Accept, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """The gate of `sitegen check`: `levels` by rule, "off" for none; `ignore` has what does not count for a time.

    A version older than `stale_days` days is stale, a file of more than `huge_mib` MiB huge; 0 switches the rule off.
    """

    levels: tuple[tuple[str, Level], ...] = ()
    ignore: tuple[Accept, ...] = ()
    stale_days: float = 365.0
    huge_mib: float = 500.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings."""

    site: Site = field(default_factory=Site)
    registry: Registry = field(default_factory=Registry)
    privacy: Privacy = field(default_factory=Privacy)
    metrics: Metrics = field(default_factory=Metrics)
    files: Files = field(default_factory=Files)
    links: Links = field(default_factory=Links)
    publish: Publish = field(default_factory=Publish)
    check: Check = field(default_factory=Check, repr=False)
    diff: Diff = field(default_factory=Diff, repr=False)
    """No page depends on it, so it is not in the `repr` that stands for the settings in fingerprints."""


def read_settings(config: str | None, base_url: str | None = None) -> Settings:
    """The settings of a sitegen.toml; flags override them.

    Without `config`, reads sitegen.toml of the current folder, if it exists. Raises SitegenError with the file, the
    table and the key.
    """
    path = Path(config) if config else Path(NAME)
    if config and not path.is_file():
        raise SitegenError(f"{config} does not exist")
    raw = _load_toml(path) if path.is_file() else {}
    settings = parse_settings(raw, str(path))
    parse_keep(settings.publish.keep, str(path))
    if settings.site.templates:
        templates = path.parent / settings.site.templates
        if not templates.is_dir():
            raise SitegenError(f"{path}: site.templates: {templates} is not a folder")
        settings = replace(settings, site=replace(settings.site, templates=os.path.abspath(templates)))
    if base_url is not None:
        settings = replace(settings, site=replace(settings.site, base_url=base_url))
    url = settings.site.base_url
    if url and not url.startswith(("http://", "https://")):
        raise SitegenError(f"the base URL {url!r} must start with https:// or http://")
    return replace(settings, site=replace(settings.site, base_url=url.rstrip("/") + "/" if url else ""))


def _load_toml(path: Path) -> dict[str, Any]:
    tomllib = import_module("tomllib")  # most builds have no settings to read
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # not UTF-8, not TOML, a number of thousands of digits
        raise SitegenError(f"{path}: {error}") from error
    return raw


def parse_settings_text(text: str, place: str) -> Settings:
    """Settings from the text of a TOML file. Raises SitegenError with the place."""
    tomllib = import_module("tomllib")
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SitegenError(f"{place}: {error}") from error
    return parse_settings(raw, place)


def parse_settings(raw: dict[str, Any], place: str) -> Settings:
    """Settings from the tables of a TOML file. Raises SitegenError for unknown keys, which are mostly misspelt."""
    sections = {}
    for section in fields(Settings):
        kind: Any = section.default_factory
        table = raw.get(section.name, {})
        if not isinstance(table, dict):
            raise SitegenError(f"{place}: [{section.name}] must be a table of settings")
        sections[section.name] = kind(
            **{key: _parse_value(kind, key, value, place, section.name) for key, value in table.items()}
        )
    if unknown := min(raw.keys() - sections.keys(), default=None):
        raise SitegenError(f'{place}: Unknown section "{unknown}". Known: {", ".join(sorted(sections))}')
    return Settings(**sections)


def _parse_value(kind: Any, key: str, value: Any, place: str, section: str) -> Any:
    """A value of TOML converted to the type of the field."""
    defaults = {each.name: each.default for each in fields(kind)}
    if key not in defaults:
        raise SitegenError(f'{place}: Unknown setting "{key}" in [{section}]. Known: {", ".join(sorted(defaults))}')
    default, where = defaults[key], f"{place}: {section}.{key}"
    if key in ("accept", "ignore"):
        return parse_accepts(value, where, f"[[{section}.{key}]]")
    if words := _WORDS.get(key):
        if not isinstance(value, dict) or not all(word in words for word in value.values()):
            named = ", ".join(f'"{word}"' for word in words[:-1])
            raise SitegenError(f'{where} must be a table whose values are {named} or "{words[-1]}"')
        return tuple(sorted(value.items()))
    if isinstance(default, tuple):
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise SitegenError(f"{where} must be a string or a list of strings")
        return tuple(items)
    if isinstance(default, float) and isinstance(value, int | float) and not isinstance(value, bool):
        return _parse_number(key, value, where)
    if not isinstance(value, type(default)):
        wanted = {str: "a string", bool: "true or false", float: "a number"}[type(default)]
        raise SitegenError(f"{where} must be {wanted}")
    return value


def _parse_number(key: str, value: float, where: str) -> float:
    if not math.isfinite(value) or value < 0 or (key in _POSITIVE and value == 0):
        raise SitegenError(f"{where} must be a number {'greater than 0' if key in _POSITIVE else 'of at least 0'}")
    return float(value)

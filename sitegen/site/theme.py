"""Templates and assets: the shipped ones, and those that a user puts in their place."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from sitegen.diagnostics import SitegenError
from sitegen.insight.compat_rules import fix, reason
from sitegen.version import VERSION

_HERE = Path(__file__).resolve().parent.parent
MOST_PARTS = 256
"""Rendered parts that are remembered."""


def shipped() -> Path:
    """The folder of the shipped templates: inside of the installed package, or beside it in a checkout."""
    for place in (_HERE / "templates", _HERE.parent / "templates"):
        if (place / "base.html").is_file():
            return place
    raise SitegenError("the templates of sitegen are not installed")


@dataclass(frozen=True)
class Theme:
    """Where templates come from. `override` is a user's folder; its files come before the shipped ones."""

    override: str = ""

    def render(self, template: str, page: Any) -> bytes:
        """A page from its view."""
        return _renderer(self).page(template, page)

    def part(self, name: str, value: Any) -> str:
        """`parts/<name>.html` for a value."""
        return str(_renderer(self).part(name, value))

    def digest(self) -> bytes:
        """What changes whenever a template does."""
        whole = hashlib.blake2b(VERSION.encode(), digest_size=16)
        for folder in self._folders():
            for path in sorted(folder.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    whole.update(f"{path.relative_to(folder)}\0".encode())
                    whole.update(path.read_bytes())
        return whole.digest()

    def asset(self, name: str) -> bytes:
        """The bytes of a file in `assets/`; a user's file comes first."""
        for folder in self._folders():
            path = folder / "assets" / name
            if path.is_file():
                return path.read_bytes()
        raise SitegenError(f"the asset {name} is not there")

    def custom_style(self) -> bytes:
        """The user's `assets/custom.css`, empty where there is none."""
        path = Path(self.override, "assets", "custom.css")
        return path.read_bytes() if self.override and path.is_file() else b""

    def _folders(self) -> list[Path]:
        return [Path(self.override), shipped()] if self.override else [shipped()]


def asset_name(name: str, data: bytes) -> str:
    """The path of a published asset: its name changes with its content, so that browsers may keep it for ever."""
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}-{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"


class _Renderer:
    """A jinja environment, and the parts that were rendered once for a value that many pages share."""

    def __init__(self, theme: Theme) -> None:
        folder = FileSystemLoader(shipped())
        loaders: list[BaseLoader] = [FileSystemLoader(theme.override)] if theme.override else []
        self.environment = Environment(
            loader=ChoiceLoader([*loaders, folder, PrefixLoader({"sitegen": folder})]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.environment.globals["part"] = self.part
        self.environment.filters.update(FILTERS)
        self._parts: dict[tuple[str, int], tuple[Any, Markup]] = {}

    def page(self, template: str, page: Any) -> bytes:
        return self.environment.get_template(template).render(page=page).encode("utf-8", "replace")

    def part(self, name: str, value: Any) -> Markup:
        """`parts/<name>.html` for a value, rendered once for the same object."""
        key = name, id(value)
        known = self._parts.get(key)
        if known is not None and known[0] is value:
            return known[1]
        if len(self._parts) >= MOST_PARTS:
            self._parts.clear()
        html = self.environment.get_template(f"parts/{name}.html").render(part=value)
        made = Markup(html)  # noqa: S704 - rendered by an escaping template
        self._parts[key] = value, made
        return made


@lru_cache(maxsize=4)
def _renderer(theme: Theme) -> _Renderer:
    """One renderer a theme and process: compiling the templates takes longer than rendering a page."""
    return _Renderer(theme)


def sentence(text: str | None) -> Markup | None:
    """A rule's text as a sentence: a capital, a full stop, and `code` as code."""
    if not text:
        return None
    marked = _CODE.sub(r"<code>\1</code>", str(escape(text[0].upper() + text[1:])))
    return Markup(marked if marked.endswith((".", "?")) else f"{marked}.")  # noqa: S704 - escaped above


_CODE = re.compile(r"`([^`]*)`")
FILTERS: dict[str, Callable[..., Markup | None]] = {
    "reason": lambda change: sentence(reason(change)),
    "fix": lambda change: sentence(fix(change)),
    "sentence": sentence,
}

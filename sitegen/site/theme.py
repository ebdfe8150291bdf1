"""The folders of templates and assets: the shipped ones, and a user's folder that overrides them."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sitegen.core.errors import SitegenError
from sitegen.version import code_digest

_HERE = Path(__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """The folder of the shipped templates: inside the installed package, or next to it in a checkout."""
    for place in (_HERE / "templates", _HERE.parent / "templates"):
        if (place / "base.html").is_file():
            return place
    raise SitegenError("the templates of sitegen are not installed")


@dataclass(frozen=True)
class Theme:
    """The templates of a site. `override` is a user's folder; its files take precedence over the shipped ones.

    `edition` is a digest of all templates and of the code; `compiled` is the cache folder for compiled templates, empty
    for no cache.
    """

    override: str
    edition: bytes
    compiled: str = ""

    def asset(self, name: str) -> bytes:
        """The bytes of a file in `assets/`; a user's file comes first."""
        for folder in _folders(self.override):
            path = folder / "assets" / name
            if path.is_file():
                return path.read_bytes()
        raise SitegenError(f"the asset {name} is not there")

    def custom_style(self) -> bytes:
        """The user's `assets/custom.css`, empty where there is none."""
        path = Path(self.override, "assets", "custom.css")
        return path.read_bytes() if self.override and path.is_file() else b""


def load_theme(override: str, compiled: str = "") -> Theme:
    """The theme as it is now; `override` is the user's folder, empty where there is none."""
    if override:
        _check_script_names(Path(override, "assets"))
    edition = hashlib.blake2b(code_digest().encode(), digest_size=16)
    for folder in _folders(override):
        for path in sorted(_files(str(folder))):
            edition.update(f"{os.path.relpath(path, folder)}\0".encode("utf-8", "surrogateescape"))
            with open(path, "rb") as file:
                edition.update(file.read())
    return Theme(override, edition.digest(), compiled)


_FORMER_SCRIPT = re.compile(r"(?:(compare|studio)(?:_(\w+))?|(model)|(site))\.js")


def _check_script_names(assets: Path) -> None:
    """Raise SitegenError if a user's script has a name of older versions of sitegen, under which no page loads it."""
    for path in sorted(assets.glob("*.js")):
        if former := _FORMER_SCRIPT.fullmatch(path.name):
            raise SitegenError(
                f"{path} replaces nothing: scripts are in folders now; its place is {_translate_name(*former.groups())}"
            )


def _translate_name(folder: str | None, part: str | None, model: str | None, site: str | None) -> str:
    """The present path of a script with an old name."""
    if site:
        return "assets/common/, in several files"
    if model:
        return "assets/model/page.js"
    if part == "numbers":
        return "assets/common/numbers.js"
    return f"assets/{folder}/{part or ('page' if folder == 'compare' else 'studio')}.js"


def _files(top: str) -> Iterator[str]:
    """All files below a folder, without Python's bytecode."""
    for folder, folders, names in os.walk(top):  # twice as fast as pathlib
        folders[:] = (name for name in folders if name != "__pycache__")
        yield from (path for name in names if os.path.isfile(path := os.path.join(folder, name)))


def _folders(override: str) -> list[Path]:
    return [Path(override), shipped_folder()] if override else [shipped_folder()]


def asset_name(name: str, data: bytes) -> str:
    """The path of a published asset, with a hash of its content, so that browsers may cache it for ever."""
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}-{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"

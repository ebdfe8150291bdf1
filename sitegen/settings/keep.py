"""Paths of an output that are not sitegen's and stay: what `[publish] keep` names, and what hosts and git need."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sitegen.core.errors import SitegenError

MANIFEST = "sitegen-manifest.txt"
"""The file that marks a folder as a site written by sitegen; such a folder is no part of a registry."""


ALWAYS = (".git", ".nojekyll", "CNAME")
"""Files and folders that git and hosts of static sites expect in the folder of a site."""


_OWN = re.compile(
    r"(?:models|api|assets|page|compare|problems|about|index\.html|404\.html|feed\.xml|sitemap(?:-\d+)?\.xml"
    rf"|{re.escape(MANIFEST)}|\.sitegen-.*)\Z"
)
"""The first part of paths that belong to sitegen."""


@dataclass(frozen=True)
class Keep:
    """Globs of paths, relative to the output, that no build lists or touches, nor what lies below them.

    `*`, `?` and `[a-z]` stay in one name, `**` is any number of folders, and a glob that ends in `/` is about folders.
    """

    globs: tuple[str, ...] = ()

    def covers(self, path: str, folder: bool = False) -> bool:
        """Whether a file or a folder, or a folder above it, stays. Files of the site itself are never covered."""
        names = path.split("/")
        if is_site_name(names[0]):
            return False
        folders = names if folder else names[:-1]
        return any(_names(folders if glob.endswith("/") else names, _parts(glob)) for glob in (*ALWAYS, *self.globs))


def is_site_name(name: str) -> bool:
    """Whether a file or folder of this name, in the root of an output, is a part of the site."""
    return _OWN.match(name) is not None


def _parts(glob: str) -> list[str]:
    return glob.removeprefix("./").removesuffix("/").split("/")


def _names(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether the parts of a glob name a path or a folder above it."""
    if not parts:
        return True
    if parts[0] == "**":
        return any(_names(names[start:], parts[1:]) for start in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], parts[0]) and _names(names[1:], parts[1:])


def parse_keep(globs: tuple[str, ...], place: str) -> Keep:
    """The globs of a sitegen.toml. Raises SitegenError for one that leads out of the output or into the site."""
    for glob in globs:
        parts = _parts(glob)
        if "\\" in glob or "\0" in glob or not all(parts) or {".", ".."} & {*parts}:
            raise SitegenError(f"{place}: publish.keep: {glob!r} is no path inside the output")
        if is_site_name(parts[0]):
            raise SitegenError(f"{place}: publish.keep: {glob!r} is a part of the site, which sitegen writes")
    return Keep(globs)


DEFAULT_KEEP = Keep()
"""What stays in every output."""

"""Paths in the output folder that no build touches: those of `[publish] keep`, and those of git and hosts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sitegen.core.errors import SitegenError

MANIFEST = "sitegen-manifest.txt"
"""The file that marks a folder as a site. A scan of a registry skips such folders."""


ALWAYS = (".git", ".nojekyll", "CNAME")
"""Files and folders that git and hosts of static sites expect in the output folder."""


_SITE_NAME = re.compile(
    r"(?:models|api|assets|page|compare|problems|about|index\.html|404\.html|feed\.xml|sitemap(?:-\d+)?\.xml"
    rf"|{re.escape(MANIFEST)}|\.sitegen-.*)\Z"
)
"""The first part of paths that sitegen writes."""


_STAGING = re.compile(r"\.(.+)\.sitegen-new-[0-9a-f]{16}", re.DOTALL)
"""The folder in which another build prepares a folder of this name, beside that folder."""


@dataclass(frozen=True)
class Keep:
    """Globs of paths, relative to the output folder. No build lists or touches these paths or anything below them.

    A folder in which another build prepares a covered one is covered, too.
    `*`, `?` and `[a-z]` match within one name, `**` any number of folders; a glob ending in `/` matches folders only.
    """

    globs: tuple[str, ...] = ()

    def covers(self, path: str, folder: bool = False) -> bool:
        """Whether a glob matches a file or folder, or a folder above it. Files of the site itself are never covered."""
        names = [_published_name(name) for name in path.split("/")]
        if is_site_name(names[0]):
            return False
        folders = names if folder else names[:-1]
        return any(_matches(folders if glob.endswith("/") else names, _parts(glob)) for glob in (*ALWAYS, *self.globs))


def _published_name(name: str) -> str:
    staging = _STAGING.fullmatch(name)
    return staging[1] if staging else name


def is_site_name(name: str) -> bool:
    """Whether a file or folder of this name, in the root of the output folder, belongs to the site."""
    return _SITE_NAME.match(name) is not None


def _parts(glob: str) -> list[str]:
    return glob.removeprefix("./").removesuffix("/").split("/")


def _matches(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether the parts of a glob match a path or a folder above it."""
    if not parts:
        return True
    if parts[0] == "**":
        return any(_matches(names[start:], parts[1:]) for start in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], parts[0]) and _matches(names[1:], parts[1:])


def parse_keep(globs: tuple[str, ...], place: str) -> Keep:
    """The globs of a sitegen.toml. Raises SitegenError for a glob outside of the output folder or inside the site."""
    for glob in globs:
        parts = _parts(glob)
        if "\\" in glob or "\0" in glob or not all(parts) or {".", ".."} & {*parts}:
            raise SitegenError(f"{place}: publish.keep: {glob!r} is not a path inside the output folder")
        if is_site_name(parts[0]):
            raise SitegenError(f"{place}: publish.keep: {glob!r} is a part of the site itself; sitegen writes it")
    return Keep(globs)


DEFAULT_KEEP = Keep()
"""Covers only `ALWAYS`."""

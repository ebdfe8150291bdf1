"""Which texts are paths of files of a site: those that cannot lead out of it, on any system."""

import re
from collections.abc import Collection

from sitegen.core.errors import SitegenError

_OUTSIDE = re.compile(r"\A\Z|\A/|\\|\0|(?:\A|/)\.{0,2}(?:/|\Z)|\A[A-Za-z]:")


def leads_out(path: str) -> bool:
    """Whether a path is no plain path below the root of a site: absolute, upwards, of another system."""
    return _OUTSIDE.search(path) is not None


def any_leads_out(paths: Collection[str]) -> bool:
    """Whether any path leads out: of ten thousand, most need no look of their own."""
    text = "\n".join(["", *paths, ""])
    doubtful = any(part in text for part in ("\\", "\0", "//", "/.", "\n.", "\n/", "/\n", "\n\n", ":"))
    return doubtful and any(map(leads_out, paths))


def check_path(path: str) -> None:
    """Raises SitegenError where a path leads out of the site."""
    if leads_out(path):
        raise SitegenError(f"{path!r} is no path of a file of a site")

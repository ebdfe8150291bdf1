"""Where local state is kept: outside of every site, never published, never needed."""

import os
from pathlib import Path

from sitegen.diagnostics import SitegenError


def cache_folder(chosen: str | None) -> Path:
    """The folder for local state: the chosen one, else the user's cache. Raises SitegenError when it is a file."""
    if chosen:
        if Path(chosen).is_file():
            raise SitegenError(f"--cache {chosen} is a file, not a folder")
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or (
        Path.home() / ("Library/Caches" if os.uname().sysname == "Darwin" else ".cache")
    )
    return Path(home) / "sitegen"

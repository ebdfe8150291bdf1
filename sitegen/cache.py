"""Where local state is kept: outside of every site, never published, never needed."""

import os
from pathlib import Path


def cache_folder(chosen: str | None) -> Path:
    """The folder for local state: the chosen one, else the user's cache."""
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or (
        Path.home() / ("Library/Caches" if os.uname().sysname == "Darwin" else ".cache")
    )
    return Path(home) / "sitegen"

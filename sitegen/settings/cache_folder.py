"""The cache folder: local state that is never published and may be deleted at any time."""

import os
from importlib import import_module
from pathlib import Path

from sitegen.core.errors import SitegenError


def cache_folder(chosen: str | None) -> Path:
    """The cache folder: the chosen one, else `sitegen` in `$XDG_CACHE_HOME` or in the system's folder for caches.

    Raises SitegenError when the chosen folder is a file, or when the user has no home folder.
    """
    if chosen:
        if Path(chosen).is_file():
            raise SitegenError(f"--cache {chosen} is a file, not a folder")
        return Path(chosen)
    if home := os.environ.get("XDG_CACHE_HOME"):
        return Path(home, "sitegen")
    try:
        folder: Path = import_module("platformdirs").user_cache_path("sitegen", appauthor=False)
    except RuntimeError:  # the user has no home folder
        folder = Path()
    if not folder.is_absolute():  # older versions of platformdirs return "~/.cache"
        raise SitegenError("this user has no home folder for a cache: name a folder with --cache")
    return folder

"""Where local state is kept: outside of every site, never published, never needed."""

import os
from importlib import import_module
from pathlib import Path

from sitegen.core.errors import SitegenError


def cache_folder(chosen: str | None) -> Path:
    """The folder for local state: the chosen one, else `sitegen` in `$XDG_CACHE_HOME` or in the system's cache folder.

    Raises SitegenError where the chosen one is a file, and where the system knows no home of the user.
    """
    if chosen:
        if Path(chosen).is_file():
            raise SitegenError(f"--cache {chosen} is a file, not a folder")
        return Path(chosen)
    if home := os.environ.get("XDG_CACHE_HOME"):
        return Path(home, "sitegen")
    try:
        folder: Path = import_module("platformdirs").user_cache_path("sitegen", appauthor=False)
    except RuntimeError:  # nothing says where the user is at home
        folder = Path()
    if not folder.is_absolute():  # "~/.cache", where platformdirs is older
        raise SitegenError("this user has no home folder for a cache: name a folder with --cache")
    return folder

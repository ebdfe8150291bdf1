"""DVC: files and folders that a repository tracks, and that were not pulled."""

from collections.abc import Collection, Iterator

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.sources.version_names import is_version
from sitegen.storage.listing import Listing, name_lists, printable

SUFFIX = ".dvc"
"""The suffix of the file that DVC writes next to a tracked file."""


def dvc_pointer(path: str, files: Collection[str]) -> str | None:
    """DVC's file for a path that is missing, or for a folder around it; None where `files` has none."""
    while path:
        if path + SUFFIX in files:
            return path + SUFFIX
        path = path.rpartition("/")[0]
    return None


def missing_models(listing: Listing) -> Iterator[Diagnostic]:
    """A problem for each MLmodel and each folder of a version that DVC tracks and that is not here."""
    lists = {names for names in name_lists(listing) if any(name.endswith(SUFFIX) for name in names)}
    for path, folder in sorted(listing.items()) if lists else ():
        for name in folder.names if folder.names in lists else ():
            stem = name.removesuffix(SUFFIX)
            absent = stem not in folder.names and stem not in folder.folders
            if name.endswith(SUFFIX) and absent and (stem == "MLmodel" or is_version(stem)):
                place = printable(f"{path}/{name}" if path else name)
                yield problem("dvc-pointer", f"{printable(stem)} is not here, but {printable(name)} is", place)

"""One model folder, or one MLmodel file, outside of any registry."""

import os
from pathlib import Path

from sitegen.diagnostics import SitegenError
from sitegen.domain.model import Version
from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.text import decode
from sitegen.locations import shown
from sitegen.sources.assemble import Facts, assemble_version, digest_of
from sitegen.sources.filestore_index import subtree
from sitegen.sources.folder import FolderFacts, parse_folder, read_folder
from sitegen.sources.reading import METADATA
from sitegen.sources.refs import VersionRef
from sitegen.sources.stores import LoggedFacts, RunFacts, VersionFacts
from sitegen.storage import LocalTree


def read_version(location: str) -> Version:
    """The version that a model folder is; an MLmodel file, whatever it is called, is read without its neighbours.

    Raises SitegenError when there is none or it cannot be read.
    """
    path = Path(location)
    if not path.exists():
        raise SitegenError(f"{shown(location)} does not exist")
    if not path.is_dir():
        return _version(_alone(path))
    tree = LocalTree(os.path.abspath(path))
    listing, _ = tree.walk()
    if "" not in listing or "MLmodel" not in listing[""].names:
        raise SitegenError(f"{location} holds no MLmodel file")
    return _version(parse_folder(read_folder(tree, subtree(listing, ""))))


def _alone(path: Path) -> FolderFacts:
    try:
        with path.open("rb") as file:
            data = file.read(METADATA + 1)
    except OSError as error:
        raise SitegenError(f"{path} cannot be read: {error.strerror}") from error
    loaded = decode(data, path.name)
    if loaded.value is None or len(data) > METADATA:
        raise SitegenError(f"{path} is no MLmodel file")
    mlmodel = parse_mlmodel(loaded.value, path.name)
    if mlmodel.value is None:
        raise SitegenError(f"{path} is no MLmodel file: {mlmodel.problems[-1].message}")
    return FolderFacts(mlmodel=mlmodel.value, problems=mlmodel.problems)


def _version(folder: FolderFacts) -> Version:
    ref = VersionRef(name="1")
    facts = Facts(folder=folder, registered=VersionFacts(), run=RunFacts(), logged=LoggedFacts())
    return assemble_version("model", ref, facts, digest_of(ref, facts))

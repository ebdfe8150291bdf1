"""One model folder, or one MLmodel file, outside of any registry."""

import os
import stat
from dataclasses import dataclass, replace

from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Version
from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.text import decode
from sitegen.sources.assemble import Facts, assemble_version, digest_of
from sitegen.sources.directory.model_folder import FolderFacts, parse_folder, read_folder
from sitegen.sources.reading import MAX_METADATA_BYTES, texts_of
from sitegen.sources.refs import VersionRef, subtree
from sitegen.sources.tracking_store import LoggedFacts, RunFacts, VersionFacts
from sitegen.storage.location import strip_credentials
from sitegen.storage.tree import LocalTree

MLMODEL = "MLmodel"

_HINT = "name a model folder, which holds a file MLmodel, or that file itself"


@dataclass(frozen=True, kw_only=True)
class OneModel:
    """A model that a user names: its version, its MLmodel's path as the user would type it, and the file's text.

    `version.mlmodel` and `text` are None where the file cannot be read; `version.problems` says why. Paths of problems
    are those that the user would type.
    """

    version: Version
    path: str
    text: str | None = None


def read_model(location: str) -> OneModel:
    """The model in a folder; an MLmodel file, whatever it is called, is read without its neighbours.

    Raises SitegenError when there is nothing at the location.
    """
    try:
        mode = os.stat(location).st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        if not os.path.islink(location):
            raise SitegenError(f"{strip_credentials(location) or 'the path of a model'} does not exist") from error
        return _unreadable(location, "the link leads nowhere")
    except OSError as error:
        return _unreadable(location, error.strerror or str(error))
    return _from_folder(location) if stat.S_ISDIR(mode) else _from_file(location)


def _unreadable(path: str, why: str) -> OneModel:
    """A model of which nothing can be read."""
    return _model(FolderFacts(problems=(problem("unreadable", f"cannot be read: {why}", path, 1),)), path)


def _from_folder(location: str) -> OneModel:
    path = os.path.join(location, MLMODEL)
    tree = LocalTree(os.path.abspath(location))
    listing, problems = tree.walk()
    if "" not in listing or MLMODEL not in listing[""].names:
        missing = problem("mlmodel-missing", f"the folder holds no file {MLMODEL}", location)
        found = [one for one in problems if one.path in (".", MLMODEL)] or [replace(missing, hint=_HINT)]
        lost = tuple(replace(one, path=os.path.normpath(path)) for one in found)
        return _model(FolderFacts(problems=lost), os.path.normpath(path))
    contents = read_folder(tree, subtree(listing, ""))
    facts = parse_folder(contents)
    named = tuple(replace(one, path=os.path.normpath(os.path.join(location, one.path))) for one in facts.problems)
    return _model(replace(facts, problems=named), os.path.normpath(path), texts_of(contents).text(MLMODEL))


def _from_file(location: str) -> OneModel:
    try:
        data = _bytes(location)
    except OSError as error:
        return _unreadable(location, error.strerror or str(error))
    if data is None:
        return _unreadable(location, "it is not an ordinary file")
    if len(data) > MAX_METADATA_BYTES:
        message = f"has more bytes than the {MAX_METADATA_BYTES:,} that are read"
        return _model(FolderFacts(problems=(problem("too-large", message, location, 1),)), location)
    loaded = decode(data, location)
    if loaded.value is None:
        return _model(FolderFacts(problems=loaded.problems), location)
    mlmodel = parse_mlmodel(loaded.value, location)
    return _model(FolderFacts(mlmodel=mlmodel.value, problems=mlmodel.problems), location, loaded.value)


def _bytes(location: str) -> bytes | None:
    """The bytes of a file or a pipe, not many more than may be read; None for devices and sockets.

    A pipe whose writer is there is read to its end, so that shells can hand over `<(git show HEAD:model/MLmodel)`; one
    without a writer holds nothing, and nobody waits for it.
    """
    handle = os.open(location, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            return None
        os.set_blocking(handle, True)
        return file.read(MAX_METADATA_BYTES + 1)


def _model(folder: FolderFacts, path: str, text: str | None = None) -> OneModel:
    ref = VersionRef(name="1")
    facts = Facts(folder=folder, registered=VersionFacts(), run=RunFacts(), logged=LoggedFacts())
    version = assemble_version("model", ref, facts, digest_of(ref, facts))
    return OneModel(version=replace(version, problems=folder.problems), path=path, text=text)


def why_unreadable(model: OneModel) -> tuple[Diagnostic, ...]:
    """The problems that keep a model's MLmodel from being read; none where it is read."""
    if model.version.mlmodel is not None:
        return ()
    whole = [one for one in model.version.problems if one.path == model.path]
    whole = whole or [problem("unreadable", "cannot be read", model.path)]
    return tuple(replace(one, severity="error", line=one.line or 1) for one in whole)

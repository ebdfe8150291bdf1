"""Logged files that the settings publish: copies beside the page of their version, never with active content."""

from collections.abc import Iterator
from functools import partial

from sitegen.digests import fingerprint
from sitegen.formats.encoding import changed, is_text, is_utf8
from sitegen.listing import File
from sitegen.privacy.redactor import Redactor
from sitegen.site.context import ModelContext
from sitegen.site.pages import Page
from sitegen.site.places import BINARY, WRITTEN, copied_from, copy_path
from sitegen.storage import HASHED, Tree, UnreadableError


def copies(context: ModelContext, tree: Tree) -> Iterator[Page]:
    """The copies of all versions' files that the settings ask for."""
    if not context.settings.files.publish:
        return
    redactor = Redactor(context.settings.privacy)
    for version, folder in zip(context.model.versions, context.folders, strict=True):
        for file in version.files:
            place = copied_from(version, file, context.settings.files.publish)
            if place is not None:
                path = f"models/{context.slug}/{folder}/{copy_path(file.path)}"
                mark = fingerprint(repr(context.settings.privacy), place, file.sha256 or "")
                yield Page(path, mark, partial(_copy, tree, File(place, file.size, 0), redactor))


def _copy(tree: Tree, file: File, redactor: Redactor) -> bytes:
    """The bytes; texts as they may leave. A file that has just gone is empty: the next build knows of it."""
    try:
        data = tree.read(file, HASHED).data or b""
    except UnreadableError:
        return b""
    return changed(data, redactor.text) if _is_text(file.path, data) else data


def _is_text(path: str, data: bytes) -> bool:
    """Whether a file is searched: by its suffix or, where that tells nothing, by its beginning. In doubt it is."""
    suffix = path.rpartition(".")[2].lower()
    return suffix in WRITTEN or is_utf8(data) or (suffix not in BINARY and is_text(data))

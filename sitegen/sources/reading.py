"""Reading the files of a bundle: bytes to text, with a problem in place of every exception."""

from sitegen.diagnostics import Loaded, problem
from sitegen.formats.text import decode
from sitegen.storage import Content, File, Tree, UnreadableError, printable

METADATA = 8 * 2**20
"""Bytes that a metadata file may have."""


def read(tree: Tree, file: File, limit: int = METADATA) -> Loaded[Content]:
    """A file's content; none, and a problem, where it cannot be read."""
    try:
        return Loaded(tree.read(file, limit))
    except UnreadableError as error:
        return Loaded(Content(None, None), (problem("unreadable", f"cannot be read: {error}", printable(file.path)),))


def read_text(tree: Tree, file: File, limit: int = METADATA) -> Loaded[str | None]:
    """A file's text; None, and a problem, where it cannot be read or is no text."""
    content = read(tree, file, limit)
    return content_text(content.value, file, limit) if not content.problems else Loaded(None, content.problems)


def content_text(content: Content, file: File, limit: int = METADATA) -> Loaded[str | None]:
    """The text of a content that was read."""
    path = printable(file.path)
    if content.data is None:
        message = f"has {file.size:,} bytes, more than the {limit:,} that are read"
        return Loaded(None, (problem("too-large", message, path),))
    return decode(content.data, path)

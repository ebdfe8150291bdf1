"""Reading the files of a bundle once: contents, digest and diagnostics."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from sitegen.domain.diagnostic import Diagnostic, Loaded, problem
from sitegen.domain.model import CardImage
from sitegen.formats.card_images import Suffix, image_paths, image_suffix
from sitegen.formats.front_matter import NO_CARD, Card, parse_card
from sitegen.formats.markdown_cost import is_too_costly
from sitegen.formats.media import MAX_PIXELS, SUFFIXES, image_size
from sitegen.formats.pickle_imports import MAX_BYTES as MAX_PICKLE_BYTES
from sitegen.formats.pickle_imports import MAX_FILES as MAX_PICKLES
from sitegen.formats.pickle_imports import Imports, is_pickle, may_be_pickle, pickle_imports, unread_imports
from sitegen.formats.text import LFS_POINTER, decode
from sitegen.sources.refs import Bundle
from sitegen.storage.listing import File, printable
from sitegen.storage.tree import MAX_HASH_BYTES, Content, Tree, UnreadableError

MAX_METADATA_BYTES = 8 * 2**20
"""Bytes of the largest metadata file that is read."""

MAX_POINTER_BYTES = 1024
"""Bytes of the largest Git LFS pointer, by its specification."""

MAX_FILES = 1000
"""Files of one bundle that are listed, not counting parsed ones."""

MAX_PREVIEWS = 20
"""Images of one version that its page shows."""

CARD = "README.md"
"""The card of a model or version."""

UNREADABLE = "cannot be read: "
"""How messages about a file that cannot be read begin."""

_IMAGES = tuple(f".{suffix}" for suffix in SUFFIXES)


def is_image(path: str) -> bool:
    """Whether a file has the suffix of an image that browsers show."""
    return path[-5:].lower().endswith(_IMAGES)


T = TypeVar("T")
Parser = Callable[[str, str], Loaded[T]]
"""From a text and its path to a value and its problems."""


class Contents(NamedTuple):
    """The contents of a bundle's files. Paths are relative to the bundle, `place` is the bundle's own path.

    `digest` changes whenever a byte does; files too large to be hashed count by size and stamp. `imports` are those of
    pickles, by path, `images` the suffixes of images that pages may show; the bytes of both are not kept.
    """

    place: str
    files: dict[str, tuple[File, Loaded[Content]]]
    problems: tuple[Diagnostic, ...]
    digest: bytes
    imports: Mapping[str, Imports] = MappingProxyType({})
    images: Mapping[str, Suffix] = MappingProxyType({})


def read_file(tree: Tree, file: File, limit: int = MAX_METADATA_BYTES) -> Loaded[Content]:
    """Read a file; no content, and a problem, where that fails."""
    try:
        return Loaded(tree.read(file, limit))
    except UnreadableError as error:
        return Loaded(Content(None, None), (problem("unreadable", f"{UNREADABLE}{error}", printable(file.path)),))


def read_text(tree: Tree, file: File, limit: int = MAX_METADATA_BYTES) -> Loaded[str | None]:
    """Read a text file; None, and a problem, where it cannot be read or is not text."""
    content = read_file(tree, file, limit)
    return content_text(content.value, file, limit) if not content.problems else Loaded(None, content.problems)


def content_text(content: Content, file: File, limit: int = MAX_METADATA_BYTES) -> Loaded[str | None]:
    """The text of a file's content."""
    path = printable(file.path)
    if content.data is None:
        known = f"{file.size:,} bytes, more than" if file.size > limit else "more bytes than"  # it may have grown
        message = f"has {known} the {limit:,} that are read"
        return Loaded(None, (problem("too-large", message, path),))
    return decode(content.data, path)


def read_bundle(
    tree: Tree, bundle: Bundle, names: Collection[str], folders: tuple[str, ...], details: bool = False
) -> Contents:
    """Read a bundle: the bytes of the files with these names or below these folders, the hashes of all files.

    With `details` also the imports of the first pickles, and the first images that pages may show.
    """
    imports: dict[str, Imports | None] = {}
    images: dict[str, Suffix] = {}
    files: dict[str, tuple[File, Loaded[Content]]] = {}
    problems: list[Diagnostic] = []
    beyond = False
    whole = hashlib.blake2b(digest_size=16)
    for file in bundle.files():
        kept = file.path in names or file.path.startswith(folders)
        if len(files) >= MAX_FILES and not kept:
            beyond = True
            continue
        limit = MAX_METADATA_BYTES if kept else 0
        if details and not kept and len(imports) < MAX_PICKLES and may_be_pickle(file.path):
            loaded, imports[file.path] = _read_pickle(tree, bundle, file)
        elif details and not kept and len(images) < MAX_PREVIEWS and is_image(file.path) and not file.link:
            loaded, suffix = _read_image(tree, bundle, file)
            images.update({file.path: suffix} if suffix else {})
        else:
            loaded = _read_content(tree, bundle, file, limit)
            if details and not kept and is_pickle(file.path):
                imports[file.path] = unread_imports("count")
        problems += (replace(found, path=printable(file.path)) for found in loaded.problems)
        files[file.path] = file, loaded
        identity = (loaded.value.sha256 or f"{file.stamp} {loaded.problems}") + " link" * file.link
        # The size is that of the listing: a file that grew before it was read has another one next time.
        whole.update(f"{file.path}\0{file.size} {identity}\0".encode("utf-8", "surrogateescape"))
    if beyond:
        problems.append(problem("too-many-files", f"only the first {MAX_FILES:,} files are listed", "."))
    known = {path: found for path, found in imports.items() if found}
    return Contents(bundle.path, files, tuple(problems), whole.digest(), known, images)


def add_folder(found: Diagnostic, prefix: str) -> Diagnostic:
    """Prepend the path of a bundle to that of its problem, which is `.` for the bundle itself."""
    return replace(found, path=prefix + found.path if found.path != "." else prefix.rstrip("/") or ".")


def _read_content(tree: Tree, bundle: Bundle, file: File, limit: int) -> Loaded[Content]:
    """Read a file, with its bytes up to `limit`; problems for Git LFS pointers and huge images."""
    image = is_image(file.path)
    loaded = read_file(tree, bundle.within(file), MAX_HASH_BYTES if image else limit or MAX_POINTER_BYTES)
    data, sha256 = loaded.value
    if data is None or (limit and not image):
        return loaded
    problems = loaded.problems
    if not limit and data.startswith(LFS_POINTER):
        problems = content_text(loaded.value, file).problems
    elif image:
        problems = _image_problems(data, printable(file.path))
    return Loaded(Content(data if len(data) <= limit else None, sha256), problems)


def _read_pickle(tree: Tree, bundle: Bundle, file: File) -> tuple[Loaded[Content], Imports | None]:
    """Read a pickle without keeping its bytes, and its imports; None for a file that is none."""
    loaded = read_file(tree, bundle.within(file), MAX_PICKLE_BYTES)
    data, sha256 = loaded.value
    if data is None or sha256 is None:
        return loaded, unread_imports("size") if is_pickle(file.path) and not loaded.problems else None
    if data.startswith(LFS_POINTER):
        return Loaded(Content(None, sha256), content_text(loaded.value, file).problems), None
    if sha256 not in _imports:
        if len(_imports) >= _MAX_IMPORTS:
            _imports.clear()
        _imports[sha256] = pickle_imports(data)
    return Loaded(Content(None, sha256), loaded.problems), _imports[sha256]


def _read_image(tree: Tree, bundle: Bundle, file: File) -> tuple[Loaded[Content], Suffix | None]:
    """Read an image without keeping its bytes, and the suffix of its kind; None for one that no page may show."""
    loaded = read_file(tree, bundle.within(file), MAX_HASH_BYTES)
    data, sha256 = loaded.value
    if data is None or sha256 is None:
        return loaded, None
    if data.startswith(LFS_POINTER):
        return Loaded(Content(None, sha256), content_text(loaded.value, file).problems), None
    problems = _image_problems(data, printable(file.path))
    return Loaded(Content(None, sha256), problems), None if problems else image_suffix(data)


_MAX_IMPORTS = 4096
_imports: dict[str, Imports | None] = {}
"""Cached imports of pickles, by the digest of the file: versions may share it."""


def _image_problems(data: bytes, path: str) -> tuple[Diagnostic, ...]:
    width, height = image_size(data) or (0, 0)
    if width * height <= MAX_PIXELS:
        return ()
    return (problem("image-size", f"states {width:,} x {height:,} pixels; browsers show {MAX_PIXELS:,}", path),)


def previews(contents: Contents) -> tuple[CardImage, ...]:
    """The images of a bundle that pages may show; `name` is the path in the bundle."""
    found = []
    for path, suffix in sorted(contents.images.items()):
        whole, sha256 = f"{contents.place}/{path}" if contents.place else path, contents.files[path][1].value.sha256
        if sha256 and printable(whole) == whole:
            found.append(CardImage(path, whole, sha256, suffix))
    return tuple(found)


class Texts:
    """The texts of contents, decoded on demand; adds `problems`, their paths starting with `prefix`."""

    def __init__(self, contents: Contents, prefix: str = "") -> None:
        self.contents, self.prefix = contents, prefix
        self.problems = [add_folder(found, prefix) for found in contents.problems]
        self._texts: dict[str, str | None] = {}

    def text(self, path: str) -> str | None:
        """The text of one file; None where there is none."""
        if path not in self._texts:
            self._texts[path] = self._decode(*self.contents.files[path]) if path in self.contents.files else None
        return self._texts[path]

    def _decode(self, file: File, content: Loaded[Content]) -> str | None:
        if content.problems:
            return None
        loaded = content_text(content.value, file)
        # For other files these are warnings; a file that should be parsed and cannot be is an error.
        self.problems += [replace(found, path=self.prefix + found.path, severity="error") for found in loaded.problems]
        return loaded.value

    def card(self) -> Card:
        """The card in README.md; an empty one where there is none."""
        card = self.parse(CARD, parse_card) or NO_CARD
        if not card.text:
            return card
        if is_too_costly(card.text):
            self.problems.append(problem("card-limit", "it is shown as it is written", self.prefix + CARD))
            return card
        return card._replace(images=image_paths(card.text))

    def parse(self, path: str, parse: Parser[T]) -> T | None:
        """Parse a file; None where there is no text."""
        text = self.text(path)
        if text is None:
            return None
        loaded = parse(text, self.prefix + printable(path))
        self.problems += loaded.problems
        return loaded.value

    def below(self, folder: str) -> list[tuple[str, str]]:
        """Path and key of each file below a folder such as `metrics/`."""
        return [(path, printable(path[len(folder) :])) for path in self.contents.files if path.startswith(folder)]


def texts_of(contents: Contents) -> Texts:
    """The texts of contents; paths of problems start at the registry's root."""
    return Texts(contents, printable(f"{contents.place}/") if contents.place else "")

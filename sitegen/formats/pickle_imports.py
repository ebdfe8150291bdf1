"""The names that a pickled file imports, from its opcodes: nothing is ever loaded."""

import io
import pickletools
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from sitegen.domain.model import Pairs, Unread
from sitegen.formats.compression import decompress, has_compression

MAX_FILES = 20
"""Pickles of one version whose imports are read."""

MAX_OPCODES = 300_000
"""Opcodes of one file that are read: a tenth of a second. A forest of scikit-learn has some ten thousand."""

MAX_NAMES = 300
"""Imported names of one file that are listed."""

MAX_NAME_LENGTH = 200
"""The longest name of a module or object, in characters."""

MAX_MEMBERS = 20
"""Pickles of one archive that are read."""

MAX_BYTES = 8 * 2**20
"""The largest file, decompressed, or all pickles of one archive together, that is read."""

_SURE = (".pkl", ".pickle", ".cloudpickle", ".dill", ".joblib", ".pt", ".pth", "pytorch_model.bin")

SUFFIXES = (*_SURE, ".ckpt", ".bin")
"""Ends of the names of files that may be pickles, or archives with pickles. Other tools use the last two as well."""

_PROTO = b"\x80"
"""The byte that pickles of protocol 2 and later begin with."""

UNKNOWN_IMPORT = ("?", "?")
"""Stands for an import whose name the opcodes compute: no library writes such a pickle."""


class Imports(NamedTuple):
    """Pairs of a module and a name in it, sorted. `complete` is False where more follows than was read.

    `unread` says why nothing was read at all.
    """

    names: Pairs
    complete: bool
    unread: Unread | None = None


def unread_imports(reason: Unread) -> Imports:
    """The imports of a pickle that was not read."""
    return Imports((), False, reason)


def may_be_pickle(path: str) -> bool:
    """Whether the suffix of a file is that of pickles or of archives that hold some."""
    return path.lower().endswith(SUFFIXES)


def is_pickle(path: str) -> bool:
    """Whether the suffix of a file is that of pickles and of nothing else."""
    return path.lower().endswith(_SURE)


def pickle_imports(data: bytes) -> Imports | None:
    """The imports of a pickle, compressed or not, or of those in a zip archive as PyTorch writes it.

    None for any other file.
    """
    if data.startswith(b"PK\x03\x04"):
        return _imports_of_archive(data)
    if has_compression(data):
        return _imports_of_compression(data)
    reading = _Reading(MAX_OPCODES)
    reading.read(data)
    return reading.result() if reading.ends or reading.names else None


def _imports_of_compression(data: bytes) -> Imports | None:
    """The imports of a compressed pickle; None if something else is compressed."""
    content = decompress(data, MAX_BYTES)
    if content is None:
        return unread_imports("compression")
    reading = _Reading(MAX_OPCODES)
    reading.read(content.data)
    reading.complete &= content.complete
    if reading.ends or reading.names:
        return reading.result()
    return unread_imports("size") if content.data.startswith(_PROTO) and not content.complete else None


class _Reading:
    """The state of reading opcodes; `left` of them may still be read."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.opcodes = 0
        self.ends = 0
        self.names: set[tuple[str, str]] = set()
        self.complete = True

    def result(self) -> Imports:
        """All imports so far."""
        names = sorted(self.names)
        return Imports(tuple(names[:MAX_NAMES]), self.complete and len(names) <= MAX_NAMES)

    def read(self, data: bytes) -> None:
        """Read a pickle, and those that follow it in the same file: PyTorch once wrote several."""
        stream = io.BytesIO(data)
        while stream.tell() < len(data) and self.complete:
            try:
                self._read_one(stream)
                self.ends += 1
            except (ValueError, UnicodeError, IndexError, KeyError):  # not a pickle, or raw bytes inside of one
                self.complete = False

    def _read_one(self, stream: io.BytesIO) -> None:
        """The opcodes up to the end of one pickle. Names are the last two texts before an import."""
        recent: list[str | None] = []
        memo: dict[Any, str | None] = {}
        for opcode, argument, _ in pickletools.genops(stream):
            self.opcodes += 1
            if self.opcodes > self.left:
                self.complete = False
                return
            name = opcode.name
            if name in _TEXTS:
                recent.append(argument)
            elif name in _STORES:
                memo[len(memo) if argument is None else argument] = recent[-1] if recent else None
            elif name in _LOADS:
                recent.append(memo.get(argument))
            elif name in _IMPORTS:
                self._add(name, argument, recent)
                recent.append(None)
            elif name not in _NO_CHANGE:
                recent.append(None)
            del recent[:-2]

    def _add(self, opcode: str, argument: Any, recent: list[str | None]) -> None:
        """Note an import: its argument has both names, or they are the last two texts."""
        module, name = UNKNOWN_IMPORT
        if opcode in ("GLOBAL", "INST"):
            module, _, name = argument.partition(" ")
        elif opcode == "STACK_GLOBAL" and len(recent) == 2 and recent[0] is not None and recent[1] is not None:
            module, name = recent[0], recent[1]
        if len(self.names) <= MAX_NAMES:
            self.names.add((_printable(module), _printable(name)))


def _printable(name: str) -> str:
    text = name[:MAX_NAME_LENGTH]
    return text if text.isprintable() else text.encode("unicode_escape").decode()[:MAX_NAME_LENGTH]


_TEXTS = frozenset(
    ["SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE", "STRING", "BINSTRING", "SHORT_BINSTRING"]
)
_STORES = frozenset(["MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"])
_LOADS = frozenset(["GET", "BINGET", "LONG_BINGET"])
_IMPORTS = frozenset(["GLOBAL", "INST", "STACK_GLOBAL", "EXT1", "EXT2", "EXT4"])
_NO_CHANGE = frozenset(["FRAME", "PROTO"])


def _imports_of_archive(data: bytes) -> Imports | None:
    """The imports of the members with the suffix of a pickle; None if there is none.

    PyTorch stores members, or deflates them. Other methods are not read: an archive may state a window of gigabytes.
    """
    reading = _Reading(MAX_OPCODES)
    members = 0
    try:
        for content in _members(data):
            members += 1
            reading.read(content)
            if not content:
                reading.complete = False
    except _DAMAGES:
        if not members:
            return unread_imports("compression")
        reading.complete = False
    return reading.result() if members else None


_DAMAGES = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, ValueError)
"""Errors of reading archives: damaged, encrypted, compressed in an unknown way."""


def _members(data: bytes) -> Iterator[bytes]:
    """The pickles of an archive; an empty one in place of what is beyond the limits."""
    left = MAX_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [one for one in archive.infolist() if one.filename.lower().endswith((".pkl", ".pickle"))]
        for member in names[:MAX_MEMBERS]:
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise NotImplementedError(member.compress_type)
            with archive.open(member) as file:
                content = file.read(left + 1)
            left -= len(content)
            if left < 0:
                yield b""
                return
            yield content
        if len(names) > MAX_MEMBERS:
            yield b""

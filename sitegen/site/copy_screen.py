"""Redacting logged files before they are copied into the site, or withholding them with a reason."""

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

from sitegen.formats.image_metadata import remove_metadata
from sitegen.formats.media import SUFFIXES
from sitegen.formats.text_encoding import change_text, is_text, is_utf8
from sitegen.privacy.redactor import Redactor
from sitegen.settings.settings import Privacy
from sitegen.site.copy_names import BINARY, TEXT_TYPES

MAX_UNPACKED_BYTES = 64 * 2**20
"""The largest archive, in unpacked bytes, that is searched for private texts."""

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_DECOMPRESSORS: tuple[tuple[bytes, Callable[[io.BytesIO], io.BufferedIOBase]], ...] = (
    (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\0", lzma.LZMAFile),
)
_OPAQUE_FORMATS = {
    b"PAR1": "Parquet",
    b"\x89HDF": "HDF5",
    b"%PDF": "PDF",
    b"SQLite format 3": "SQLite",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"(\xb5/\xfd": "zstd",
    b"\x04\x22\x4d\x18": "LZ4",
    b"ARROW1": "Arrow",
    b"FEA1": "Feather",
    b"Obj\x01": "Avro",
    b"ORC": "ORC",
}
"""The first bytes of formats that store texts compressed or in pieces, so that they cannot be searched."""

_ASCII_TEXT = re.compile(rb"[\x20-\x7e\t\r\n]{12,}")  # shorter runs occur in any random bytes
_UTF16_TEXT = re.compile(rb"(?:[\x20-\x7e\t]\0){12,}")
_HOMES = re.compile(rb"(?i)/(?:home|users)/[\w.-]|:\\+users\\+\w")


class ScreenResult(NamedTuple):
    """The bytes to publish; None and the reason if the file is withheld."""

    data: bytes | None
    reason: str = ""


def screen(path: str, data: bytes, privacy: Privacy) -> ScreenResult:
    """Redact a file of this name and content, or withhold it."""
    if privacy.paths and privacy.users and privacy.emails and privacy.secrets:
        return ScreenResult(data)
    if data.startswith(_IMAGES) or data[8:12] == b"WEBP" or path.rpartition(".")[2].lower() in SUFFIXES:
        return _image(data)
    if is_text_file(path, data):
        redactor = Redactor(privacy)
        return ScreenResult(change_text(data, lambda text: redactor.document(text, path)))
    reason = _reason(data, privacy, 0)
    return ScreenResult(None, reason) if reason else ScreenResult(data)


def is_text_file(path: str, data: bytes) -> bool:
    """Whether a file is treated as a text: by its suffix, else by its content."""
    suffix = path.rpartition(".")[2].lower()
    return suffix in TEXT_TYPES or is_utf8(data) or (suffix not in BINARY and is_text(data))


def _image(data: bytes) -> ScreenResult:
    clean = remove_metadata(data)
    return ScreenResult(clean) if clean is not None else ScreenResult(None, "its metadata cannot be removed")


def _reason(data: bytes, privacy: Privacy, depth: int) -> str:
    """The reason to withhold a binary file; empty if it was searched and contains nothing private."""
    if depth > 2:
        return "it is an archive in an archive and cannot be searched"
    for beginning, name in _OPAQUE_FORMATS.items():
        if data.startswith(beginning):
            return f"it is a {name} file, whose texts cannot be searched"
    if data.startswith(b"PK\x03\x04"):
        return _reason_of_zip(data, privacy, depth)
    for beginning, unpack in _DECOMPRESSORS:
        if data.startswith(beginning):
            try:
                inner = unpack(io.BytesIO(data)).read(MAX_UNPACKED_BYTES + 1)
            except (OSError, EOFError, lzma.LZMAError, zlib.error):
                return "it is an archive that cannot be read"
            if len(inner) > MAX_UNPACKED_BYTES:
                return "it is an archive that is too large to be searched"
            return _reason(inner, privacy, depth + 1)
    return "it holds texts that are private" if _is_private(data, privacy) else ""


def _reason_of_zip(data: bytes, privacy: Privacy, depth: int) -> str:
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _is_private(archive.comment + "\n".join(archive.namelist()).encode("utf-8", "replace"), privacy):
                return "it holds names of files that are private"
            for member in archive.infolist():
                with archive.open(member) as file:
                    inner = file.read(left + 1)
                left -= len(inner)
                if left < 0:
                    return "it is an archive that is too large to be searched"
                if reason := _reason(inner, privacy, depth + 1):
                    return reason
    except (
        OSError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ):
        return "it is an archive that cannot be read"
    return ""


def _is_private(data: bytes, privacy: Privacy) -> bool:
    """Whether a binary contains a text that may not be published."""
    if not privacy.paths and _HOMES.search(data):
        return True
    runs = [run.decode("ascii") for run in _ASCII_TEXT.findall(data)]
    runs += [run[::2].decode("ascii") for run in _UTF16_TEXT.findall(data)]
    redactor = Redactor(privacy)
    return any(redactor.text(run) != run for run in runs)

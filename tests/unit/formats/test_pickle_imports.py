"""Imports of pickles, read from opcodes: of every protocol, of archives, and of hostile files."""

import bz2
import collections
import gzip
import io
import lzma
import os
import pickle
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats import pickle_imports as module
from sitegen.formats.compression import MAX_STREAMS
from sitegen.formats.pickle_imports import UNKNOWN_IMPORT, Imports, pickle_imports

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Command:
    """Runs a command when it is loaded."""

    def __reduce__(self) -> Any:
        return os.system, ("true",)


def archive(method: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    """A zip archive as PyTorch writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, content in members.items():
            file.writestr(f"archive/{name.replace('_', '.')}", content)
    return stream.getvalue()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_imports_of_every_protocol(protocol: int) -> None:
    """Names that repeat come from the memo."""
    value = [collections.OrderedDict(a=1), Command(), collections.OrderedDict(b=2), collections.Counter("x")]
    found = pickle_imports(pickle.dumps(value, protocol))
    assert found and found.complete
    assert {("collections", "OrderedDict"), ("collections", "Counter"), (os.system.__module__, "system")} <= {
        *found.names
    }


COMMAND = b"cos\nsystem\n."
SYSTEM = Imports((("os", "system"),), True)
UNREADABLE = Imports((), False, "compression")
COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}

FILES = {
    "no pickle": (b"hello", None),
    "empty": (b"", None),
    "only a protocol": (b"\x80\x04", None),
    "no imports": (pickle.dumps({"a": [1, 2.5, None]}), Imports((), True)),
    "text": (b"cos\nsystem\n(S'true'\ntR.", Imports((("os", "system"),), True)),
    "an instance": (b"(S'true'\nios\nsystem\n.", Imports((("os", "system"),), True)),
    "several": (pickle.dumps(1) + b"cos\nsystem\n.", Imports((("os", "system"),), True)),
    "raw bytes after an import": (b"cos\nsystem\n\xff\xff\xff", Imports((("os", "system"),), False)),
    "a computed name": (b"\x80\x04\x8c\x02os\x8c\x06system\x30\x8c\x06system\x93.", Imports((UNKNOWN_IMPORT,), True)),
    "an extension": (b"\x80\x02\x82\x01.", Imports((UNKNOWN_IMPORT,), True)),
    "a name with control characters": (b"ca\x1b\nb\n.", Imports((("a\\x1b", "b"),), True)),
    "an archive": (archive(data_pkl=b"cos\nsystem\n.", x=b"weights"), Imports((("os", "system"),), True)),
    "an archive without pickles": (archive(x=b"weights"), None),
    "a damaged archive": (b"PK\x03\x04 damaged", UNREADABLE),
    "an archive with a window of gigabytes": (archive(zipfile.ZIP_LZMA, data_pkl=b"N."), UNREADABLE),
    **{f"compressed with {name}": (compress(COMMAND), SYSTEM) for name, compress in COMPRESSIONS.items()},
    "two compressed streams": (gzip.compress(COMMAND[:5]) + gzip.compress(COMMAND[5:]), SYSTEM),
    "a compressed text": (gzip.compress(b"hello"), None),
    "a part of a compressed file": (gzip.compress(COMMAND)[:-9], SYSTEM._replace(complete=False)),
    "bytes behind a compressed file": (gzip.compress(COMMAND) + b"x", SYSTEM._replace(complete=False)),
    "a damaged compressed file": (b"\x1f\x8b damaged", UNREADABLE),
    "a format that the standard library lacks": (b"\x04\x22\x4d\x18 lz4", UNREADABLE),
}


@pytest.mark.parametrize("name", FILES)
def test_imports_of_files(name: str) -> None:
    """Of what is no pickle there are none."""
    data, expected = FILES[name]
    assert pickle_imports(data) == expected


def test_reading_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """In opcodes, names, members and unpacked bytes; then more follows than was read."""
    many = b"".join(b"cmodule\nname%d\n" % number for number in range(1000)) + b"."
    found = pickle_imports(many)
    assert found and len(found.names) == module.MAX_NAMES and not found.complete
    members = {f"n{number}_pkl": pickle.dumps(1) for number in range(module.MAX_MEMBERS + 1)}
    assert pickle_imports(archive(**members)) == Imports((), False)
    monkeypatch.setattr(module, "MAX_OPCODES", 50)
    assert pickle_imports(b"N" * 100 + b"cos\nsystem\n.") in (None, Imports((), False))
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    assert pickle_imports(archive(data_pkl=b"N" * 30 + b".")) == Imports((), False)


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_decompression_is_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file may decompress to gigabytes, or be thousands of streams: no more is read than the limit."""
    monkeypatch.setattr(module, "MAX_BYTES", 2**20)
    compress = COMPRESSIONS[name]
    bomb = compress(b"\x80\x04B" + (2**25).to_bytes(4, "little") + bytes(2**25) + COMMAND)
    tracemalloc.start()
    assert pickle_imports(bomb) == Imports((), False, "size")
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()
    assert pickle_imports(compress(b"(") * (MAX_STREAMS + 1) + compress(COMMAND)) is None
    assert pickle_imports(compress(COMMAND) * MAX_STREAMS) == SYSTEM
    assert pickle_imports(compress(COMMAND) * (MAX_STREAMS + 1)) == SYSTEM._replace(complete=False)


@given(st.binary(max_size=60))
def test_no_bytes_raise(data: bytes) -> None:
    """Whatever the file holds."""
    starts = (b"", b"\x80\x04", b"PK\x03\x04", b"\x1f\x8b\x08", b"x\x9c", b"BZh9", b"\xfd7zXZ\0", b"]\0\0\x80\0")
    for whole in (start + data for start in starts):
        pickle_imports(whole)

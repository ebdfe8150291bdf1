"""Imports of pickles, read from opcodes: of every protocol, of archives, and of hostile files."""

import collections
import io
import os
import pickle
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats import pickle_imports as module
from sitegen.formats.pickle_imports import UNKNOWN_IMPORT, Imports, pickle_imports

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Command:
    """Runs a command when it is loaded."""

    def __reduce__(self) -> Any:
        return os.system, ("true",)


def archive(**members: bytes) -> bytes:
    """A zip archive as PyTorch writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
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
    "a damaged archive": (b"PK\x03\x04 damaged", None),
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


@given(st.binary(max_size=60))
def test_no_bytes_raise(data: bytes) -> None:
    """Whatever the file holds."""
    for whole in (data, b"\x80\x04" + data, b"PK\x03\x04" + data):
        pickle_imports(whole)

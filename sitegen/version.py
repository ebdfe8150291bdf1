"""The version of sitegen, and the digest of its code: both are part of every page's fingerprint."""

import os
from functools import cache
from importlib import import_module
from pathlib import Path

VERSION = "0.1.0"


@cache
def code_digest() -> str:
    """A digest of the installed code: caches and states of other code are not used."""
    whole = import_module("hashlib").blake2b(VERSION.encode(), digest_size=16)  # `--version` needs no OpenSSL
    here = str(Path(__file__).parent)
    for folder, inner, names in os.walk(here):  # which takes half the time of pathlib
        inner.sort()
        for name in sorted(name for name in names if name.endswith(".py")):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                whole.update(os.path.relpath(path, here).replace(os.sep, "/").encode() + b"\0" + file.read())
    digest: str = whole.hexdigest()
    return digest

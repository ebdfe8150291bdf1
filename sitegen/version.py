"""The version of sitegen, and the digest of its code: both are part of every page's fingerprint."""

import hashlib
from functools import cache
from pathlib import Path

VERSION = "0.1.0"


@cache
def code_digest() -> str:
    """What changes whenever the code does: what another state of it kept or made is not to be trusted."""
    whole = hashlib.blake2b(VERSION.encode(), digest_size=16)
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        whole.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()

"""Fingerprints of several parts."""

import hashlib


def fingerprint(*parts: bytes | str) -> bytes:
    """Hash of the parts, 16 bytes. The length of each part is hashed, too: ("ab", "c") and ("a", "bc") differ."""
    result = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        result.update(b"%d:" % len(data))
        result.update(data)
    return result.digest()

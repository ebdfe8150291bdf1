"""The atomic exchange of two folders, on systems that have it."""

import os
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module


def exchange(one: str, other: str) -> bool:
    """Exchange two folders atomically; False, and nothing changes, where the system or file system cannot.

    Two renames would not be atomic: between them one of the names would be missing.
    """
    call = _system_call()
    return call is not None and call(os.fsencode(one), os.fsencode(other)) == 0


@cache
def _system_call() -> Callable[[bytes, bytes], int] | None:
    name, flags = {"linux": ("renameat2", 2), "darwin": ("renameatx_np", 2)}.get(sys.platform, ("", 0))
    if not name:
        return None
    ctypes = import_module("ctypes")  # imported late: only builds that replace a folder need it
    call = getattr(ctypes.CDLL(None), name, None)
    if call is None:
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    current = -100 if sys.platform == "linux" else -2

    def rename(one: bytes, other: bytes) -> int:
        """The system's answer: 0 is success."""
        answer: int = call(current, one, current, other, flags)
        return answer

    return rename

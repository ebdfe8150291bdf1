"""The exchange of two folders at one stroke, where the system has it."""

import os
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module


def exchange(one: str, other: str) -> bool:
    """Put each of two folders in the place of the other; False where this system or file system cannot.

    Nothing has changed then. A moment at which one of the names is missing does not exist: that is why two renames
    are no replacement.
    """
    call = _system_call()
    return call is not None and call(os.fsencode(one), os.fsencode(other)) == 0


@cache
def _system_call() -> Callable[[bytes, bytes], int] | None:
    name, flags = {"linux": ("renameat2", 2), "darwin": ("renameatx_np", 2)}.get(sys.platform, ("", 0))
    if not name:
        return None
    ctypes = import_module("ctypes")  # only builds that replace a folder pay for it
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

"""Making many values without looking for garbage between them: they have no cycles, and looking takes long."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pause_gc() -> Iterator[None]:
    """Leave garbage that has cycles where it is, for as long as this lasts; all other is freed at once as ever."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        (gc.enable if before else gc.disable)()


def freeze_gc() -> None:
    """Look for garbage from now on, but not among what is there: modules and a registry are many values that stay."""
    gc.freeze()
    gc.enable()

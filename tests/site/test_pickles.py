"""Pickles that are not read: each says why."""

from pathlib import Path

import sitegen
from sitegen.formats.pickle_imports import MAX_BYTES, MAX_FILES
from tests.support.registries import SIGNED, write


def test_a_pickle_beyond_a_limit_says_so(tmp_path: Path) -> None:
    """A file may be too large, or come after too many others; one that may be something else says nothing."""
    files: dict[str, str | bytes] = {"m/1/MLmodel": SIGNED, "m/1/large.bin": bytes(MAX_BYTES + 1)}
    files |= {"m/1/large.pt": bytes(MAX_BYTES + 1), "m/1/last.bin": b"N.", "m/1/last.pkl": b"N."}
    files |= {f"m/1/n{number:02}.pkl": b"cnumpy\nndarray\n." for number in range(MAX_FILES)}
    files |= {"m/1/z.bin": b"N.", "m/1/z.pkl": b"N."}
    [model] = sitegen.read(write(tmp_path, files)).models
    reasons = {pickle.path: pickle.unread for pickle in model.versions[0].pickles if pickle.unread}
    assert reasons == {"large.pt": "size", "n16.pkl": "count", "n17.pkl": "count", "n18.pkl": "count"} | {
        "n19.pkl": "count",
        "z.pkl": "count",
    }

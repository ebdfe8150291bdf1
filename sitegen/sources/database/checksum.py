"""The SQL function `checksum`: one exact digest of many rows, computed where the rows are."""

import hashlib
import marshal

CHECKSUM = "checksum"
"""The name of the function in SQL."""


class Checksum:
    """The aggregate function: a digest of its arguments in all rows of a group, in the order of the rows.

    SQLite's own `total` is no checksum: values that change places, opposite changes and all beside an infinite value
    go unnoticed.
    """

    def __init__(self) -> None:
        self._whole = hashlib.blake2b(digest_size=16)

    def step(self, *values: bytes | str | float | None) -> None:
        """Add a row. Marshal is exact and fast."""
        self._whole.update(marshal.dumps(values, 2))

    def finalize(self) -> bytes:
        """The digest of all rows."""
        return self._whole.digest()


def exact(column: str) -> str:
    """SQL for a column's value as an argument of `checksum`: text as its bytes, since it may be no UTF-8."""
    as_bytes = f"when 'text' then cast({column} as blob) when 'blob' then hex({column})"
    return f"case typeof({column}) {as_bytes} else {column} end"

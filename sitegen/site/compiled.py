"""Compiled templates, kept from build to build: compiling takes longer than all else that a small change needs."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Keeps code in files of a folder, each with a digest of itself and of the edition that made it.

    What is damaged or of another edition is compiled anew; a folder that cannot be written is no error.
    """

    def __init__(self, folder: str, edition: bytes) -> None:
        self.folder, self.edition = Path(folder), edition

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with the code that was kept, if it is whole."""
        with suppress(OSError):
            data = (self.folder / bucket.key).read_bytes()
            if self._digest(data[32:]) == data[:32]:
                bucket.bytecode_from_string(data[32:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket's code."""
        code = bucket.bytecode_to_string()
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"{bucket.key}.{os.getpid()}"
            temporary.write_bytes(self._digest(code) + code)
            temporary.replace(self.folder / bucket.key)

    def _digest(self, code: bytes) -> bytes:
        return hashlib.sha256(self.edition + code).digest()

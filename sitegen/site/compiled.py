"""Compiled templates, kept from build to build: compiling takes longer than all else that a small change needs."""

import hashlib
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from sitegen.settings.private_folder import is_private, read_private, write_private


class TemplateCache(BytecodeCache):
    """Keeps code in files of a private folder, each with a digest of itself and of the edition that made it.

    What is damaged, of another edition or of another user is compiled anew, as all is where the folder is not private
    or cannot be written.
    """

    def __init__(self, folder: str, edition: bytes) -> None:
        self.folder, self.edition = Path(folder), edition
        self._private = is_private(self.folder)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with the code that was kept, if it is whole."""
        data = read_private(self.folder / bucket.key) if self._private else None
        if data is not None and self._digest(data[32:]) == data[:32]:
            bucket.bytecode_from_string(data[32:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket's code."""
        if self._private:
            code = bucket.bytecode_to_string()
            write_private(self.folder / bucket.key, self._digest(code) + code)

    def _digest(self, code: bytes) -> bytes:
        return hashlib.sha256(self.edition + code).digest()

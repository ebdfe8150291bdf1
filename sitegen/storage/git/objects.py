"""Reading blobs of a repository through one `git cat-file --batch` process."""

import os
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO

from sitegen.core.errors import SitegenError
from sitegen.storage.git.repository import Repository, environment

MAX_BATCH = 256
"""Blobs of one batch: their ids fit into a pipe, so that neither process waits for the other to read."""


_CHUNK = 2**20
"""Bytes of a blob that are held in memory while it is copied."""


class Objects:
    """The objects of a repository. A context manager: its end ends the process and removes the copies."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._process: subprocess.Popen[bytes] | None = None
        self._copies: TemporaryDirectory[str] | None = None
        self._numbers: dict[str, int] = {}

    def __enter__(self) -> "Objects":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_process()
        copies, self._copies = self._copies, None
        if copies is not None:
            copies.cleanup()

    def number(self, id: str) -> int:
        """A number that stands for an id: ids are longer than the stamps of files, and a part of one can be forged."""
        return self._numbers.setdefault(id, len(self._numbers) + 1)

    def copy(self, id: str) -> str | None:
        """The path of a copy of a blob in a temporary folder; None where the blob is missing."""
        if self._copies is None:
            self._copies = TemporaryDirectory(prefix="sitegen-git-")
        copy = Path(self._copies.name) / id
        if not copy.exists():
            partial = copy.with_suffix(".part")
            if not self._write(id, partial):
                return None
            partial.rename(copy)
        return str(copy)

    def _write(self, id: str, path: Path) -> bool:
        """Write the bytes of a blob to a file, a chunk at a time; False where it is missing."""
        questions, answers = self._pipes()
        with suppress(BrokenPipeError):
            questions.write(f"{id}\n".encode())
            questions.flush()
        head = answers.readline().split()
        if len(head) != 3:
            if not head:  # git ended because it may not fetch this object
                self._end_process()
            return False
        left = int(head[2])
        with path.open("wb") as file:
            while left and (chunk := answers.read(min(left, _CHUNK))):
                file.write(chunk)
                left -= len(chunk)
        if left or not answers.read(1):
            self._end_process()
            return False
        return True

    def read(self, id: str) -> bytes | None:
        """The bytes of a blob; None where it is missing, as in a partial clone. Its size must be known before."""
        return self.read_many([id])[id]

    def read_many(self, ids: Sequence[str]) -> dict[str, bytes | None]:
        """The bytes of at most MAX_BATCH blobs: git answers them without a pause between."""
        questions, answers = self._pipes()
        with suppress(BrokenPipeError):
            questions.write("".join(f"{id}\n" for id in ids).encode())
            questions.flush()
        found: dict[str, bytes | None] = dict.fromkeys(ids)
        for place, id in enumerate(ids):
            head = answers.readline().split()
            if not head:  # git ended because it may not fetch this object
                self._end_process()
                return found | (self.read_many(rest) if (rest := ids[place + 1 :]) else {})
            if len(head) == 3:
                found[id] = answers.read(int(head[2]))
                answers.read(1)
        return found

    def sizes(self, ids: Iterable[str]) -> dict[str, int]:
        """The sizes of blobs. Raises SitegenError where one is missing: a partial clone has not all of them."""
        asked = "".join(f"{id}\n" for id in dict.fromkeys(ids)).encode()
        if not asked:
            return {}
        command = self.repository.command("cat-file", "--batch-check")
        done = subprocess.run(command, input=asked, capture_output=True, check=False, env=environment(os.environ))
        rows = [line.split() for line in done.stdout.decode().splitlines()]
        if done.returncode or any(len(row) != 3 for row in rows):
            raise SitegenError("objects of the revision are missing in this clone, and sitegen fetches nothing")
        return {id: int(size) for id, _, size in rows}

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                self.repository.command("cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(os.environ),
            )
        process = self._process
        if process.stdin is None or process.stdout is None:  # for the type checker: both are pipes
            raise SitegenError("git gave no pipes")
        return process.stdin, process.stdout

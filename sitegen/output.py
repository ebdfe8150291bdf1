"""Where a site is written: a folder, memory, or storage elsewhere."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol

from sitegen.diagnostics import SitegenError
from sitegen.listing import MANIFEST
from sitegen.locations import scheme

_TEMPORARY = ".sitegen-"


class Output(Protocol):
    """A place for files, by path relative to the site's root. Every file is whole: the old one or the new one.

    Where storage is far, writes and deletions are gathered until `flush`.
    """

    def write(self, path: str, data: bytes) -> None:
        """Put a file in place of the one that may be there."""

    def delete(self, path: str) -> None:
        """Take a file away; one that is not there is no error."""

    def flush(self) -> None:
        """Wait until all that was written is there, and all that was deleted is not."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""

    def paths(self) -> Iterator[str]:
        """All files."""

    def whole(self, paths: Iterable[str], empty: Container[str] = ()) -> bool:
        """Whether all these files are there, and only those are empty that must be."""


@dataclass(frozen=True)
class Folder:
    """A folder of this machine. `fresh` means that nobody looks at it yet, so that files need no second name."""

    root: str
    fresh: bool = False

    def write(self, path: str, data: bytes) -> None:
        """Write a temporary file beside the target and rename it."""
        target = f"{self.root}/{path}"
        whole = target if self.fresh else _temporary(target)
        try:
            _write(whole, data)
        except FileNotFoundError:
            _make(whole.rpartition("/")[0])
            _write(whole, data)
        if whole != target:
            os.replace(whole, target)

    def delete(self, path: str) -> None:
        """Take a file away, and the folders that are empty then."""
        target = Path(self.root, path)
        with suppress(FileNotFoundError):
            target.unlink()
        for folder in target.parents:
            if folder == Path(self.root):
                break
            try:
                folder.rmdir()
            except OSError:
                break

    def flush(self) -> None:
        """Nothing: all is there at once."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        try:
            return Path(self.root, path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def paths(self) -> Iterator[str]:
        """All files, and links to folders; what a killed build left half written is none."""
        for folder, folders, names in os.walk(self.root):
            prefix = os.path.relpath(folder, self.root).replace(os.sep, "/")
            for name in [*names, *(one for one in folders if os.path.islink(f"{folder}/{one}"))]:
                if not name.startswith(_TEMPORARY):
                    yield name if prefix == "." else f"{prefix}/{name}"

    def whole(self, paths: Iterable[str], empty: Container[str] = ()) -> bool:
        """Whether all these files are there, and only those are empty that must be."""
        try:
            return all(os.stat(f"{self.root}/{path}").st_size or path in empty for path in paths)
        except OSError:
            return False


def _make(folder: str) -> None:
    """Make a folder; mostly only the last one is missing."""
    try:
        os.mkdir(folder)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        if not os.path.isdir(folder):
            raise


def _temporary(target: str) -> str:
    folder, _, name = target.rpartition("/")
    return f"{folder}/{_TEMPORARY}{os.getpid()}-{name}"


def _write(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
    except OSError:
        with suppress(OSError):
            os.unlink(path)
        raise
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Memory:
    """Files in memory, for tests and previews."""

    files: dict[str, bytes] = field(default_factory=dict)

    def write(self, path: str, data: bytes) -> None:
        """Put a file in place of the one that may be there."""
        self.files[path] = data

    def delete(self, path: str) -> None:
        """Take a file away."""
        self.files.pop(path, None)

    def flush(self) -> None:
        """Nothing: all is there at once."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        return self.files.get(path)

    def paths(self) -> Iterator[str]:
        """All files."""
        return iter(tuple(self.files))

    def whole(self, paths: Iterable[str], empty: Container[str] = ()) -> bool:
        """Whether all these files are there, and only those are empty that must be."""
        return all(self.files.get(path) or (path in self.files and path in empty) for path in paths)


def check_place(root: str) -> None:
    """Raises SitegenError where no site can be written: what is worth knowing before anything is read."""
    if scheme(root):
        import_module("sitegen.remote.output").check_place(root)


def output_at(root: str) -> Output:
    """The output in a folder, or behind a URL."""
    if not scheme(root):
        return Folder(root)
    remote: Output = import_module("sitegen.remote.output").RemoteOutput(root)  # brings fsspec
    return remote


def seen(root: str) -> str:
    """The digest of the manifest of an output whose files are all there; an empty text where one is not."""
    output = output_at(root)
    manifest = output.read(MANIFEST)
    if manifest is None or not output.whole(paths_of(manifest), _empty(manifest)):
        return ""
    return hashlib.sha256(manifest).hexdigest()


def _empty(manifest: bytes) -> frozenset[str]:
    """The paths of files that hold nothing, as some that runs log do."""
    nothing = hashlib.sha256().hexdigest().encode()
    if nothing not in manifest:
        return frozenset()
    return frozenset(paths_of(b"\n".join(line for line in manifest.splitlines() if line.startswith(nothing))))


def paths_of(manifest: bytes) -> list[str]:
    """The paths that a manifest names."""
    return [line.partition("  ")[2] for line in manifest.decode("utf-8", "replace").splitlines()]


# --- one build at a time, and new folders in place of old ones -------------------------------------------------


@contextmanager
def locked(root: str) -> Iterator[None]:
    """Hold the output; a folder is made if it is not there. Raises SitegenError when another build has it.

    The lock lies on the folder itself and is gone with the process, however it ends; what a killed build left beside
    the folder is taken away. Behind a URL the lock is an object.
    """
    if scheme(root):
        with import_module("sitegen.remote.lock").held(root):
            yield
        return
    handle = _locked(root)
    try:
        remove(_staging(root))
        yield
    finally:
        os.close(handle)


def _locked(root: str) -> int:
    """An open folder that carries the lock."""
    while True:
        try:
            os.makedirs(root, exist_ok=True)
        except FileExistsError as error:
            raise SitegenError(f"{root} is not a folder") from error
        handle = os.open(root, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise SitegenError(f"another build is writing to {root}") from error
        if os.path.exists(root) and os.stat(root).st_ino == os.fstat(handle).st_ino:
            return handle
        os.close(handle)  # the folder was swapped between the two calls


@contextmanager
def renewed(root: str) -> Iterator[Output]:
    """An output for all files of a new site: a folder of its own, which is swapped in at the end.

    Object stores cannot rename, so behind a URL the files are written in place. A manifest is there from the start: by
    it the next build knows the files of one that was killed as sitegen's.
    """
    if scheme(root):
        output = output_at(root)
        if output.read(MANIFEST) is None:
            output.write(MANIFEST, b"unfinished\n")
            output.flush()
        yield output
        return
    staging = _staging(root)
    os.makedirs(staging)
    try:
        yield Folder(staging, fresh=True)
        swap(staging, root)
    finally:
        remove(staging)


def _staging(root: str) -> str:
    """The folder beside the output in which a new site grows; once that is in its place, it holds the old one."""
    return f"{Path(root).parent}/.{Path(root).name}.sitegen-new"


def swap(new: str, old: str) -> None:
    """Put the folder `new` in the place of `old`, and what was there in the place of `new`, at one stroke."""
    if not _exchange(new, old):
        aside = f"{new}-old"
        os.rename(old, aside)
        os.rename(new, old)
        os.rename(aside, new)


def _exchange(one: str, other: str) -> bool:
    """The system's atomic exchange of two folders; False where it has none."""
    name, flags = {"linux": ("renameat2", 2), "darwin": ("renameatx_np", 2)}.get(sys.platform, ("", 0))
    ctypes = import_module("ctypes")
    call = getattr(ctypes.CDLL(None), name, None) if name else None
    if call is None:
        return False
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    current = -100 if sys.platform == "linux" else -2
    done: int = call(current, os.fsencode(one), current, os.fsencode(other), flags)
    return done == 0


def remove(root: str) -> None:
    """Take a folder away with all that is in it."""
    shutil.rmtree(root, ignore_errors=True)

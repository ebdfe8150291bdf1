"""The manifest: the list of a site's files with their digests. A build deletes only files that it names."""

import hashlib
from struct import pack

from sitegen.settings.keep import MANIFEST
from sitegen.storage.output import output_at

Files = dict[str, tuple[bytes, str, int]]
"""Files by path, each with the fingerprint of its inputs, the SHA-256 of its bytes in hex, and its size."""


def manifest_lines(files: Files) -> bytes:
    """The text of the manifest, in the format of `sha256sum`."""
    return "".join([f"{known[1]}  {path}\n" for path, known in sorted(files.items())]).encode()


def manifest_paths(manifest: bytes) -> list[str]:
    """The paths in a manifest."""
    return [line.partition("  ")[2] for line in manifest.decode("utf-8", "replace").splitlines()]


def manifest_sizes(files: Files) -> bytes:
    """The sizes of files in the order of `manifest_lines`. The published manifest is without them."""
    return _pack([known[2] for _, known in sorted(files.items())])


def output_digest(manifest: bytes, sizes: bytes) -> str:
    """A digest of the manifest and the sizes of its files."""
    return hashlib.sha256(hashlib.sha256(manifest).digest() + sizes).hexdigest()


def measure_output(root: str) -> str:
    """The digest of an output as it is now; empty where it has no manifest or not all of its files."""
    output = output_at(root)
    manifest = output.read(MANIFEST)
    sizes = None if manifest is None else output.sizes(manifest_paths(manifest))
    return "" if manifest is None or sizes is None else output_digest(manifest, _pack(sizes))


def _pack(sizes: list[int]) -> bytes:
    return pack(f"<{len(sizes)}q", *sizes)

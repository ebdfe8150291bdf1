"""The manifest: the list of a site's files with their digests. A build deletes only files that it names."""

import hashlib

from sitegen.settings.keep import MANIFEST
from sitegen.storage.output import output_at

Digests = dict[str, tuple[bytes, str]]
"""Files by path, each with the fingerprint of its inputs and the SHA-256 of its bytes in hex."""


def manifest_lines(files: Digests) -> bytes:
    """The text of the manifest, in the format of `sha256sum`."""
    return "".join([f"{known[1]}  {path}\n" for path, known in sorted(files.items())]).encode()


def manifest_paths(manifest: bytes) -> list[str]:
    """The paths in a manifest."""
    return [line.partition("  ")[2] for line in manifest.decode("utf-8", "replace").splitlines()]


def verify_digest(root: str) -> str:
    """The digest of an output's manifest if all its files exist, else an empty text."""
    output = output_at(root)
    manifest = output.read(MANIFEST)
    if manifest is None or not output.has_all(manifest_paths(manifest), _empty(manifest)):
        return ""
    return hashlib.sha256(manifest).hexdigest()


def _empty(manifest: bytes) -> frozenset[str]:
    """The paths of empty files; runs log some."""
    nothing = hashlib.sha256().hexdigest().encode()
    if nothing not in manifest:
        return frozenset()
    return frozenset(manifest_paths(b"\n".join(line for line in manifest.splitlines() if line.startswith(nothing))))

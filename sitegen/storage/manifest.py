"""The manifest: the list of a site's files with their digests, by which a build knows what is its own."""

import hashlib

from sitegen.settings.keep import MANIFEST
from sitegen.storage.output import output_at

Digests = dict[str, tuple[bytes, str]]
"""Files by path: the fingerprint each was made for, and the SHA-256 of its bytes in hex."""


def manifest_lines(files: Digests) -> bytes:
    """The lines of the manifest, which `sha256sum --check` understands."""
    return "".join([f"{known[1]}  {path}\n" for path, known in sorted(files.items())]).encode()


def manifest_paths(manifest: bytes) -> list[str]:
    """The paths that a manifest names."""
    return [line.partition("  ")[2] for line in manifest.decode("utf-8", "replace").splitlines()]


def verify_digest(root: str) -> str:
    """The digest of the manifest of an output whose files are all there; an empty text where one is not."""
    output = output_at(root)
    manifest = output.read(MANIFEST)
    if manifest is None or not output.has_all(manifest_paths(manifest), _empty(manifest)):
        return ""
    return hashlib.sha256(manifest).hexdigest()


def _empty(manifest: bytes) -> frozenset[str]:
    """The paths of files that hold nothing, as some that runs log do."""
    nothing = hashlib.sha256().hexdigest().encode()
    if nothing not in manifest:
        return frozenset()
    return frozenset(manifest_paths(b"\n".join(line for line in manifest.splitlines() if line.startswith(nothing))))

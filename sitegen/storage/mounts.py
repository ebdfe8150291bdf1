"""Mount points: by them a build notices that a disk of its registry is gone."""

import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")


def mount_points(root: str) -> frozenset[str]:
    """The mount points of the disks that a folder and its subfolders lie on; none on systems other than Linux."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return frozenset()
    places = (_OCTAL.sub(lambda code: chr(int(code[1], 8)), line.split(" ")[4]) for line in lines)
    return frozenset(place for place in places if _contains(root, place) or _contains(place, root))


def _contains(folder: str, path: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")

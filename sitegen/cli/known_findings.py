"""The file of known findings: one sorted line each, so that a code review shows which are added and removed."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from sitegen.core.errors import SitegenError

_HEAD = "# What `sitegen check --known` sets aside: count, rule, model and version, file. Made by --write-known.\n"


def read_known_findings(path: str | None) -> Counter[str]:
    """The number of findings by key. Raises SitegenError with the line that cannot be read."""
    found: Counter[str] = Counter()
    if path is None:
        return found
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SitegenError(f"{path}: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        count, _, key = line.partition("\t")
        if not (count.isascii() and count.isdecimal()) or key.count("\t") != 2:
            raise SitegenError(f"{path}:{number}: not a line that --write-known writes")
        found[key] += int(count)
    return found


def write_known_findings(path: str, keys: Iterable[str]) -> int:
    """Write the findings of today, and return their number. Raises SitegenError if the file cannot be written."""
    counts = Counter(keys)
    text = _HEAD + "".join(f"{count}\t{key}\n" for key, count in sorted(counts.items()))
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise SitegenError(f"{path}: {error}") from error
    return counts.total()

"""Numbers in sentences."""

from collections.abc import Mapping

from sitegen.domain.diagnostic import Severity


def count_of(number: int, noun: str) -> str:
    """So many of something."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def severities(counts: Mapping[Severity, int]) -> str:
    """How many problems there are of each severity."""
    words: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
    return ", ".join(count_of(counts[name], word) for name, word in words.items())

"""Times of MLflow's files to milliseconds since 1970, UTC."""

from datetime import UTC, datetime
from functools import lru_cache

LATEST = 253_402_300_800_000  # the year 10000, where datetime ends


@lru_cache(maxsize=4096)
def parse_time(text: str) -> int | None:
    """A date such as `2026-01-03 10:00:00.123456`; without a zone it is UTC. None when it is no date."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return int(moment.timestamp() * 1000)
    except (OverflowError, ValueError):
        return None


def milliseconds(value: object) -> int | None:
    """A time that a store keeps as milliseconds; None when it is none that a calendar has."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LATEST:
        return value
    return None


def iso(time: int) -> str:
    """`2026-01-03T10:00:00Z`, with milliseconds where there are any."""
    text = datetime.fromtimestamp(time // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{time % 1000:03d}Z" if time % 1000 else f"{text}Z"

"""Times in MLflow's files to milliseconds since 1970, UTC, and back."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EARLIEST = -62_135_596_800_000  # the year 1, where datetime begins
LATEST = 253_402_300_800_000  # the year 10000, where it ends
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def parse_time(text: str) -> int | None:
    """A time such as `2026-01-03 10:00:00.123456`, UTC if it has no zone; None if the text is not a time."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    time = (moment - _EPOCH) // timedelta(milliseconds=1)
    return time if EARLIEST <= time < LATEST else None


def milliseconds(value: object) -> int | None:
    """A time stored as milliseconds; None if it is outside of the years 1 to 9999."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LATEST:
        return value
    return None


@lru_cache(maxsize=4096)
def iso(time: int) -> str:
    """`2026-01-03T10:00:00Z`, with milliseconds if they are not zero. Cached: a page shows a time in several forms."""
    text = datetime.fromtimestamp(time // 1000, UTC).replace(tzinfo=None).isoformat()
    return f"{text}.{time % 1000:03d}Z" if time % 1000 else f"{text}Z"

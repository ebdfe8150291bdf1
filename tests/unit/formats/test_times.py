"""Times: what is a date, in milliseconds since 1970 UTC, and how it is written again."""

import pytest

from sitegen.formats.times import iso, milliseconds, parse_time

DATES = {
    "2026-01-03 10:00:00.123456": "2026-01-03T10:00:00.123Z",
    "2026-01-03 10:00:00": "2026-01-03T10:00:00Z",
    "2026-01-03T10:00:00": "2026-01-03T10:00:00Z",
    "2026-01-03T10:00:00Z": "2026-01-03T10:00:00Z",
    "2026-01-03T10:00:00+02:00": "2026-01-03T08:00:00Z",
    " 2026-01-03 ": "2026-01-03T00:00:00Z",
    "2026-01-03T23:59:59.999999": "2026-01-03T23:59:59.999Z",
    "1969-12-31 23:59:59.5": "1969-12-31T23:59:59.500Z",
    "1900-01-01": "1900-01-01T00:00:00Z",
    "0001-01-01 00:00:00": "0001-01-01T00:00:00Z",
    "9999-12-31 23:59:59.999": "9999-12-31T23:59:59.999Z",
}


@pytest.mark.parametrize(("text", "time"), DATES.items())
def test_a_date_is_written_as_iso_8601_in_utc(text: str, time: str) -> None:
    """Without a zone it is UTC."""
    found = parse_time(text)
    assert found is not None
    assert iso(found) == time


NO_DATES = (
    *(
        "",
        "yesterday",
        "19-09-25T13:56:34.34.95",
        "2026-13-01",
        "2026-02-30",
        "10:00:00",
        "1767434400000",
        "0000-01-01",
    ),
    *("0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"),  # beyond the calendar, once they are UTC
)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_none(text: str) -> None:
    """The caller says where it stands."""
    assert parse_time(text) is None


def test_milliseconds_are_exact() -> None:
    """No rounding on the way: every millisecond of a second comes back."""
    for number in range(1000):
        found = parse_time(f"2026-11-20 13:37:42.{number:03d}")
        assert found is not None
        assert found % 1000 == number


STORED = {
    "1767434400000": 1767434400000,
    "0": 0,
    1767434400000: 1767434400000,
    253402300799999: 253402300799999,
    253402300800000: None,
    "-5": None,
    -5: None,
    "1.5": None,
    1.5: None,
    "": None,
    "9" * 5000: None,
    "٣": None,
    True: None,
    None: None,
}


@pytest.mark.parametrize(("value", "time"), STORED.items(), ids=[str(value)[:16] for value in STORED])
def test_times_of_stores_are_milliseconds(value: object, time: int | None) -> None:
    """As numbers or digits; what no calendar has is None, and what is one can be written."""
    assert milliseconds(value) == time
    if time is not None:
        assert iso(time).endswith("Z")

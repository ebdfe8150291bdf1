"""The day that a command judges by."""

import time
from collections.abc import Mapping

from sitegen.core.errors import SitegenError

_MAX_DIGITS = 11
"""Digits of a time in seconds until the year 5138."""


def now(variables: Mapping[str, str]) -> int:
    """The time, or that of SOURCE_DATE_EPOCH: the same input has the same output then. Milliseconds since 1970, UTC.

    Raises SitegenError for a variable that is no number of seconds.
    """
    stated = variables.get("SOURCE_DATE_EPOCH", "")
    if stated and not (stated.isascii() and stated.isdecimal() and len(stated) <= _MAX_DIGITS):
        raise SitegenError(f"SOURCE_DATE_EPOCH is {stated!r}, and must be a number of seconds since 1970")
    return int(stated or time.time()) * 1000

"""Exceptions that end a command, as an exit code and one sentence for the user."""

import os
import traceback
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.formats.text import shorten

EXIT_NOT_POSSIBLE, EXIT_FAULT, EXIT_INTERRUPT = 2, 70, 130
"""Exit codes: wrong usage, an unreadable source or a limit of the machine; an internal error; Ctrl+C."""

_MAX_QUOTE = 200
"""The limit of characters quoted from the text of an exception."""


class Failure(NamedTuple):
    """The exit code of a command that failed, and the sentence that says why."""

    code: int
    sentence: str


def failure_of(error: BaseException) -> Failure:
    """The failure for an exception."""
    match error:
        case SitegenError():
            return Failure(EXIT_NOT_POSSIBLE, str(error))
        case KeyboardInterrupt():
            return Failure(EXIT_INTERRUPT, "interrupted")
        case MemoryError():
            return Failure(EXIT_NOT_POSSIBLE, "out of memory")
        case OSError():  # of this machine: a full disk, a folder that may not be written
            place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
            return Failure(EXIT_NOT_POSSIBLE, f"{place}{error.strerror or error or type(error).__name__}")
    if type(error).__name__ == "BrokenProcessPool":  # by name: its module is slow to load
        return Failure(
            EXIT_NOT_POSSIBLE,
            "a worker process was killed, probably for lack of memory; --jobs 1 uses the least",
        )
    return Failure(EXIT_FAULT, _fault(error))


def _fault(error: BaseException) -> str:
    said = " ".join(str(error).split())
    what = f"{type(error).__name__}: {shorten(said, _MAX_QUOTE)}" if said else type(error).__name__
    return f"internal error: {what}; please report it with the output of --debug"


def traceback_of(error: BaseException) -> str:
    """The traceback of an exception, for `--debug`."""
    return "".join(traceback.format_exception(error))

"""Workflow commands of GitHub Actions."""

import posixpath
from collections.abc import Sequence

from sitegen.core.text import visible
from sitegen.domain.diagnostic import Diagnostic

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render_diagnostics(diagnostics: Sequence[Diagnostic], folder: str = "") -> str:
    """One command a problem: GitHub shows it at its file and line.

    `folder` is the path of the registry from the root of the repository, where GitHub looks for files.
    """
    lines = []
    for diagnostic in diagnostics:
        place = [f"file={escape_property(posixpath.normpath(posixpath.join(folder, diagnostic.path)))}"]
        place += [f"line={diagnostic.line}"] if diagnostic.line is not None else []
        place += [f"col={diagnostic.column}"] if diagnostic.column is not None else []
        place.append(f"title={escape_property(diagnostic.rule)}")
        message = f"{diagnostic.message} ({diagnostic.hint})" if diagnostic.hint else diagnostic.message
        lines.append(f"::{_LEVELS[diagnostic.severity]} {','.join(place)}::{escape_message(message)}\n")
    return "".join(lines)


def escape_message(text: str) -> str:
    """A text as the message of a command."""
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def escape_property(text: str) -> str:
    """A text as a property of a command."""
    return escape_message(text).replace(":", "%3A").replace(",", "%2C")

"""Text for terminals and logs, without control characters and commands."""

import re

_COMMAND = re.compile(r"##(?=\w*\[)")


def visible(text: str) -> str:
    """A text that is safe to print in a terminal or in the log of a build server.

    Escapes control characters, which could move the cursor or colour the screen, and the marks that start a command
    anywhere in a line (`##[...]` of GitHub, `##vso[...]` of Azure).
    """
    escaped = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return _COMMAND.sub(r"#\\x23", escaped)

"""Text for terminals and logs: nothing in it is a command."""

import re

_COMMAND = re.compile(r"##(?=\w*\[)")


def visible(text: str) -> str:
    """A text for a terminal or a log of a build server, where it is nothing but text.

    Control characters, which could move the cursor or colour the screen, become escapes; so do the marks that begin
    a command anywhere in a line (`##[...]` of GitHub, `##vso[...]` of Azure).
    """
    shown = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return _COMMAND.sub(r"#\\x23", shown)

"""Changes as markdown: what a reader sees is what the registry says, letter for letter."""

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sitegen.analysis.compat.compare import compare
from sitegen.cli.report import markdown
from sitegen.domain.model import MLmodel, Version
from sitegen.domain.signature import Column, Scalar, Signature

NAMES = {
    "my_col": "my_col",
    "*bold* [x](y) <b> & &amp; $a$ #1 @me ~x~": "*bold* [x](y) <b> & &amp; $a$ #1 @me ~x~",
    "a`b": "a`b",
    "`": "`",
    "``a```": "``a```",
    " a ": "\\u0020a\\u0020",
    "a|b": "a|b",
    "a\\b": "a\\b",
    "a\\|b": "a\\|b",
    "a\nb": "a b",
    "\x1b[1m": "\\x1b[1m",
}


def version(*names: str) -> Version:
    """One that takes the columns."""
    columns = tuple(Column(name=name, type=Scalar("long"), required=True) for name in names)
    outputs = (Column(name=None, type=Scalar("long")),)
    return Version(name="1", mlmodel=MLmodel(signature=Signature(inputs=columns, outputs=outputs)))


def cells(text: str) -> list[list[Token]]:
    """What stands in the cells of a table's only row."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inside = [token.children or [] for token in tokens if token.type == "inline"]
    return inside[-4:]


@pytest.mark.parametrize(("name", "seen"), NAMES.items())
def test_names_are_read_as_they_are(name: str, seen: str) -> None:
    """In a cell of their own, and in the sentence beside it."""
    [level, place, _, why] = cells(markdown.render_comparison(compare(version("x"), version("x", name))))
    assert [token.content for token in level] == ["✕ breaking"]
    assert "".join(token.content for token in place) == f"inputs {seen}"
    assert {token.type for token in place} <= {"text", "text_special"}
    assert "".join(token.content for token in why) == (
        f"{seen} is required, and callers of the old version do not send it. "
        f"Make {seen} optional (required=False), or have callers send it before you switch versions."
    )
    codes = [token.content for token in why if token.type == "code_inline"]
    assert codes == ([] if name == "a\\|b" else [seen, seen])


def test_two_names_of_one_sentence_are_apart() -> None:
    """However many backticks each has."""
    [*_, why] = cells(markdown.render_comparison(compare(version("`A"), version("`a"))))
    assert [token.content for token in why if token.type == "code_inline"] == ["`A", "`a", "`A"]

"""Mutations: small faults that a source file may be given, as replacements of a stretch of its text."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

COMPARISONS = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
}
OPERATORS = {ast.Add: (r"\+", "-"), ast.Sub: ("-", "+"), ast.And: ("and", "or"), ast.Or: ("or", "and")}
UNTOUCHED = ("annotation", "returns", "decorator_list", "type_comment")
"""Fields of nodes in which a fault changes nothing that tests could notice."""


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A stretch of a source file, by lines and by columns in bytes as `ast` counts them, and the text in its place."""

    kind: str
    line: int
    end_line: int
    start: int
    end: int
    text: str

    def move(self, line: int) -> "Mutation":
        """The same where the stretch begins at another line."""
        return replace(self, line=line, end_line=line + self.end_line - self.line)


def apply(source: str, mutation: Mutation) -> str:
    """The source with the fault. Raises SyntaxError where that is no Python."""
    lines = source.encode().splitlines(keepends=True)
    head, tail = lines[mutation.line - 1][: mutation.start], lines[mutation.end_line - 1][mutation.end :]
    lines[mutation.line - 1 : mutation.end_line] = [head + mutation.text.encode() + tail]
    changed = b"".join(lines).decode()
    compile(changed, "mutant", "exec")
    return changed


def mutations(source: str) -> list[Mutation]:
    """Every fault that the operators of this module can put into a source."""
    lines = source.encode().splitlines(keepends=True)
    return [fault for node in _nodes(ast.parse(source)) for fault in _faults(node, lines)]


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes whose faults can be noticed: no docstrings, annotations, decorators, or parts of f-strings."""
    yield node
    if isinstance(node, ast.JoinedStr):  # the columns of its parts are not those of the file
        return
    for name, field in ast.iter_fields(node):
        if name not in UNTOUCHED:
            for child in field if isinstance(field, list) else [field]:
                if isinstance(child, ast.AST) and not _is_text(child):
                    yield from _nodes(child)


def _is_text(node: ast.AST) -> bool:
    """Whether a statement is nothing but a text: a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _faults(node: ast.AST, lines: list[bytes]) -> Iterator[Mutation]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield from _between(lines, "comparison", left, right, *COMPARISONS[type(operator)])
        case ast.BoolOp(op=operator, values=[left, right, *_]):
            yield from _between(lines, "and, or", left, right, *OPERATORS[type(operator)])
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
            yield from _between(lines, "+, -", left, right, *OPERATORS[type(operator)])
        case ast.UnaryOp(op=ast.Not()):
            yield _stretch("not", node, _text(lines, node).removeprefix("not"))
        case ast.Constant(value=bool() | int() | float() | str() as value):
            yield _stretch("constant", node, repr(_other(value)))
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield _stretch("return None", value, "None")
        case ast.Expr(value=ast.Call() as call):
            yield _stretch("call left out", call, "pass")
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield _stretch("condition", test, f"(not ({_text(lines, test)}))")


def _other(value: bool | float | str) -> object:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case str():
            return f"{value}?" if value else "?"
    return value + 1


def _stretch(kind: str, node: ast.expr, text: str) -> Mutation:
    """The replacement of a whole node."""
    return Mutation(
        kind=kind,
        line=node.lineno,
        end_line=node.end_lineno or node.lineno,
        start=node.col_offset,
        end=node.end_col_offset or node.col_offset,
        text=text,
    )


def _between(
    lines: list[bytes], kind: str, left: ast.expr, right: ast.expr, pattern: str, other: str
) -> Iterator[Mutation]:
    """The replacement of the operator between two nodes."""
    gap = replace(
        _stretch(kind, left, ""),
        line=left.end_lineno or left.lineno,
        start=left.end_col_offset or 0,
        end_line=right.lineno,
        end=right.col_offset,
    )
    text, count = re.subn(pattern, other, _cut(lines, gap), count=1)
    if count:
        yield replace(gap, text=text)


def _text(lines: list[bytes], node: ast.expr) -> str:
    return _cut(lines, _stretch("", node, ""))


def _cut(lines: list[bytes], part: Mutation) -> str:
    """The text of a stretch."""
    if part.line == part.end_line:
        return lines[part.line - 1][part.start : part.end].decode()
    middle = lines[part.line : part.end_line - 1]
    return b"".join([lines[part.line - 1][part.start :], *middle, lines[part.end_line - 1][: part.end]]).decode()

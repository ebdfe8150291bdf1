"""Views that several pages share: links, the frame, signatures, problems."""

from typing import NamedTuple

from markupsafe import Markup

from sitegen.core.fingerprint import fingerprint
from sitegen.core.memoize import memoize_by_identity
from sitegen.core.text import reveal
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.signature import (
    Array,
    Column,
    Map,
    Object,
    ParamSpec,
    Property,
    Signature,
    Tensor,
    Type,
    type_name,
)
from sitegen.formats.key_values import as_text
from sitegen.site.anchors import anchors

MAX_ROWS = 200
"""The longest list on a page; the API has all rows."""


class Link(NamedTuple):
    """A text and its URL; only a text if the URL is empty."""

    text: str
    url: str = ""


class SiteView(NamedTuple):
    """The view that all pages share. `assets` has the path of each style sheet and script; empty for no custom.css."""

    title: str
    description: str
    version: str
    assets: dict[str, str]


class Shell(NamedTuple):
    """The frame of a page. `up` is the relative URL of the root, `section` the current entry of the navigation."""

    site: SiteView
    title: str
    description: str
    up: str
    section: str = ""
    canonical: str = ""


class SchemaRow(NamedTuple):
    """One row of a signature's table; `depth` is the number of objects and arrays around it.

    `key` is the name of an input or output, or its position if it has none; empty for rows inside of one, which have no
    `anchor` either. `example` is the value of an input in the first row of the logged example.
    """

    depth: int
    name: str
    type: str
    required: str
    default: str = ""
    key: str = ""
    anchor: str = ""
    example: str = ""


class SignatureView(NamedTuple):
    """A signature as three tables. `kind` is columns, tensors, mixed or none; `hidden` counts omitted rows.

    `has_example`: rows of inputs have values of the logged example.
    """

    kind: str
    inputs: tuple[SchemaRow, ...] | None
    outputs: tuple[SchemaRow, ...] | None
    params: tuple[SchemaRow, ...] | None
    unreadable: tuple[str, ...]
    hidden: int
    has_example: bool = False


@memoize_by_identity(512)
def signature_view(signature: Signature) -> SignatureView:
    """The tables of a signature. Cached, since versions share signatures."""
    sides = [_rows(signature.inputs, "input"), _rows(signature.outputs, "output")]
    params = None if signature.params is None else _param_rows(signature.params)
    return SignatureView(
        kind=signature.kind,
        inputs=None if sides[0] is None else sides[0][:MAX_ROWS],
        outputs=None if sides[1] is None else sides[1][:MAX_ROWS],
        params=None if params is None else params[:MAX_ROWS],
        unreadable=signature.unreadable,
        hidden=sum(max(0, len(side or ()) - MAX_ROWS) for side in (*sides, params)),
    )


def _rows(columns: tuple[Column, ...] | None, kind: str) -> tuple[SchemaRow, ...] | None:
    if columns is None:
        return None
    rows: list[SchemaRow] = []
    keys = [str(number) if column.name is None else column.name for number, column in enumerate(columns)]
    for column, key, anchor in zip(columns, keys, anchors(kind, keys), strict=True):
        required = "yes" if column.required else "optional"
        name = "" if column.name is None else reveal(column.name)
        rows.append(SchemaRow(0, name, type_text(column.type), required, key=key, anchor=anchor))
        rows += _inner(column.type, 1)
    return tuple(rows)


def _inner(type: Type, depth: int) -> list[SchemaRow]:
    """Rows for the members of objects, at any depth of arrays and maps."""
    match type:
        case Array(inner) | Map(inner):
            return _inner(inner, depth)
        case Object(properties):
            rows = []
            for member in properties:
                rows += [_member(member, depth), *_inner(member.type, depth + 1)]
            return rows
    return []


def _member(member: Property, depth: int) -> SchemaRow:
    required = "yes" if member.required else "optional"
    return SchemaRow(depth=min(depth, 3), name=reveal(member.name), type=type_text(member.type), required=required)


def _param_rows(specs: tuple[ParamSpec, ...]) -> tuple[SchemaRow, ...]:
    ids = anchors("call-param", [spec.name for spec in specs])
    return tuple(_param_row(spec, id) for spec, id in zip(specs, ids, strict=True))


def _param_row(spec: ParamSpec, anchor: str) -> SchemaRow:
    kind = type_name(spec.type)
    return SchemaRow(
        depth=0,
        name=reveal(spec.name),
        type=f"list of {kind}" if spec.shape else kind,
        required="optional",
        default=as_text(spec.default),
        anchor=anchor,
    )


def type_text(type: Type) -> str:
    """A type in a table: `object` for objects, since their members follow as rows."""
    match type:
        case Tensor(dtype, shape):
            sizes = ", ".join("n" if size == -1 else str(size) for size in shape)
            return f"tensor {dtype} [{sizes}]"
        case Array(inner):
            return f"array of {type_text(inner)}"
        case Map(inner):
            return f"map to {type_text(inner)}"
        case Object(_):
            return "object"
        case _:
            return type_name(type)


class ProblemRow(NamedTuple):
    """A problem on the page of its version; `anchor` is the id of its line of MLmodel, if the page shows it."""

    severity: str
    rule: str
    message: str
    place: str
    hint: str
    anchor: str = ""


def problem_row(diagnostic: Diagnostic, anchor: str = "") -> ProblemRow:
    """The row for a problem."""
    return ProblemRow(
        severity=diagnostic.severity,
        rule=diagnostic.rule,
        message=diagnostic.message,
        place=diagnostic.place,
        hint=diagnostic.hint,
        anchor=anchor,
    )


def view_fingerprint(view: tuple[object, ...]) -> bytes:
    """The fingerprint of a view that is made even if its page is not rendered: the text of all fields."""
    return fingerprint(repr(view))


def html(text: str) -> Markup:
    """Mark HTML as safe: it was sanitized by `site.markdown`, or all texts of the registry in it were escaped."""
    return Markup(text)  # noqa: S704 - the only place that marks such HTML

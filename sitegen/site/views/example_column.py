"""The tables of a signature with the first row of the logged example beside the inputs."""

from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import Example
from sitegen.domain.signature import Signature
from sitegen.formats.text import shorten
from sitegen.site.views.parts import SignatureView, signature_view

MAX_LENGTH = 60
"""Characters of a value."""

_MAX_EXAMPLES = 64
"""Views of one signature in the cache."""


def signature_with_example(signature: Signature, example: Example | None) -> SignatureView:
    """The tables of a signature; with values of the example if it is a table with names. Made once per content."""
    if example is None or not example.columns or not example.rows or signature.kind != "columns":
        return signature_view(signature)
    views = _views(signature)
    if example not in views:
        if len(views) >= _MAX_EXAMPLES:
            views.clear()
        views[example] = _view(signature, example)
    return views[example]


@memoize_by_identity(256)
def _views(_: Signature) -> dict[Example, SignatureView]:
    """The views of a signature by example. Versions that share both share them."""
    return {}


def _view(signature: Signature, example: Example) -> SignatureView:
    view = signature_view(signature)
    values = dict(zip(example.columns, example.rows[0], strict=False))
    if not any(row.key in values for row in view.inputs or ()):
        return view
    inputs = tuple(
        row._replace(example=shorten(values[row.key], MAX_LENGTH)) if row.key in values else row
        for row in view.inputs or ()
    )
    return view._replace(inputs=inputs, has_example=True)

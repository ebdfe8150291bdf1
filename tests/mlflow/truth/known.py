"""Where sitegen and MLflow are meant to differ, each with the reason."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Known(NamedTuple):
    """A difference of a field that is meant, told by the two values."""

    field: str
    holds: Callable[[Any, Any], bool]
    reason: str


INFINITE = 1.7976931348623157e308

KNOWN = (
    *(
        Known(
            part,
            lambda ours, theirs: bool(ours) and ours == [{**one, "name": str(one["name"])} for one in theirs or ()],
            "MLflow keeps a column's name that is a number in the JSON as a number; the API writes names as texts",
        )
        for part in ("inputs", "outputs")
    ),
    Known(
        "inputs",
        lambda ours, theirs: json.dumps(ours).replace("map<sparkml_vector>", "sparkml_vector") == json.dumps(theirs),
        "MLflow reads a map of vectors as a vector; the API says what the file says",
    ),
    Known(
        "metrics",
        lambda ours, theirs: ours in ("Infinity", "-Infinity") and theirs in (INFINITE, -INFINITE),
        "a database has no infinity: MLflow stores the largest number in its place, and reports that number",
    ),
)


def reason(field: str, ours: Any, theirs: Any) -> str | None:
    """Why a difference is meant; None where it is not."""
    return next((known.reason for known in KNOWN if known.field == field and known.holds(ours, theirs)), None)

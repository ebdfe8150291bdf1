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
    *(
        Known(
            field,
            lambda ours, theirs: ours in ("Infinity", "-Infinity") and theirs in (INFINITE, -INFINITE),
            "a database has no infinity: MLflow stores the largest number in its place, and reports that number",
        )
        for field in ("metrics", "dataset_metrics")
    ),
    Known(
        "shown",
        lambda ours, _: ours == "copy",
        "log_model copies the run's values at step 0 to the model; the run's latest value stands in their place",
    ),
    Known(
        "shown",
        lambda ours, _: ours == "older run",
        "another run has measured the same metric on the same dataset since: the newer value is shown",
    ),
    Known(
        "shown",
        lambda ours, _: ours == "earlier point",
        "MLflow's database lists every point of a logged model; the value is the last one, the others are its curve",
    ),
)


def reason(field: str, ours: Any, theirs: Any) -> str | None:
    """Why a difference is meant; None where it is not."""
    return next((known.reason for known in KNOWN if known.field == field and known.holds(ours, theirs)), None)

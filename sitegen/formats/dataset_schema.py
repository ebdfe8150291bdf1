"""The columns and the number of rows of a dataset, from the JSON texts that MLflow logs about it."""

from functools import lru_cache

from sitegen.domain.model import Pairs
from sitegen.domain.signature import Json
from sitegen.formats.json import load_json

MAX_NAME_LENGTH = 200
"""Characters of the name or type of a column that are shown."""

MAX_COLUMNS = 200
"""Columns of a dataset that are listed."""


@lru_cache(maxsize=512)  # versions use the same datasets
def dataset_columns(text: str) -> Pairs | None:
    """Name and type of each column or array of a dataset's `schema`; None if the text does not say.

    A tensor's name is empty where it has none.
    """
    schema = load_json(text, "").value
    if not isinstance(schema, dict):
        return None
    found: list[Json] = []
    for kind in ("mlflow_colspec", "mlflow_tensorspec"):
        part = schema.get(kind)
        parts = list(part.values()) if isinstance(part, dict) else [part]  # of features and targets apart
        for one in parts:
            found += one if isinstance(one, list) else []
    columns = tuple(_column(one) for one in found[:MAX_COLUMNS] if isinstance(one, dict))
    return columns or None


def _column(entry: dict[str, Json]) -> tuple[str, str]:
    name, type = entry.get("name"), entry.get("type")
    tensor = entry.get("tensor-spec")
    if isinstance(tensor, dict):
        type = f"{tensor.get('dtype')} {tensor.get('shape')}"
    return name[:MAX_NAME_LENGTH] if isinstance(name, str) else "", type[:MAX_NAME_LENGTH] if isinstance(
        type, str
    ) else "?"


@lru_cache(maxsize=512)
def dataset_rows(text: str) -> int | None:
    """The number of rows of a dataset's `profile`; None if the text does not say."""
    profile = load_json(text, "").value
    rows = profile.get("num_rows") if isinstance(profile, dict) else None
    return rows if isinstance(rows, int) and not isinstance(rows, bool) and rows >= 0 else None

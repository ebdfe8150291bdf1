"""Input examples that were logged with a model."""

from sitegen.domain.diagnostic import Loaded
from sitegen.domain.model import Example
from sitegen.domain.signature import Json
from sitegen.formats.json import load_json
from sitegen.formats.key_values import as_text
from sitegen.formats.text import shorten

MAX_ROWS = 5
MAX_CELL_LENGTH = 200
"""Characters of a value or a name."""

MAX_COLUMNS = 200
"""Columns of an example that a page shows; a last cell `…` stands for the others."""


def parse_example(text: str, path: str) -> Loaded[Example | None]:
    """The example of an input_example.json.

    DataFrames are `{"columns": [...], "data": [[...]]}` (pandas' split), tensors are lists, others any JSON; with
    params, the example is the value of `inputs`, next to `params`. Keeps at most MAX_ROWS rows, with long texts cut.
    """
    loaded = load_json(text, path)
    value = loaded.value
    params: str | None = None
    if isinstance(value, dict) and value.keys() == {"inputs", "params"}:
        params = as_text(value["params"])
        value = value["inputs"]
    if value is None:
        return Loaded(None, loaded.problems)
    columns, rows = _table(value)
    first_rows = tuple(_cells(row if isinstance(row, list) else [row]) for row in rows[:MAX_ROWS])
    return Loaded(Example(columns=_cells(columns), rows=first_rows, count=len(rows), params=params), loaded.problems)


def _table(value: Json) -> tuple[list[Json], list[Json]]:
    """The names of the columns, if any, and the rows."""
    if isinstance(value, dict) and value.keys() <= {"columns", "data", "index"}:
        data, names = value.get("data"), value.get("columns")
        if isinstance(data, list):
            return names if isinstance(names, list) else [], data
    rows: list[Json] = value if isinstance(value, list) else [value]
    records = [row for row in rows if isinstance(row, dict)]
    if records and len(records) == len(rows):
        columns = list(records[0])
        return [*columns], [[record.get(column) for column in columns] for record in records]
    return [], rows


def _cells(row: list[Json]) -> tuple[str, ...]:
    """The texts of a row, or of the header."""
    texts = [as_text(cell) for cell in row[:MAX_COLUMNS]]
    more = ("…",) if len(row) > MAX_COLUMNS else ()
    return (*(shorten(text, MAX_CELL_LENGTH) for text in texts), *more)

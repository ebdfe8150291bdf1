"""Input examples: what a caller may send, as it was logged with the model."""

from sitegen.diagnostics import Loaded
from sitegen.domain.model import Example
from sitegen.domain.signature import Json
from sitegen.formats.json import load_json
from sitegen.formats.pairs import as_text

MOST_ROWS = 5
MOST_TEXT = 200


def parse_example(text: str, path: str) -> Loaded[Example | None]:
    """The example of an input_example.json.

    DataFrames are `{"columns": [...], "data": [[...]]}` (pandas' split), tensors are lists, others any JSON; with
    params the example lies under `inputs` beside `params`. At most five rows are kept, long values are cut.
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
    kept = tuple(_cells(row) for row in rows[:MOST_ROWS])
    return Loaded(Example(columns=columns, rows=kept, count=len(rows), params=params), loaded.problems)


def _table(value: Json) -> tuple[tuple[str, ...], list[Json]]:
    """Names of the columns, where there are any, and the rows."""
    if isinstance(value, dict) and value.keys() <= {"columns", "data", "index"}:
        data, named = value.get("data"), value.get("columns")
        if isinstance(data, list):
            return tuple(as_text(name) for name in (named if isinstance(named, list) else ())), data
    rows: list[Json] = value if isinstance(value, list) else [value]
    records = [row for row in rows if isinstance(row, dict)]
    if records and len(records) == len(rows):
        columns = tuple(records[0])
        rows = [[record.get(column) for column in columns] for record in records]
        return columns, rows
    return (), rows


def _cells(row: Json) -> tuple[str, ...]:
    cells = row if isinstance(row, list) else [row]
    texts = [as_text(cell) for cell in cells[:MOST_TEXT]]
    return tuple(text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…" for text in texts)

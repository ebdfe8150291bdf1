"""Recognising MLflow's databases, and checking that their main tables are complete."""

import re

from sitegen.formats.text import LFS_POINTER
from sitegen.sources.database.sqlite import Schema, Sqlite
from sitegen.storage.tree import UnreadableError

_GROUPS = (
    {"registered_models": {"name"}, "model_versions": {"name", "version"}},
    {"experiments": {"experiment_id"}, "runs": {"run_uuid"}},
)
"""The main tables of a registry and of a tracking database, with their required columns."""

_OTHERS = frozenset(
    [
        "registered_model_tags",
        "registered_model_aliases",
        "model_version_tags",
        "metrics",
        "latest_metrics",
        "params",
        "tags",
        "datasets",
        "inputs",
        "input_tags",
        "logged_models",
        "logged_model_metrics",
        "logged_model_params",
        "logged_model_tags",
    ]
)

_MLFLOW_NAME = re.compile(r"mlflow|mlruns", re.IGNORECASE)
"""Common names of MLflow's database."""

_SEARCH_BYTES = 2**20
"""Bytes of a damaged database that are searched for MLflow's tables: the schema comes first."""


class ForeignError(UnreadableError):
    """A database, or a file with the name of one, that is not MLflow's."""


class PointerError(UnreadableError):
    """A Git LFS pointer in place of a database."""


def tables_of(file: Sqlite) -> frozenset[str]:
    """The tables of MLflow in a database.

    Raises UnreadableError for a damaged database of MLflow, PointerError for a Git LFS pointer in place of a database,
    ForeignError for a database that is not MLflow's.
    """
    schema = file.schema()
    present = {table for group in _GROUPS for table in group if table in schema}
    whole = [group for group in _GROUPS if not any(_lacks(schema, table, columns) for table, columns in group.items())]
    lacking = [
        lack
        for group in _GROUPS
        if group not in whole and (present & group.keys())
        for table, columns in group.items()
        if (lack := _lacks(schema, table, columns))
    ]
    if whole and not lacking:
        return frozenset(present | (_OTHERS & schema.keys()))
    if whole or (lacking and is_named_for_mlflow(file.name.rpartition("/")[2])):
        raise UnreadableError(f"its schema is damaged: {lacking[0]}")
    raise _refusal(file, bool(schema))


def is_named_for_mlflow(name: str) -> bool:
    """Whether a file has a common name of MLflow's database."""
    return _MLFLOW_NAME.search(name) is not None


def _lacks(schema: Schema, table: str, columns: set[str]) -> str:
    """The missing parts of a main table, in words; empty if it is complete."""
    if table not in schema:
        return f"the table {table} is not there"
    missing = sorted(columns - schema[table])
    return f"the table {table} has no column {missing[0]}" if missing else ""


def _refusal(file: Sqlite, opened: bool) -> UnreadableError:
    """Why a file is not read as MLflow's database; `opened` says whether SQLite knows tables in it."""
    named = is_named_for_mlflow(file.name.rpartition("/")[2])
    if opened:
        text = "has no tables of MLflow's"
        return UnreadableError("it has no tables of MLflow's") if named else ForeignError(text)
    beginning = file.read_start(_SEARCH_BYTES)
    if beginning.startswith(LFS_POINTER):
        return PointerError("the file is a Git LFS pointer, not the database")
    if not beginning:
        return UnreadableError("it is empty, 0 bytes long") if named else ForeignError("has no tables of MLflow's")
    if named or any(f"CREATE TABLE {table}".encode() in beginning for group in _GROUPS for table in group):
        return UnreadableError("it is damaged, or no SQLite database")
    return ForeignError("has no tables of MLflow's")

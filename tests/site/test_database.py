"""Sites of registries that are databases."""

from pathlib import Path

from tests.support.databases import database, experiment
from tests.support.sites import sitegen


def test_a_database_without_models_is_an_empty_registry(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", experiment(0, "Default"))
    done = sitegen("build", tmp_path, "--output", tmp_path / "site")
    assert (done.code, done.err.partition(",")[0]) == (0, "0 models")

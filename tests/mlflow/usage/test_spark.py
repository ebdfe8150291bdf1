"""Code for Spark runs as it is printed, on a local Spark: `make nightly` installs one, which takes 400 MB."""

import json
import os
from pathlib import Path

import pytest

import sitegen
from sitegen.analysis.usage.snippets import usage_of
from tests.mlflow.truth.asking import ask
from tests.support.options import ROOT

VARIABLE = "SITEGEN_SPARK_PYTHON"
"""Names a Python that has MLflow, scikit-learn and pyspark."""

PYTHON = os.environ.get(VARIABLE, "")
SCRIPT = Path(__file__).parent / "mlflow_usage.py"

pytestmark = pytest.mark.skipif(not PYTHON, reason=f"{VARIABLE} names no Python that has Spark")


def test_tables_are_scored_as_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """All versions of the sample registry whose columns have names: integers, floats, dates, nested values."""
    monkeypatch.setenv("PYSPARK_PYTHON", PYTHON)
    registry = ROOT / "sample_registry"
    found = [
        (f"{model.name} {version.name}", snippet.text)
        for model, version in sitegen.read(str(registry)).search()
        for snippet in usage_of(model, version).spark
    ]
    asked = [{"code": text, "setup": None} for _, text in found]
    answers = json.loads(ask(PYTHON, SCRIPT, "run", registry, lines=json.dumps(asked)))
    failures = [f"{name}\n{answer}" for (name, _), answer in zip(found, answers, strict=True) if answer]
    assert not failures, "\n\n".join(failures)
    assert len(found) > 8

"""Code for Spark runs as it is printed, on a local Spark: `make nightly` installs one, which takes 400 MB."""

import json
import os
import shutil
from pathlib import Path

import pytest

import sitegen
from sitegen.analysis.usage.snippets import usage_of
from tests.mlflow.payload.signatures import CASES, SCALARS, Case, array, column, mapping, object_of
from tests.mlflow.truth.asking import ask
from tests.support.options import ROOT

VARIABLE = "SITEGEN_SPARK_PYTHON"
"""Names a Python that has MLflow, scikit-learn and pyspark."""

PYTHON = os.environ.get(VARIABLE, "")
SCRIPT = Path(__file__).parent / "mlflow_usage.py"

pytestmark = pytest.mark.skipif(not PYTHON, reason=f"{VARIABLE} names no Python that has Spark")

CARRIED = ("boolean", "long", "double", "string", "binary")
"""Types of values that MLflow accepts in maps and objects from Spark; it refuses the other scalars there."""

ANYWHERE = {
    "list": array,
    "lists": lambda kind: array(array(kind)),
    "map of lists": lambda kind: mapping(array(kind)),
    "object of lists": lambda kind: object_of(a=array(kind)),
}
INSIDE = {
    "map": mapping,
    "object": lambda kind: object_of(a=kind),
    "list of maps": lambda kind: array(mapping(kind)),
    "list of objects": lambda kind: array(object_of(a=kind)),
    "object of objects": lambda kind: object_of(b=object_of(a=kind)),
}
NESTED = [
    Case(f"{name} {kind}", (column(make(kind), "x"),))
    for name, make in {**ANYWHERE, **INSIDE}.items()
    for kind in SCALARS
]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample registry, and models of many signatures."""
    folder = tmp_path_factory.mktemp("spark") / "models"
    shutil.copytree(ROOT / "sample_registry", folder)
    signatures = {case.name: case.texts() for case in (*CASES, *NESTED)}
    ask(PYTHON, SCRIPT, "make", folder, lines=json.dumps(signatures))
    return folder


def test_tables_are_scored_as_printed(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All code runs; types that MLflow refuses from Spark, in `test_refusals`, have none."""
    monkeypatch.setenv("PYSPARK_PYTHON", PYTHON)
    found = [
        (f"{model.name} {version.name}", snippet.text)
        for model, version in sitegen.read(str(registry)).search()
        for snippet in usage_of(model, version).spark
    ]
    asked = [{"code": text, "setup": None} for _, text in found]
    answers = json.loads(ask(PYTHON, SCRIPT, "run", registry, lines=json.dumps(asked)))
    failures = [f"{name}\n{text}\n{answer}" for (name, text), answer in zip(found, answers, strict=True) if answer]
    assert not failures, "\n\n".join(failures)
    names = {name.removesuffix(" 1") for name, _ in found}
    carried = {f"{name} {kind}" for name in ANYWHERE for kind in SCALARS}
    carried |= {f"{name} {kind}" for name in INSIDE for kind in CARRIED}
    assert {case.name for case in NESTED if case.name in names} == carried


REFUSAL = """
import datetime
import mlflow
from pyspark.sql import SparkSession
from pyspark.sql.functions import struct
spark = SparkSession.builder.getOrCreate()
table = spark.createDataFrame([{{"x": {{"a": {value}}}}}], "x {type}")
predict = mlflow.pyfunc.spark_udf(spark, "{model}/1", result_type="double", env_manager="local")
table.withColumn("prediction", predict(struct(*table.columns))).show()
"""


def test_refusals(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow refuses what has no code: integers, floats and times in maps and objects."""
    monkeypatch.setenv("PYSPARK_PYTHON", PYTHON)
    values = {
        "integer": ("1", "int"),
        "float": ("1.0", "float"),
        "datetime": ("datetime.datetime(2026, 1, 31)", "timestamp"),
    }
    asked = [
        {"code": REFUSAL.format(value=value, type=kind.format(type), model=f"{model} {name}"), "setup": None}
        for name, (value, type) in values.items()
        for model, kind in (("map", "map<string, {}>"), ("object", "struct<a: {}>"))
    ]
    answers = json.loads(ask(PYTHON, SCRIPT, "run", registry, lines=json.dumps(asked)))
    assert all("Failed to enforce schema" in (answer or "") for answer in answers), answers

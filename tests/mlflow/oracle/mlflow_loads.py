"""Asks MLflow which MLmodel texts it loads: a JSON list on stdin; on stdout why not, empty for those that it loads."""

import json
import logging
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from mlflow.models import Model  # noqa: E402 - it warns while it loads


def refusal(folder: str, text: str) -> str:
    """Why MLflow does not load a text as python_function; empty where it does."""
    (Path(folder) / "MLmodel").write_text(text, encoding="utf-8")
    try:
        model = Model.load(folder)
        model.get_input_schema()
        return "" if model.flavors["python_function"]["loader_module"] else "no loader"
    except Exception as error:  # noqa: BLE001 - whatever it is
        return f"{type(error).__name__}: {error}"[:300]


with TemporaryDirectory() as place:
    print(json.dumps([refusal(place, text) for text in json.load(sys.stdin)]))

"""Asks MLflow which dtypes the tensors of a signature may have, and whether it takes arrays of them.

Runs alone in an interpreter that has any MLflow: reads a JSON list of dtypes, writes one of pairs. The first of a pair
says whether a schema of the dtype loads, the second whether arrays of the dtype get past it.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
from mlflow.types.schema import Schema  # noqa: E402

try:
    from mlflow.models.utils import _enforce_schema
except ImportError:  # MLflow 1
    from mlflow.pyfunc import _enforce_schema


def answer(dtype: str) -> tuple[bool, bool]:
    """Whether it loads, and takes its own arrays."""
    try:
        schema = Schema.from_json(json.dumps([{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": [-1, 2]}}]))
    except Exception:  # noqa: BLE001 - whatever MLflow or numpy raises is a refusal
        return False, False
    try:
        _enforce_schema(np.zeros((3, 2), dtype), schema)
    except Exception:  # noqa: BLE001
        return True, False
    return True, True


if __name__ == "__main__":
    print(json.dumps([answer(dtype) for dtype in json.load(sys.stdin)]))

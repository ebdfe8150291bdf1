"""Code that logs a version again with what its signature lacks, in the version's own flavor."""

import textwrap

from sitegen.analysis.flavors import FLAVORS
from sitegen.domain.model import Version
from sitegen.domain.signature import Tensor

MAX_NAMES = 20
"""Columns whose names are written one by one; more of them are counted through."""

_TYPES = {
    "bool": "boolean",
    **dict.fromkeys(("int8", "int16", "int32", "uint8", "uint16"), "integer"),
    **dict.fromkeys(("int64", "uint32"), "long"),
    **dict.fromkeys(("float16", "float32"), "float"),
    "float64": "double",
    "str": "string",
    "bytes": "binary",
    "datetime64": "datetime",
}
"""The type of MLflow's columns that holds each dtype whole."""

_OLD = frozenset(["crate", "gluon", "mleap", "mlflow.pyfunc", "python_function"])
"""Flavors that Python's MLflow of today cannot log under their own name."""

_NAMED_TEMPLATE = """\
from mlflow.models import infer_signature
from mlflow.types.schema import ColSpec, Schema

{names}
signature = infer_signature(X, model.predict(X))
signature.inputs = Schema([ColSpec("{type}", name) for name in names])
{log}"""


def log_call(version: Version) -> str:
    """The call that logs the model with a signature."""
    names = [flavor.name for flavor in version.mlmodel.flavors] if version.mlmodel else []
    own = next((name for name in names if name in FLAVORS and name not in _OLD), "")
    if not own:
        return 'mlflow.pyfunc.log_model(name="model", python_model=model, signature=signature)'
    return f'mlflow.{own}.log_model(model, name="model", signature=signature)'


def named_columns(version: Version) -> str:
    """What gives names to the columns of a model that takes one unnamed array of rows.

    Empty for all others: an image has no columns, and an array of any width has no number of them.
    """
    inputs = (version.signature.inputs or ()) if version.signature else ()
    if len(inputs) != 1 or inputs[0].name is not None or not isinstance(inputs[0].type, Tensor):
        return ""
    dtype, shape = inputs[0].type.dtype, inputs[0].type.shape
    if len(shape) != 2 or shape[0] != -1 or shape[1] < 1 or dtype not in _TYPES:
        return ""
    return _NAMED_TEMPLATE.format(names=_placeholders(shape[1]), type=_TYPES[dtype], log=log_call(version))


def _placeholders(count: int) -> str:
    if count > MAX_NAMES:
        return f'names = [f"column_{{number}}" for number in range(1, {count + 1})]  # put in their own names'
    names = ", ".join(f'"column_{number}"' for number in range(1, count + 1))
    return "\n".join(textwrap.wrap(f"names = [{names}]", 76, subsequent_indent=" " * 9))

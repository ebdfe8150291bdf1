"""Code that logs a version again with a complete signature, in the flavor of the version."""

import textwrap

from sitegen.analysis.flavors import FLAVORS
from sitegen.domain.model import Version
from sitegen.domain.signature import Tensor

MAX_NAMES = 20
"""The largest number of columns whose names are written out; more get generated names."""

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
"""The column type of MLflow that can hold all values of a dtype."""

_OLD = frozenset(["crate", "gluon", "mleap", "mlflow.pyfunc", "python_function"])
"""Flavors that the Python package of MLflow cannot log by a function of their name any more."""

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
    flavor = next((name for name in names if name in FLAVORS and name not in _OLD), "")
    if not flavor:
        return 'mlflow.pyfunc.log_model(name="model", python_model=model, signature=signature)'
    return f'mlflow.{flavor}.log_model(model, name="model", signature=signature)'


def named_columns(version: Version) -> str:
    """Code that names the columns of a model whose input is one unnamed array of rows.

    Empty for all others: images have no columns, and the width of an array may be unknown.
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

"""Code that logs a version again with a complete signature, in the flavor of the version."""

import textwrap

from sitegen.analysis.usage.native import native_flavor
from sitegen.analysis.usage.snippet import Snippet, call, python_snippet, quote
from sitegen.domain.model import Flavor, Version
from sitegen.domain.signature import Json, Tensor

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

_INFER = "from mlflow.models import infer_signature"
_SCHEMA = "from mlflow.types.schema import ColSpec, Schema"

_NEEDS = ("model: the fitted model", "X: some rows of the data that it was fitted on")


def log_signature(version: Version) -> Snippet:
    """Log the model with a signature that MLflow infers."""
    flavors = version.mlmodel.flavors if version.mlmodel else ()
    if not is_native(flavors):
        # MLflow calls predict itself, with or without the argument `context`.
        text = call("mlflow.pyfunc.log_model", [_name(version), "python_model=model", "input_example=X"])
        needs = ("model: your PythonModel", "X: a few rows of its input; MLflow keeps them as the input example")
        return python_snippet("Log the model with a signature", [text], needs)
    lines = [_inference(flavors), _log_call(flavors, _name(version))]
    return python_snippet("Log the model with a signature", lines, _NEEDS, (_INFER,))


def named_columns(version: Version) -> Snippet | None:
    """Log a model that takes one unnamed array of rows with a name for each column.

    None for all others: an image has no columns, and an array of any width has no number of them.
    """
    inputs = (version.signature.inputs or ()) if version.signature else ()
    if len(inputs) != 1 or inputs[0].name is not None or not isinstance(inputs[0].type, Tensor):
        return None
    dtype, shape = inputs[0].type.dtype, inputs[0].type.shape
    flavors = version.mlmodel.flavors if version.mlmodel else ()
    if len(shape) != 2 or shape[0] != -1 or shape[1] < 1 or dtype not in _TYPES or not is_native(flavors):
        return None
    lines = [
        _placeholders(shape[1]),
        _inference(flavors),
        f'signature.inputs = Schema([ColSpec("{_TYPES[dtype]}", name) for name in names])',
        _log_call(flavors, _name(version)),
    ]
    return python_snippet("Log the model with named columns", lines, _NEEDS, (_INFER, _SCHEMA))


def is_native(flavors: tuple[Flavor, ...]) -> bool:
    """Whether MLflow of today logs models of one of the flavors under its own name."""
    found = native_flavor(flavors)
    return found is not None and not found[1].removed


def _inference(flavors: tuple[Flavor, ...]) -> str:
    found = native_flavor(flavors)
    outputs = found[1].outputs.format(data="X") if found else ""
    return f"signature = infer_signature(X, {outputs})" if outputs else "signature = infer_signature(X)"


def _name(version: Version) -> str:
    """The argument that names the model: `name` since MLflow 3, which warns of its predecessor `artifact_path`.

    For a version that an older MLflow wrote, or an unknown one, it is positional, which both accept.
    """
    written = (version.mlmodel.mlflow_version if version.mlmodel else None) or ""
    major = written.partition(".")[0]
    return 'name="model"' if major.isdecimal() and int(major) >= _NAMES_SINCE else '"model"'


_NAMES_SINCE = 3
"""The first major version of MLflow whose models have names."""


def _log_call(flavors: tuple[Flavor, ...], name: str) -> str:
    """The call that logs the model in its own flavor."""
    found = native_flavor(flavors)
    assert found  # noqa: S101 - the callers have asked
    flavor, native = found
    options = [f"{key}={_option(flavor.keys[key])}" for key in native.log_options if flavor.keys.get(key)]
    if flavor.name == "sklearn" and "serialization_format" not in flavor.keys:
        options.append('serialization_format="cloudpickle"')
    return call(f"mlflow.{flavor.name}.{native.log}", ["model", name, "signature=signature", *options])


def _option(value: Json) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_option(one) for one in value) + "]"
    return quote(value) if isinstance(value, str) else repr(value)


def _placeholders(count: int) -> str:
    if count > MAX_NAMES:
        return f'names = [f"column_{{number}}" for number in range(1, {count + 1})]  # put in their own names'
    names = ", ".join(f'"column_{number}"' for number in range(1, count + 1))
    return "\n".join(textwrap.wrap(f"names = [{names}]", 76, subsequent_indent=" " * 9))

"""What MLflow reads from MLmodel files: one line of JSON each. Runs in a Python that has MLflow, not in ours.

python mlflow_files.py < paths, one a line
"""

import json
import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

from mlflow.models import Model  # noqa: E402
from mlflow.types import schema as types  # noqa: E402


def main():
    """Read each path and say what MLflow made of it."""
    for line in sys.stdin:
        path = line.rstrip("\n")
        try:
            found = {"path": path, **described(Model.load(path))}
        except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
            found = {"path": path, "refused": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(found, default=str))


def described(model):
    """A model as the API of a site writes it."""
    signature = model.signature
    return {
        "flavors": model.flavors,
        "run_id": model.run_id,
        "model_uuid": model.model_uuid if isinstance(model.model_uuid, str) else None,
        "mlflow_version": getattr(model, "mlflow_version", None),
        "signature": None
        if signature is None
        else {
            "inputs": columns(signature.inputs),
            "outputs": columns(signature.outputs),
            "params": params(getattr(signature, "params", None)),
        },
    }


def columns(schema):
    """The columns or tensors of a schema."""
    return None if schema is None else [column(one) for one in schema.inputs]


def column(one):
    """A column or tensor. Where MLflow holds no `required`, it lets the column be absent."""
    if isinstance(one, types.TensorSpec):
        return {"name": one.name, "type": one.type.name, "required": one.required, "shape": list(one.shape)}
    return {"name": one.name, "type": type_text(one.type), "required": bool(one.required), "shape": None}


def params(schema):
    """The params of a signature, their defaults as JSON has them."""
    if schema is None:
        return None
    return [
        {
            "name": one.name,
            "type": type_text(one.dtype),
            "default": written["default"],
            "shape": None if one.shape is None else list(one.shape),
        }
        for one, written in zip(schema.params, schema.to_dict())  # noqa: B905 - for old Pythons too
    ]


def type_text(type_):
    """A type as text: `array<T>`, `map<T>`, `object{"a":T,"b"?:T}` with sorted keys, a name for all others."""
    kind = type(type_).__name__
    if kind == "Array":
        return "array<" + type_text(type_.dtype) + ">"
    if kind == "Map":
        return "map<" + type_text(type_.value_type) + ">"
    if kind == "Object":
        members = (
            json.dumps(one.name, ensure_ascii=False) + ("" if one.required else "?") + ":" + type_text(one.dtype)
            for one in sorted(type_.properties, key=lambda one: one.name)
        )
        return "object{" + ",".join(members) + "}"
    return {"AnyType": "any", "SparkMLVector": "sparkml_vector"}.get(kind) or type_.name


if __name__ == "__main__":
    main()

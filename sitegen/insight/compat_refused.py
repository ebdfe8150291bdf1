"""Signatures that can be read, but with which MLflow does not load a model: nothing can be said about their calls."""

from sitegen.domain.signature import AnyType, Array, Column, Map, Object, ParamSpec, Scalar, Tensor, Type, Vector
from sitegen.formats.dtypes import takes_dtype
from sitegen.formats.signature import SCALARS


def refuses_columns(columns: tuple[Column, ...]) -> bool:
    """Whether MLflow refuses one side of a signature: empty, mixed, or of types that it does not know."""
    tensors = sum(isinstance(column.type, Tensor) for column in columns)
    unnamed = [column for column in columns if column.name is None]
    return (
        not columns
        or 0 < tensors < len(columns)
        or 0 < len(unnamed) < len(columns)
        or (tensors > 1 and bool(unnamed))
        or any(column.required is False for column in unnamed)
        or not all(_known(column.type) for column in columns)
    )


def refuses_params(params: tuple[ParamSpec, ...]) -> bool:
    """Whether MLflow refuses the params of a signature for their types."""
    return not all(
        isinstance(param.type, Scalar | Object) and _known(param.type) and param.type != Scalar("binary")
        for param in params
    )


def _known(type: Type) -> bool:
    match type:
        case Scalar(name):
            return name in SCALARS
        case Tensor(dtype, _):
            return takes_dtype(dtype)
        case Array(inner) | Map(inner):
            return _known(inner)
        case Object(properties):
            return bool(properties) and all(_known(member.type) and member.type != Vector() for member in properties)
        case AnyType() | Vector():
            return True

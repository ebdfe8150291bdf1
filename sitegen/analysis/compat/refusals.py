"""Signatures that can be read, but with which MLflow does not load a model: nothing can be said about their calls."""

from sitegen.domain.signature import Column, Object, ParamSpec, Scalar
from sitegen.formats.signature_limits import refused_columns, refused_type


def refuses_columns(columns: tuple[Column, ...]) -> bool:
    """Whether MLflow refuses one side of a signature."""
    return not columns or any(refused_columns(columns))


def refuses_params(params: tuple[ParamSpec, ...]) -> bool:
    """Whether MLflow refuses the params of a signature for their types."""
    return not all(
        isinstance(param.type, Scalar | Object)
        and not any(refused_type(param.type, param.name))
        and param.type != Scalar("binary")
        for param in params
    )

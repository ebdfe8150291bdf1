"""Changes of params: the same from Python and over REST."""

import json
from collections.abc import Iterator

from sitegen.analysis.compat.location import SignaturePath
from sitegen.analysis.compat.matching import match_members
from sitegen.analysis.compat.mlflow_casts import PARAM_NARROWINGS, PARAM_WIDENINGS
from sitegen.analysis.compat.types import property_changes
from sitegen.domain.comparison import Change
from sitegen.domain.signature import Json, Object, ParamSpec, type_name

Params = tuple[ParamSpec, ...]

PARAMS = SignaturePath("params", "")
"""The params as a whole."""


def param_changes(old: Params, new: Params) -> Iterator[Change]:
    """The changes between the params of two versions. Each has a default, so that callers may omit it."""
    params = match_members(old, new, lambda param: (param.type, param.shape))
    for before, after in params.renamed:
        yield _place(before).change("param-renamed", before.name, after.name)
    for param in params.removed:
        yield _place(param).change("param-removed", _spec_text(param))
    for param in params.added:
        yield _place(param).change("param-added", None, _json(param.default))
    for before, after in params.kept:
        yield from _spec_changes(before, after)


def _spec_changes(old: ParamSpec, new: ParamSpec) -> Iterator[Change]:
    place = _place(old)
    if old.shape != new.shape:
        yield place.change("param-list", _spec_text(old), _spec_text(new))
    elif isinstance(old.type, Object) and isinstance(new.type, Object):
        yield from property_changes(old.type.properties, new.type.properties, place)
    elif old.type != new.type:
        yield place.change(_type_rule(old, new), type_name(old.type), type_name(new.type))
    if _differs(old.default, new.default):
        yield place.change("param-default", _json(old.default), _json(new.default))


def _type_rule(old: ParamSpec, new: ParamSpec) -> str:
    types = type_name(old.type), type_name(new.type)
    if types in PARAM_WIDENINGS:
        return "param-widened"
    return "param-narrowed" if types in PARAM_NARROWINGS else "param-retyped"


def _differs(old: Json, new: Json) -> bool:
    """Whether two defaults differ; 1 equals 1.0, but not True."""
    return old != new or isinstance(old, bool) != isinstance(new, bool)


def _place(param: ParamSpec) -> SignaturePath:
    return SignaturePath("params", param.name, nested=True)


def _spec_text(param: ParamSpec) -> str:
    return f"list of {type_name(param.type)}" if param.shape is not None else type_name(param.type)


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)

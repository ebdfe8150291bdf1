"""Reasons for which MLflow does not load an MLmodel file that sitegen can parse.

`Model.load` of MLflow 1.30 to 3.18 is `yaml.safe_load`, then `Model(**fields)`; `pyfunc.load_model` then needs the
flavor python_function. `signature_limits` has the reasons that lie in the signature.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.formats.text import quote
from sitegen.formats.yaml import Positions
from sitegen.formats.yaml_blocks import cut_blocks

PYFUNC = "python_function"

_SMALL = 2**18
"""The longest text, in characters, that is loaded with MLflow's loader; longer ones use the faster loader in C."""

_CONFLICT = re.compile(r"^<{7} .*?^(={7})$.*?^>{7} ", re.MULTILINE | re.DOTALL)


_HARMLESS = re.compile(
    r"(?:artifact_path|is_signature_from_type_hint|mlflow_version|model_id|model_size_bytes|model_uuid|prompts|run_id"
    r"|type_hint_from_example|utc_time_created): "
    r"(?:[A-Za-z][\w.-]{0,99}|[0-9][0-9.]{0,17}|[0-9a-f]{32}|'[ -&(-~]*')\n",
    re.ASCII,
)
"""A line that MLflow's loader always reads, of a field whose value does not matter here. Such lines differ from version
to version, and its loader takes a millisecond for a few of them."""


def find_conflict(text: str, path: str) -> tuple[Diagnostic, ...]:
    """A problem for the first merge conflict in a text, if any."""
    conflict = _CONFLICT.search(text) if "<<<<<<< " in text else None
    if conflict is None:
        return ()
    line = text.count("\n", 0, conflict.start()) + 1
    return (problem("merge-conflict", "a merge conflict begins here", path, line, 1),)


def find_load_problems(text: str, path: str) -> tuple[Diagnostic, ...]:
    """Reasons for which MLflow does not load a text that `parse_mlmodel` can read, or loads no python_function.

    Only for texts that `load_yaml` can read: others may crash or hang PyYAML.
    """
    conflict = find_conflict(text, path)
    if conflict:
        return conflict
    try:
        fields = _load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, None)
        return (problem("mlmodel-refused", f"MLflow cannot read this YAML: {error.problem}", path, *place),)
    except yaml.YAMLError as error:
        message = f"MLflow cannot read this YAML: {str(error).splitlines()[0]}"
        return (problem("mlmodel-refused", message, path, 1),)
    places = Positions(text)
    return tuple(
        problem(rule, message, path, *(places.of(*keys) if places.of(*keys) != (None, None) else (1, None)))
        for rule, message, keys in _reasons(fields)
    )


def _load(text: str) -> Any:
    """The fields that MLflow reads, those with a harmless value as None. Raises yaml.YAMLError.

    Its loader takes milliseconds, and versions share most blocks of their MLmodel: these are loaded once. A text with a
    block that cannot be read is loaded whole, for the place of the error.
    """
    fields: dict[Any, Any] = {}
    for key, block in (cut_blocks(text) or {"": ""}).items():
        if _HARMLESS.fullmatch(block):
            fields[key] = None
            continue
        value = _load_block(block) if "\n" in block[:-1] else _load_alone(block)
        if not isinstance(value, dict) or value.keys() != {key}:
            return yaml.load(text, Loader=_Loader if len(text) <= _SMALL else _FastLoader)  # noqa: S506 - both are safe
        fields |= value
    return fields


def _load_alone(block: str) -> Any:
    """The value of a block; None where it cannot be read."""
    try:
        return yaml.load(block, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        return None


_load_block = lru_cache(maxsize=512)(_load_alone)


_Reason = tuple[str, str, tuple[str, ...]]
"""A rule, a message, and the path of keys to the value concerned."""


def _reasons(fields: Any) -> Iterator[_Reason]:
    if not isinstance(fields, dict):
        yield "mlmodel-refused", "the file holds no fields", ()
        return
    for key in fields:
        if not isinstance(key, str):
            yield "mlmodel-refused", f"the field {quote(str(key))} is not named by a text", (str(key),)
        elif key in ("self", "_signature"):
            yield "mlmodel-refused", f"MLflow takes no field with the name {key!r}", (key,)
    names = fields.get("env_vars")
    if names and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        yield "mlmodel-refused", "env_vars is not a list of texts", ("env_vars",)
    if isinstance(fields.get("resources"), str):
        yield "mlmodel-refused", "resources is a text, which MLflow takes for the path of a file", ("resources",)
    if "signature" in fields and not isinstance(fields["signature"], dict | None):
        yield "mlmodel-refused", "signature is not a mapping", ("signature",)
    yield from _flavor_reasons(fields.get("flavors"))


def _flavor_reasons(flavors: Any) -> Iterator[_Reason]:
    if flavors is not None and not isinstance(flavors, dict):
        yield "mlmodel-refused", "flavors is not a mapping", ("flavors",)
        return
    flavor = (flavors or {}).get(PYFUNC)
    if flavor is None:
        yield "pyfunc-missing", f"the model has no {PYFUNC} flavor", ("flavors",)
    elif not isinstance(flavor, dict):
        yield "mlmodel-refused", f"the flavor {PYFUNC} is not a mapping", ("flavors", PYFUNC)
    elif not isinstance(flavor.get("loader_module"), str):
        yield "mlmodel-refused", f"{PYFUNC} names no loader_module", ("flavors", PYFUNC)


class _Marks:
    """Adds the position to errors of a value: for dates such as 2024-13-01 PyYAML raises a plain ValueError."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """The value of a node. Raises only yaml.YAMLError."""
        try:
            return super().construct_object(node, deep)  # type: ignore[misc]
        except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error


class _Loader(_Marks, yaml.SafeLoader):
    """The loader of `yaml.safe_load`, with positions in its errors."""


class _FastLoader(_Marks, yaml.CSafeLoader):
    """The same with the parser of libyaml."""

"""MLmodel files: the fields that MLflow 1.0 to 3.18 write; all other fields unchanged."""

from functools import cached_property
from itertools import islice

from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.diagnostic import Findings, Loaded, problem
from sitegen.domain.model import Flavor, MLmodel
from sitegen.domain.signature import Json, Signature
from sitegen.formats.mlmodel_limits import find_conflict
from sitegen.formats.signature import PARTS, parse_signature
from sitegen.formats.text import quote
from sitegen.formats.times import parse_time
from sitegen.formats.yaml import Positions, load_yaml
from sitegen.formats.yaml_blocks import load_by_blocks

_TEXTS = ("artifact_path", "run_id", "model_uuid", "model_id", "mlflow_version", "databricks_runtime")
MAX_FLAVORS = 100
"""Flavors of a model that are read; MLflow has some thirty."""

_KNOWN_KEYS = {
    *_TEXTS,
    "flavors",
    "signature",
    "utc_time_created",
    "model_size_bytes",
    "is_signature_from_type_hint",
    "saved_input_example_info",
    "metadata",
}


def parse_mlmodel(text: str, path: str) -> Loaded[MLmodel | None]:
    """The content of an MLmodel file; None and an error if it is not one."""
    loaded = load_by_blocks(text, path)
    fields, problems = loaded.value, list(loaded.problems)
    if not isinstance(fields, dict):
        problems = [*find_conflict(text, path)] or problems
        if not any(diagnostic.severity == "error" for diagnostic in problems):
            rule = "mlmodel-empty" if fields is None else "mlmodel-shape"
            message = "the file is empty" if fields is None else "the file holds no fields"
            problems.append(problem(rule, message, path))
        return Loaded(None, tuple(problems))
    fact = _Fields(fields, text, path)
    model = MLmodel(
        **{name: fact.text(name) for name in _TEXTS},
        flavors=fact.flavors(),
        signature=fact.signature(),
        created=fact.creation_time(),
        size=fact.size(),
        signature_from_type_hint=fields.get("is_signature_from_type_hint") is True,
        example=fact.mapping("saved_input_example_info"),
        metadata=fields.get("metadata"),
        rest={key: value for key, value in fields.items() if key not in _KNOWN_KEYS},
    )
    return Loaded(model, (*problems, *fact.findings.problems()))


class _Fields:
    """The raw fields of one file, read one by one; adds problems to `findings`."""

    def __init__(self, fields: dict[str, Json], source: str, path: str) -> None:
        self._fields, self._source, self._path = fields, source, path
        self.findings = Findings(path)
        self._places = Positions(source)

    def _note(self, rule: str, message: str, *keys: str) -> None:
        place = (None, None) if self.findings.full(rule) else self._places.of(*keys)
        self.findings.add(rule, lambda: message, *place)

    @cached_property
    def _verbatim(self) -> Json:
        return load_yaml(self._source, self._path, verbatim=True).value

    def text(self, *keys: str) -> str | None:
        """A field that MLflow writes as a text; a number is read as it is written in the file."""
        value: Json = self._fields
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number_text(value, *keys)
        self._note("mlmodel-field", f"{'.'.join(keys)} is not a text", *keys)
        return None

    def _number_text(self, value: int | float, *keys: str) -> str:
        written = self._verbatim
        for key in keys:
            written = written.get(key) if isinstance(written, dict) else None
        if str(written) != str(value) or keys[-1] == "python_version":  # MLflow fails on any number there
            self._note("yaml-number", f"{'.'.join(keys)} is written as {written}, read as the number {value}", *keys)
        return str(written)

    def mapping(self, key: str) -> dict[str, Json] | None:
        """A field whose value is a mapping."""
        value = self._fields.get(key)
        if value is None or isinstance(value, dict):
            return value
        self._note("mlmodel-field", f"{key} is not a mapping", key)
        return None

    def flavors(self) -> tuple[Flavor, ...]:
        """The flavors in the order of the file; versions of libraries are texts."""
        named = self.mapping("flavors") or {}
        if not named:
            self._note("mlmodel-flavors", "the file names no flavor")
        if len(named) > MAX_FLAVORS:
            message = f"only the first {MAX_FLAVORS} of {len(named):,} flavors are listed"
            self._note("too-many-values", message, "flavors")
            named = dict(islice(named.items(), MAX_FLAVORS))
        for name, keys in named.items():
            if keys is not None and not isinstance(keys, dict):
                self._note("mlmodel-field", f"flavor {quote(name)} is not a mapping", "flavors", name)
        flavors = _flavors(named)
        if any(_versions(flavor) for flavor in flavors):
            return tuple(Flavor(name=flavor.name, keys=self._keys(flavor)) for flavor in flavors)
        return flavors

    def _keys(self, flavor: Flavor) -> dict[str, Json]:
        versions = _versions(flavor)
        return flavor.keys | {
            key: self._number_text(number, "flavors", flavor.name, key) for key, number in versions.items()
        }

    def signature(self) -> Signature | None:
        """The signature; None if the file has none."""
        parts = self.mapping("signature")
        if parts is None:
            return None
        signature, findings = parse_signature(*(parts.get(part) for part in PARTS))
        for finding in findings:
            self._note(finding.rule, finding.message, "signature", finding.part)
        empty = (signature.inputs, signature.outputs, signature.params) == (None, None, None)
        return None if empty and not signature.unreadable else signature

    def creation_time(self) -> int | None:
        """`utc_time_created` in milliseconds."""
        text = self.text("utc_time_created")
        if text is None:
            return None
        time = parse_time(text)
        if time is None:
            self._note("mlmodel-date", f"utc_time_created {quote(text)} is no date", "utc_time_created")
        return time

    def size(self) -> int | None:
        """`model_size_bytes`."""
        value = self._fields.get("model_size_bytes")
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self._note("mlmodel-field", "model_size_bytes is not an integer", "model_size_bytes")
        return None


@memoize_by_identity(512)
def _flavors(named: dict[str, Json]) -> tuple[Flavor, ...]:
    """The flavors as in the file. Cached, since model versions share these fields."""
    return tuple(Flavor(name=name, keys=keys if isinstance(keys, dict) else {}) for name, keys in named.items())


def _versions(flavor: Flavor) -> dict[str, float]:
    """The library versions that YAML parsed as numbers."""
    keys = flavor.keys.items()
    return {
        key: value for key, value in keys if isinstance(value, float) and (key == "version" or key.endswith("_version"))
    }

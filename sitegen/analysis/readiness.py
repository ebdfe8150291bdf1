"""Whether a version can score tables in batch, or serve as an agent: one check for each thing that decides it."""

from functools import lru_cache
from typing import Literal, NamedTuple

from sitegen.analysis.flavors import PYFUNC
from sitegen.analysis.pickle_danger import dangerous_imports
from sitegen.analysis.usage.fabric import PREDICT_FLAVORS
from sitegen.analysis.usage.snippets import chat_task
from sitegen.analysis.usage.spark import fits_spark
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.environment import Environment
from sitegen.domain.model import Example, Flavor, MLmodel, Version
from sitegen.domain.signature import Kind, Signature
from sitegen.formats.file_roles import required_paths

Level = Literal["pass", "limit", "fail", "unknown"]
Answer = Literal["ready", "limits", "no"]

PICKLE_SUFFIXES = (".pkl", ".pickle")


class Check(NamedTuple):
    """One check: its result, and why in a few words. Only checks that `decides` count for the answer."""

    title: str
    level: Level
    detail: str
    decides: bool = True


class Readiness(NamedTuple):
    """The checks of a version, and the answer that follows from them. `task` is that of an agent or chat model."""

    task: str
    answer: Answer
    checks: tuple[Check, ...]


class Subject(NamedTuple):
    """The facts that decide whether a version is ready: versions with equal ones share their checks.

    `fits_spark`: MLflow accepts all inputs from a Spark table.
    `example` counts the rows of the logged input example, None without one; `example_fits` None: it cannot be compared.
    `required` and `missing` count the files that flavors name. `resources` counts those that the MLmodel names; None if
    it names none.
    """

    task: str
    flavors: tuple[str, ...]
    kind: Kind | None
    inputs: int
    optional: int
    outputs: int | None
    fits_spark: bool
    type_hint: bool
    example: int | None
    example_fits: bool | None
    packages: int
    pinned: int
    python: str | None
    present: bool
    required: int
    missing: int
    pickles: int
    imports: int
    dangerous: tuple[str, ...]
    incomplete: bool
    code: str
    resources: int | None


def readiness(version: Version, payload: str) -> Readiness | None:
    """The readiness of a version; None if no MLmodel can be read. `payload` is its example as a request, if it fits."""
    return _readiness(_subject(version, version.mlmodel, payload)) if version.mlmodel else None


# --- facts -------------------------------------------------------------------------------------------------------


def _subject(version: Version, mlmodel: MLmodel, payload: str) -> Subject:
    signature, example, environment = mlmodel.signature, version.example, version.environment
    inputs, optional, outputs = _counts(signature) if signature else (0, 0, None)
    dangerous = [".".join(pair) for pickle in version.pickles for pair in dangerous_imports(pickle)]
    task = chat_task(mlmodel)
    return Subject(
        task=task,
        flavors=tuple(flavor.name for flavor in mlmodel.flavors),
        kind=signature.kind if signature else None,
        inputs=inputs,
        optional=optional,
        outputs=outputs,
        fits_spark=signature is None or fits_spark(signature),
        type_hint=mlmodel.signature_from_type_hint,
        example=example.count if example else None,
        example_fits=example_fits(example, signature, payload) if example and signature else None,
        packages=len(environment.requirements),
        pinned=_count_pins(environment),
        python=environment.python,
        present=version.path is not None,
        required=_named_files(mlmodel.flavors),
        missing=sum(problem.rule == "file-missing" for problem in version.problems),
        pickles=len(version.pickles) or sum(file.path.endswith(PICKLE_SUFFIXES) for file in version.files),
        imports=sum(len(pickle.imports) for pickle in version.pickles),
        dangerous=tuple(dict.fromkeys(dangerous)),
        incomplete=not version.pickles or not all(pickle.complete for pickle in version.pickles),
        code=_code(mlmodel.flavors) if task else "",
        resources=_count_resources(mlmodel) if task else None,
    )


@memoize_by_identity(512)
def _counts(signature: Signature) -> tuple[int, int, int | None]:
    """The number of inputs, of the optional ones, and of outputs. Cached, since versions share signatures."""
    inputs = signature.inputs or ()
    outputs = None if signature.outputs is None else len(signature.outputs)
    return len(inputs), sum(not column.required for column in inputs), outputs


def example_fits(example: Example, signature: Signature, payload: str) -> bool | None:
    """Whether the example has every required input; None where it is not a table, or shown only in part."""
    if not example.columns or signature.kind != "columns":
        return True if payload else None
    given = set(example.columns)
    if any(column.required and column.name not in given for column in signature.inputs or ()):
        return False
    return True if payload else None


@memoize_by_identity(512)
def _count_pins(environment: Environment) -> int:
    """The packages of one fixed version, or from one address."""
    return sum(one.version is not None or "@" in one.text or "://" in one.text for one in environment.requirements)


@memoize_by_identity(512)
def _named_files(flavors: tuple[Flavor, ...]) -> int:
    return len({path for flavor in flavors for path in required_paths(flavor)})


def _code(flavors: tuple[Flavor, ...]) -> str:
    """The code file of a model that was logged as code; empty for others."""
    paths = (flavor.keys.get("model_code_path") for flavor in flavors)
    return next((path.rpartition("/")[2] for path in paths if isinstance(path, str) and path), "")


def _count_resources(mlmodel: MLmodel) -> int | None:
    """The resources of other services that the MLmodel names."""
    stated = mlmodel.rest.get("resources")
    if not isinstance(stated, dict):
        return None
    kinds = [kind for group in stated.values() if isinstance(group, dict) for kind in group.values()]
    return sum(len(kind) for kind in kinds if isinstance(kind, list))


# --- checks ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _readiness(subject: Subject) -> Readiness:
    checks = _agent_checks(subject) if subject.task else _batch_checks(subject)
    levels = {check.level for check in checks if check.decides}
    answer: Answer = "no" if "fail" in levels else "limits" if "limit" in levels else "ready"
    return Readiness(subject.task, answer, checks)


def _batch_checks(subject: Subject) -> tuple[Check, ...]:
    return (
        _signature(subject),
        _columns(subject),
        _flavor(subject),
        _example(subject),
        _requirements(subject),
        _files(subject),
        _pickle(subject),
        _origin(subject),
    )


def _agent_checks(subject: Subject) -> tuple[Check, ...]:
    return (
        Check("Task", "pass", f"{subject.task}: callers send messages or texts"),
        _pyfunc(subject, "mlflow models serve loads it"),
        _code_file(subject),
        _resources(subject),
        _requirements(subject),
        _files(subject),
        _pickle(subject),
    )


def _signature(subject: Subject) -> Check:
    if subject.kind is None:
        return Check("Signature", "fail", "none: Fabric PREDICT needs one")
    if subject.kind == "none":
        return Check("Signature", "fail", "states no inputs")
    required = subject.inputs - subject.optional
    parts = [_count(required, "required input")] + ([f"{subject.optional} optional"] if subject.optional else [])
    outputs = [] if subject.outputs is None else [_count(subject.outputs, "output")]
    return Check("Signature", "pass", ", ".join(parts + outputs))


def _columns(subject: Subject) -> Check:
    match subject.kind:
        case "columns" if not subject.fits_spark:
            refused = "vectors, and integer, float and datetime values in maps and objects"
            return Check("Column-based", "limit", f"from Spark MLflow refuses {refused}")
        case "columns":
            return Check("Column-based", "pass", "one field per input in the Fabric wizard")
        case "tensors" if subject.inputs == 1:
            return Check("Column-based", "limit", "one array: the Fabric wizard shows a single field")
        case "tensors" | "mixed":
            return Check("Column-based", "fail", "several arrays: Fabric PREDICT accepts tables only")
    return Check("Column-based", "unknown", "no inputs are stated")


def _flavor(subject: Subject) -> Check:
    check = _pyfunc(subject, "spark_udf and Fabric PREDICT load it")
    if check.level == "pass" and not PREDICT_FLAVORS.intersection(subject.flavors):
        return check._replace(
            level="limit", detail="spark_udf loads it; the documentation of Fabric PREDICT lists other libraries only"
        )
    return check


def _pyfunc(subject: Subject, detail: str) -> Check:
    title = f"{PYFUNC} flavor"
    return Check(title, "pass", detail) if PYFUNC in subject.flavors else Check(title, "fail", "missing")


def _example(subject: Subject) -> Check:
    if subject.example is None:
        return Check("Example input", "unknown", "none logged")
    rows = _count(subject.example, "row")
    if subject.example_fits is None:
        return Check("Example input", "unknown", f"{rows}, not compared with the signature")
    if not subject.example_fits:
        return Check("Example input", "limit", f"{rows}, but a required input is missing")
    return Check("Example input", "pass", f"{rows}, all required inputs present")


def _requirements(subject: Subject) -> Check:
    title, python = "Requirements pinned", f"; Python {subject.python}" if subject.python else ""
    if not subject.packages:
        return Check(title, "limit", f"no file lists packages{python}")
    level: Level = "pass" if subject.pinned == subject.packages else "limit"
    return Check(title, level, f"{subject.pinned} of {subject.packages}{python}")


def _files(subject: Subject) -> Check:
    if not subject.present:
        return Check("Files present", "fail", "the files are not below the registry's folder")
    if not subject.required:
        return Check("Files present", "unknown", "no flavor names a file")
    there = f"{max(0, subject.required - subject.missing)} of {subject.required} that flavors name"
    return Check("Files present", "fail" if subject.missing else "pass", there)


def _pickle(subject: Subject) -> Check:
    if not subject.pickles:
        return Check("Pickle", "pass", "none found")
    if subject.dangerous:
        more = f" and {len(subject.dangerous) - 2} more" if len(subject.dangerous) > 2 else ""
        return Check("Pickle", "limit", f"imports {', '.join(subject.dangerous[:2])}{more}: may run any command")
    if subject.incomplete:
        return Check("Pickle", "limit", "loading a pickle runs code; not all imports could be read", decides=False)
    known = f"{_count(subject.imports, 'import')}, none on the list of dangerous ones"
    return Check("Pickle", "limit", f"loading a pickle runs code; {known}", decides=False)


def _origin(subject: Subject) -> Check:
    title = "Source of the signature"
    if subject.kind is None:
        return Check(title, "unknown", "no signature", decides=False)
    if subject.type_hint:
        return Check(title, "limit", "type hints of the predict function: calls are checked against these", False)
    return Check(title, "unknown", "inferred or written by hand: the file does not say", decides=False)


def _code_file(subject: Subject) -> Check:
    if subject.code:
        return Check("Code file", "pass", f"{subject.code}: loading runs it", decides=False)
    return Check("Code file", "unknown", "not logged as code", decides=False)


def _resources(subject: Subject) -> Check:
    if subject.resources:
        return Check("Resources", "pass", f"{_count(subject.resources, 'resource')} of other services named")
    return Check("Resources", "unknown", "the MLmodel names none", decides=False)


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

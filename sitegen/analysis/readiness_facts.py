"""The facts that decide whether a version is ready for use."""

from typing import NamedTuple

from sitegen.analysis.load_errors import load_errors
from sitegen.analysis.pickle_danger import dangerous_imports
from sitegen.analysis.usage.snippets import chat_task
from sitegen.analysis.usage.spark import fits_spark
from sitegen.analysis.version_conflicts import version_conflicts
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.environment import Environment
from sitegen.domain.model import Example, Flavor, MLmodel, Version
from sitegen.domain.signature import Kind, Signature
from sitegen.formats.file_roles import required_paths

PICKLE_SUFFIXES = (".pkl", ".pickle")


class Subject(NamedTuple):
    """The facts that decide whether a version is ready: versions with equal ones share their checks.

    `fits_spark`: MLflow accepts all inputs from a Spark table. `broken`: MLflow cannot load the version.
    `example` counts the rows of the logged input example, None without one; `example_fits` None: it cannot be compared.
    `conflicts` are packages that are pinned to another release than the one that wrote the model.
    `required` and `missing` count the files that flavors name; `pickle_missing`: a pickle is among the missing ones.
    `resources` counts those that the MLmodel names; None if it names none.
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
    conflicts: tuple[str, ...]
    python: str | None
    present: bool
    broken: bool
    required: int
    missing: int
    pickles: int
    pickle_missing: bool
    imports: int
    dangerous: tuple[str, ...]
    incomplete: bool
    code: str
    resources: int | None


def subject_of(version: Version, mlmodel: MLmodel, payload: str) -> Subject:
    """The facts of a version with this MLmodel. `payload` is its example as a request, if it fits."""
    signature, example, environment = mlmodel.signature, version.example, version.environment
    inputs, optional, outputs = _counts(signature) if signature else (0, 0, None)
    dangerous = [".".join(pair) for pickle in version.pickles for pair in dangerous_imports(pickle)]
    task = chat_task(mlmodel)
    missing = sum(map(_is_about_missing_file, version.problems))
    pickles = len(version.pickles) or sum(file.path.endswith(PICKLE_SUFFIXES) for file in version.files)
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
        conflicts=tuple(one.package for one in version_conflicts(mlmodel.flavors, environment)),
        python=environment.python,
        present=version.path is not None,
        broken=bool(load_errors(version)),
        required=len(_named_files(mlmodel.flavors)),
        missing=missing,
        pickles=pickles,
        pickle_missing=bool(missing) and not pickles and _names_pickle(mlmodel.flavors),
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


def _is_about_missing_file(problem: Diagnostic) -> bool:
    """Whether a problem is about a file that a flavor names: those of MLmodel are, not those of included files."""
    return problem.rule in _MISSING_RULES and problem.path.rpartition("/")[2] == "MLmodel"


_MISSING_RULES = frozenset(["file-missing", "environment-missing", "dvc-pointer"])


@memoize_by_identity(512)
def _named_files(flavors: tuple[Flavor, ...]) -> frozenset[str]:
    return frozenset(path for flavor in flavors for path in required_paths(flavor))


def _names_pickle(flavors: tuple[Flavor, ...]) -> bool:
    return any(path.endswith(PICKLE_SUFFIXES) for path in _named_files(flavors))


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

"""Whether a version can score tables in batch, or serve as an agent: one check for each thing that decides it."""

from functools import lru_cache
from typing import Literal, NamedTuple

from sitegen.analysis.flavors import PYFUNC
from sitegen.analysis.readiness_facts import Subject, subject_of
from sitegen.analysis.usage.fabric import PREDICT_FLAVORS
from sitegen.core.text import join_names
from sitegen.domain.model import Version

Level = Literal["pass", "limit", "fail", "unknown", "none"]
Answer = Literal["ready", "limits", "no", "broken"]


class Check(NamedTuple):
    """One check: its result, and why in a few words. Only checks that `decides` count for the answer.

    `limit` names a limit in fewer words, for the answer.
    """

    title: str
    level: Level
    detail: str
    decides: bool = True
    limit: str = ""


class Readiness(NamedTuple):
    """The checks of a version, and the answer that follows from them. `task` is that of an agent or chat model.

    The answer is "broken" if MLflow cannot load the version. `limits` are those that decide.
    """

    task: str
    answer: Answer
    checks: tuple[Check, ...]
    limits: tuple[str, ...] = ()


def readiness(version: Version, payload: str) -> Readiness | None:
    """The readiness of a version; None if no MLmodel can be read. `payload` is its example as a request, if it fits."""
    return _readiness(subject_of(version, version.mlmodel, payload)) if version.mlmodel else None


@lru_cache(maxsize=512)
def _readiness(subject: Subject) -> Readiness:
    checks = _agent_checks(subject) if subject.task else _batch_checks(subject)
    levels = {check.level for check in checks if check.decides}
    answer: Answer = "no" if "fail" in levels else "limits" if "limit" in levels else "ready"
    if subject.broken or not subject.present:
        answer = "broken"
    limits = tuple(check.limit for check in checks if check.decides and check.level == "limit")
    return Readiness(subject.task, answer, checks, limits)


def _batch_checks(subject: Subject) -> tuple[Check, ...]:
    checks = (
        _signature(subject),
        _columns(subject),
        _flavor(subject),
        _example(subject),
        _requirements(subject),
        _files(subject),
        _pickle(subject),
    )
    return (*checks, _TYPE_HINTS) if subject.type_hint else checks


_TYPE_HINTS = Check(
    "Source of the signature", "limit", "type hints of the predict function: calls are checked against these", False
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
            return Check("Column-based", "limit", f"from Spark MLflow refuses {refused}", limit="not from Spark")
        case "columns":
            return Check("Column-based", "pass", "one field per input in the Fabric wizard")
        case "tensors" if subject.inputs == 1:
            detail = "one array: the Fabric wizard shows a single field"
            return Check("Column-based", "limit", detail, limit="one array instead of columns")
        case "tensors" | "mixed":
            return Check("Column-based", "fail", "several arrays: Fabric PREDICT accepts tables only")
    return Check("Column-based", "none", "no inputs are stated")


def _flavor(subject: Subject) -> Check:
    check = _pyfunc(subject, "spark_udf and Fabric PREDICT load it")
    if check.level == "pass" and not PREDICT_FLAVORS.intersection(subject.flavors):
        detail = "spark_udf loads it; the documentation of Fabric PREDICT lists other libraries only"
        return check._replace(level="limit", detail=detail, limit="library not listed for Fabric PREDICT")
    return check


def _pyfunc(subject: Subject, detail: str) -> Check:
    title = f"{PYFUNC} flavor"
    return Check(title, "pass", detail) if PYFUNC in subject.flavors else Check(title, "fail", "missing")


def _example(subject: Subject) -> Check:
    if subject.example is None:
        return Check("Example input", "none", "none logged")
    rows = _count(subject.example, "row")
    if subject.example_fits is None:
        return Check("Example input", "unknown", f"{rows}, not compared with the signature")
    if not subject.example_fits:
        detail = f"{rows}, but a required input is missing"
        return Check("Example input", "limit", detail, limit="the example lacks an input")
    return Check("Example input", "pass", f"{rows}, all required inputs present")


def _requirements(subject: Subject) -> Check:
    title, python = "Requirements pinned", f"; Python {subject.python}" if subject.python else ""
    if not subject.packages:
        return Check(title, "limit", f"no file lists packages{python}", limit="no packages listed")
    if subject.conflicts:
        packages = join_names(subject.conflicts)
        detail = f"{packages} pinned to another release than the one that wrote the model, see Environment"
        detail += f"; {subject.pinned} of {subject.packages} pinned{python}"
        return Check("Requirements", "limit", detail, limit=f"another {packages} wrote the model")
    loose = subject.packages - subject.pinned
    detail = f"{subject.pinned} of {subject.packages}{python}"
    if loose:
        return Check(title, "limit", detail, limit=f"{_count(loose, 'package')} not pinned")
    return Check(title, "pass", detail)


def _files(subject: Subject) -> Check:
    title = "Files present"
    if not subject.present:
        return Check(title, "fail", "the files are not below the registry's folder")
    if not subject.required:
        return Check(title, "none", "no flavor names a file")
    detail = f"{max(0, subject.required - subject.missing)} of {subject.required} that flavors name"
    if subject.broken and subject.missing:
        return Check(title, "fail", detail)
    if subject.missing:
        return Check(title, "limit", detail, limit=f"{_count(subject.missing, 'file')} missing")
    return Check(title, "pass", detail)


def _pickle(subject: Subject) -> Check:
    if not subject.present or subject.pickle_missing:
        return Check("Pickle", "unknown", f"the {'file is' if subject.present else 'files are'} missing")
    if not subject.pickles:
        return Check("Pickle", "pass", "none found")
    if subject.dangerous:
        more = f" and {len(subject.dangerous) - 2} more" if len(subject.dangerous) > 2 else ""
        detail = f"imports {', '.join(subject.dangerous[:2])}{more}: may run any command"
        return Check("Pickle", "limit", detail, limit="a pickle that may run any command")
    if subject.incomplete:
        return Check("Pickle", "limit", "loading a pickle runs code; not all imports could be read", decides=False)
    known = f"{_count(subject.imports, 'import')}, none on the list of dangerous ones"
    return Check("Pickle", "limit", f"loading a pickle runs code; {known}", decides=False)


def _code_file(subject: Subject) -> Check:
    if subject.code:
        return Check("Code file", "pass", f"{subject.code}: loading runs it", decides=False)
    return Check("Code file", "none", "not logged as code", decides=False)


def _resources(subject: Subject) -> Check:
    if subject.resources:
        return Check("Resources", "pass", f"{_count(subject.resources, 'resource')} of other services named")
    return Check("Resources", "none", "the MLmodel names none", decides=False)


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

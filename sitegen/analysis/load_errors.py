"""The errors of a version that keep MLflow from loading it."""

from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.model import Version

_LOAD_RULES = frozenset(
    ["file-missing", "mlmodel-empty", "mlmodel-missing", "mlmodel-refused", "mlmodel-shape"],
)
"""Rules about a version that cannot be loaded."""

_FILE_RULES = frozenset(["encoding", "lfs-pointer", "merge-conflict", "unreadable", "yaml-limit", "yaml-syntax"])
"""Rules about any file; a version whose MLmodel breaks one cannot be loaded."""


def load_errors(version: Version) -> tuple[Diagnostic, ...]:
    """The errors that keep MLflow from loading the version; most versions have none."""
    return tuple(one for one in version.problems if one.severity == "error" and prevents_loading(one))


def prevents_loading(problem: Diagnostic) -> bool:
    """Whether MLflow cannot load a version that has this error."""
    rule = problem.rule
    return rule in _LOAD_RULES or (rule in _FILE_RULES and problem.path.rpartition("/")[2] == "MLmodel")

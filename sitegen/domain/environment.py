"""The environment that a model requires: Python and packages, from the files next to it."""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One package that must be installed. `text` is the line as written, `version` the exact one if it is pinned."""

    name: str
    text: str
    version: str | None = None
    stated_in: str = "requirements.txt"


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """The name under which an index knows a package: `Scikit_Learn` is `scikit-learn`."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True, kw_only=True)
class Environment:
    """`python` is the version asked for, None when no file says."""

    python: str | None = None
    requirements: tuple[Requirement, ...] = ()
    build: tuple[Requirement, ...] = ()


NO_ENVIRONMENT = Environment()

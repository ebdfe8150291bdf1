"""The environment that a model asks for: Python and the packages, as the files beside it say."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One package that must be installed. `text` is the line as written, `version` the exact one if it is pinned."""

    name: str
    text: str
    version: str | None = None
    stated_in: str = "requirements.txt"


@dataclass(frozen=True, kw_only=True)
class Environment:
    """`python` is the version asked for, None when no file says."""

    python: str | None = None
    requirements: tuple[Requirement, ...] = ()
    build: tuple[Requirement, ...] = ()


NO_ENVIRONMENT = Environment()

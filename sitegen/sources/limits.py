"""Limits for the values of a version or model; a problem where there are more.

A log or table under the name of a params file would otherwise make pages of many megabytes.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Pairs, Version
from sitegen.formats.text import quote, shorten

MAX_VALUES = 5000
"""Params, metrics, tags, datasets, files or packages that are listed. People log some thousands at most."""

MAX_VALUE_LENGTH = 2**16
"""Characters of one param or tag that are listed; MLflow takes 8,000."""

MAX_CHARACTERS = 4 * 2**20
"""Characters of all params, or of all tags."""

T = TypeVar("T")


def limit_version(version: Version, place: str) -> Version:
    """Limit the values of a version; `place` is its path for problems."""
    found: list[Diagnostic] = []
    environment: dict[str, Any] = {
        "requirements": limit_values("packages", version.environment.requirements, place, found),
        "build": limit_values("packages for building", version.environment.build, place, found),
    }
    limited: dict[str, Any] = {
        "params": limit_pairs("params", version.params, place, found),
        "tags": limit_pairs("tags", version.tags, place, found),
        "metrics": limit_values("metrics", version.metrics, place, found),
        "dataset_metrics": limit_values("metrics of datasets", version.dataset_metrics, place, found),
        "datasets": limit_values("datasets", version.datasets, place, found),
        "files": limit_values("files", version.files, place, found),
    }
    if not found:  # nearly always
        return version
    problems = (*version.problems, *found)
    return replace(version, environment=replace(version.environment, **environment), problems=problems, **limited)


def limit_values(kind: str, values: tuple[T, ...], place: str, found: list[Diagnostic]) -> tuple[T, ...]:
    """The first MAX_VALUES values; adds a problem to `found` where there are more."""
    if len(values) <= MAX_VALUES:
        return values
    message = f"only the first {MAX_VALUES:,} of {len(values):,} {kind} are listed"
    found.append(problem("too-many-values", message, place))
    return values[:MAX_VALUES]


def limit_pairs(kind: str, pairs: Pairs, place: str, found: list[Diagnostic]) -> Pairs:
    """The first pairs, with long values shortened."""
    values = limit_values(kind, pairs, place, found)
    if sum(len(key) + len(value) for key, value in values) <= MAX_VALUE_LENGTH:  # nearly always
        return values
    return tuple(_shorten_values(kind, values, place, found))


def _shorten_values(kind: str, pairs: Pairs, place: str, found: list[Diagnostic]) -> Iterator[tuple[str, str]]:
    size = 0
    for number, (key, value) in enumerate(pairs):
        if len(value) > MAX_VALUE_LENGTH:
            message = f"only the first {MAX_VALUE_LENGTH:,} of {len(value):,} characters of {quote(key)} are listed"
            found.append(problem("too-many-values", message, place))
        size += len(key) + min(len(value), MAX_VALUE_LENGTH)
        if size > MAX_CHARACTERS:
            message = f"only the first {number:,} of {len(pairs):,} {kind} are listed, {MAX_CHARACTERS:,} characters"
            found.append(problem("too-many-values", message, place))
            return
        yield key, shorten(value, MAX_VALUE_LENGTH)

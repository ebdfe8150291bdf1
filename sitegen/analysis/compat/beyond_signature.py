"""Differences between two versions outside of their signatures."""

import json
from collections.abc import Iterator

from sitegen.analysis.compat.rules.table import change
from sitegen.domain.comparison import Area, Change
from sitegen.domain.environment import Environment, normal_name
from sitegen.domain.model import NO_DATASET, Flavor, LoggedFile, Version, name_dataset
from sitegen.formats.file_roles import SIDECARS
from sitegen.formats.requirements import requirement_form

Facts = dict[str, str]
"""Short texts by path."""


def version_changes(old: Version, new: Version) -> Iterator[Change]:
    """The differences in flavors, environment, files, tags, aliases, hyperparameters and metrics, in this order."""
    before, after = (version.mlmodel.flavors if version.mlmodel else () for version in (old, new))
    if before != after:
        yield from _flavors(before, after)
    if old.environment != new.environment:
        yield from _environment(old.environment, new.environment)
    if old.files != new.files:
        yield from _files(old.files, new.files)
    yield from _facts("tag-changed", "tags", dict(old.tags), dict(new.tags))
    yield from _facts("alias-moved", "aliases", _alias_facts(old), _alias_facts(new))
    yield from _facts("hyperparameter-changed", "hyperparameters", dict(old.params), dict(new.params))
    yield from _facts("metric-changed", "metrics", _metric_facts(old), _metric_facts(new))


def _facts(rule: str, area: Area, old: Facts, new: Facts) -> Iterator[Change]:
    """A change for each fact that differs."""
    if old == new:
        return
    for where in sorted(old.keys() | new.keys()):
        if old.get(where) != new.get(where):
            yield change(rule, area, where, old.get(where), new.get(where))


def _flavors(old: tuple[Flavor, ...], new: tuple[Flavor, ...]) -> Iterator[Change]:
    before, after = {flavor.name: flavor for flavor in old}, {flavor.name: flavor for flavor in new}
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield change("flavor-removed", "flavors", name, name)
        elif name not in before:
            yield change("flavor-added", "flavors", name, None, name)
        else:
            yield from _facts("flavor-changed", "flavors", _keys(before[name]), _keys(after[name]))


def _keys(flavor: Flavor) -> Facts:
    return {
        f"{flavor.name}.{key}": value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, sort_keys=True)
        for key, value in flavor.keys.items()
    }


def _environment(old: Environment, new: Environment) -> Iterator[Change]:
    if old.python != new.python:
        yield change("python-changed", "environment", "python", old.python, new.python)
    yield from _facts("requirement-changed", "environment", _requirements(old), _requirements(new))


def _requirements(environment: Environment) -> Facts:
    """The requirements by package, in one form for all ways to write them; several lines of one package are joined."""
    forms: dict[str, set[str]] = {}
    for requirement in environment.requirements:
        forms.setdefault(normal_name(requirement.name), set()).add(requirement_form(requirement.text))
    return {name: ", ".join(sorted(stated)) for name, stated in forms.items()}


_PARSED_SIDECARS = frozenset(SIDECARS.values())
"""Roles of files that are not compared as files: their parsed values are compared."""


def _files(old: tuple[LoggedFile, ...], new: tuple[LoggedFile, ...]) -> Iterator[Change]:
    before, after = ({file.path: file for file in files if file.role not in _PARSED_SIDECARS} for files in (old, new))
    for path in sorted(before.keys() | after.keys()):
        old_file, new_file = before.get(path), after.get(path)
        if old_file is None or new_file is None or _differ(old_file, new_file):
            yield change("file-changed", "files", path, _size(old_file), _size(new_file))


def _differ(old: LoggedFile, new: LoggedFile) -> bool:
    """Whether two files differ in content, or in size if a hash is not known."""
    hashed = old.sha256 is not None and new.sha256 is not None
    return old.sha256 != new.sha256 if hashed else old.size != new.size


def _size(file: LoggedFile | None) -> str | None:
    return None if file is None else f"{file.size} B"


def _alias_facts(version: Version) -> Facts:
    return dict.fromkeys(version.aliases, version.name)


def _metric_facts(version: Version) -> Facts:
    """The latest values by key and dataset; as text, since NaN does not equal itself."""
    plain = {metric.key: repr(metric.value) for metric in version.metrics if metric.dataset == NO_DATASET}
    return plain | {f"{metric.key} on {name_dataset(metric)}": repr(metric.value) for metric in version.dataset_metrics}

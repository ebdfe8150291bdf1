"""Packages of which a version requires another release than the one that wrote the model."""

from typing import NamedTuple

from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.environment import Environment, normal_name
from sitegen.domain.model import Flavor

_PACKAGES = {
    "h2o": "h2o",
    "lgb": "lightgbm",
    "llama-index": "llama-index-core",
    "paddle": "paddlepaddle",
    "pytorch": "torch",
    "sklearn": "scikit-learn",
    "xgb": "xgboost",
}
"""The package behind a key such as `sklearn_version`, where it has another name."""

_SUFFIX = "_version"


class VersionConflict(NamedTuple):
    """The release of a package that the requirements pin, and the one that a flavor says wrote the model."""

    package: str
    required: str
    written: str


def version_conflicts(flavors: tuple[Flavor, ...], environment: Environment) -> tuple[VersionConflict, ...]:
    """The packages that are pinned to another release than the flavors name; ranges are not compared."""
    releases = _releases(flavors)
    if not releases:
        return ()
    pins = _pins(environment)
    pairs = (VersionConflict(package, pins.get(package, ""), release) for package, release in releases)
    return tuple(one for one in pairs if one.required and _bare(one.required) != _bare(one.written))


@memoize_by_identity(512)
def _releases(flavors: tuple[Flavor, ...]) -> tuple[tuple[str, str], ...]:
    """Packages with the release that wrote the model. Cached, since versions share flavors."""
    found: dict[str, str] = {}
    for flavor in flavors:
        for key, value in flavor.keys.items():
            if key.endswith(_SUFFIX) and isinstance(value, str) and value:
                name = normal_name(key.removesuffix(_SUFFIX))
                found.setdefault(_PACKAGES.get(name, name), value)
    return tuple(found.items())


@memoize_by_identity(512)
def _pins(environment: Environment) -> dict[str, str]:
    """The pinned release of each package. Cached, since versions share environments."""
    return {normal_name(one.name): one.version for one in environment.requirements if one.version is not None}


def _bare(release: str) -> str:
    """A release without its local part and without zeros at the end: 2.1.0+cu121 is 2.1."""
    return release.partition("+")[0].removesuffix(".0").removesuffix(".0")

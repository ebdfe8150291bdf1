"""Params, tags and environment of a version as tables, beside those of the version that it is judged against first."""

from functools import lru_cache
from typing import NamedTuple

from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.model import Pairs, Version
from sitegen.site.views.pair_rows import PairTable, pair_table
from sitegen.site.views.verdicts import VerdictView

ANY = "any"
"""In place of a version: nothing limits it."""


class ValueTables(NamedTuple):
    """The tables. `sources` are the files that state the packages; `reference` is the name of the other version."""

    params: PairTable
    tags: PairTable
    environment: PairTable
    sources: str
    reference: str


def value_tables(version: Version, lead: VerdictView | None) -> ValueTables:
    """The tables of a version; `lead` has the version to compare with, if there is one."""
    other = lead.version if lead else None
    return ValueTables(
        params=pair_table(version.params, "param", other.params if other else None),
        tags=pair_table(version.tags, "tag", other.tags if other else None),
        environment=environment_table(version.environment, other.environment if other else None),
        sources=_sources(version.environment),
        reference=lead.name if lead else "",
    )


def environment_table(environment: Environment, other: Environment | None) -> PairTable:
    """The environment beside that of the other version, if there is one to compare with."""
    return _environment_table(environment_pairs(environment), environment_pairs(other) if other else None)


@lru_cache(maxsize=256)
def _environment_table(pairs: Pairs, others: Pairs | None) -> PairTable:
    """The table of packages. Cached, since most versions have the packages of others."""
    return pair_table(pairs, "package", others)


@memoize_by_identity(512)
def _sources(environment: Environment) -> str:
    return ", ".join(dict.fromkeys(one.stated_in for one in environment.requirements))


@memoize_by_identity(512)
def environment_pairs(environment: Environment) -> Pairs:
    """Python and each package with the version that is asked for. Cached, since a version is compared with others."""
    python = (("python", environment.python),) if environment.python else ()
    return (*python, *((one.name, _shown_version(one)) for one in environment.requirements))


def _shown_version(one: Requirement) -> str:
    """The exact version, else the line; the line also where it holds only on some systems."""
    if one.version is None and one.text == one.name:
        return ANY
    return one.text if ";" in one.text else one.version or one.text

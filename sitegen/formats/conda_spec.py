"""Specifications of conda's packages, such as `conda-forge::numpy=1.26.4=py310_0` and `python >=3.9`."""

import re
from typing import NamedTuple

_NAME = re.compile(r"\s*(?P<name>[^ =<>!~\[]+)(?P<rest>.*)\Z", re.DOTALL)
_BRACKETS = re.compile(r"\[(?P<fields>[^\[\]]*)\]\s*\Z")
_VERSION_FIELD = re.compile(r"""\bversion\s*=\s*(?P<quote>["']?)(?P<version>[^"',\]]+)(?P=quote)""")
_INEXACT = re.compile(r"[<>!~*|,]")


class CondaSpec(NamedTuple):
    """A package with the version that is asked for, as written; None for any.

    `exact`: no other version meets it. conda reads `=1.2` as any 1.2, but `==1.2`, `=1.2=build` and `numpy 1.2` as 1.2.
    """

    name: str
    version: str | None = None
    exact: bool = False


def parse_conda_spec(text: str) -> CondaSpec:
    """The package that a specification names; the name is empty where there is none."""
    bare = re.sub(r"\s#.*\Z", "", text).rpartition("::")[2]
    fields = _BRACKETS.search(bare)
    match = _NAME.match(bare[: fields.start()] if fields else bare)
    if match is None:
        return CondaSpec("")
    version = match["rest"].strip()
    if fields and (named := _VERSION_FIELD.search(fields["fields"])):
        version = named["version"].strip()
    name = match["name"].lower()
    if not version or version == "*":
        return CondaSpec(name)
    if _INEXACT.search(version):
        return CondaSpec(name, re.sub(r"\A=(?!=)", "", version) if "," not in version else version)
    double = version.startswith("==")
    number, _, build = version.lstrip("=").replace(" ", "=").partition("=")
    return CondaSpec(name, number, double or bool(build) or not version.startswith("="))

"""requirements.txt, conda.yaml and python_env.yaml: the Python version and packages that a model requires."""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from importlib import import_module

from sitegen.domain.diagnostic import Findings, Loaded
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.signature import Json
from sitegen.formats.text import quote
from sitegen.formats.yaml import load_yaml

PINS = ("==", "===")

MAX_NAME_LENGTH = 100
"""The longest package name that a message repeats, in characters."""


def parse_requirements(text: str, path: str, stated_in: str = "requirements.txt") -> Loaded[tuple[Requirement, ...]]:
    """The packages of a requirements file, without options such as `--index-url` and without included files."""
    requirements: list[Requirement] = []
    findings = Findings(path)
    for number, line in _lines(text):
        requirement = parse_requirement(line, stated_in)
        if requirement is None:
            findings.add("requirement-syntax", partial(_no_requirement, line), number)
            continue
        requirements.append(requirement)
        if requirement.version is None and "@" not in line and "://" not in line:
            findings.add("requirement-loose", partial(_loose, requirement.name), number)
    return Loaded(tuple(requirements), findings.problems())


def _no_requirement(line: str) -> str:
    return f"{quote(line)} is no requirement"


def _loose(name: str) -> str:
    return f"{quote(name) if len(name) > MAX_NAME_LENGTH else name} has no fixed version"


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line with a package, without comments, hashes and options; continued lines joined."""
    begun, first = "", 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.endswith("\\"):
            begun += f"{line[:-1]} "
            continue
        bare = f"{begun}{line}".partition(" #")[0].partition(" --hash")[0].strip()
        if bare and bare[0] not in "#-":
            yield first, bare
        begun, first = "", number + 1


_PLAIN = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:==(\d+(?:\.\d+)*))?\Z", re.ASCII)


@lru_cache(maxsize=16384)
def parse_requirement(text: str, stated_in: str) -> Requirement | None:
    """One requirement; None if the text is not one. Cached, since lines repeat from version to version."""
    if plain := _PLAIN.match(text):  # nearly every line that MLflow writes; ten times as fast
        return Requirement(name=plain[1], text=text, version=plain[2], stated_in=stated_in)
    if text.startswith(("git+", "http://", "https://", "./", "file:")):
        return Requirement(name=text.rpartition("#egg=")[2].rpartition("/")[2], text=text, stated_in=stated_in)
    packaging = import_module("packaging.requirements")  # imported late: plain lines do not need it
    try:
        parsed = packaging.Requirement(text)
    except (packaging.InvalidRequirement, RecursionError):  # a marker may have deeply nested parentheses
        return None
    exact = [clause for clause in parsed.specifier if clause.operator in PINS and not clause.version.endswith("*")]
    return Requirement(name=parsed.name, text=text, version=exact[0].version if exact else None, stated_in=stated_in)


def parse_conda(text: str, path: str) -> Loaded[Environment]:
    """The environment of a conda.yaml: Python, conda packages, and the nested list for pip."""
    loaded = load_yaml(text, path, verbatim=True)
    fields = loaded.value if isinstance(loaded.value, dict) else {}
    python = None
    packages: list[Requirement] = []
    pip: list[str] = []
    for item in _list(fields.get("dependencies")):
        if isinstance(item, dict):
            pip += [entry for entry in _list(item.get("pip")) if isinstance(entry, str)]
        elif isinstance(item, str):
            name, version = _conda_package(item)
            if name == "python":
                python = version
            elif name not in ("pip", ""):
                packages.append(Requirement(name=name, text=item, version=version, stated_in="conda.yaml"))
    lines = parse_requirements("\n".join(pip), path, "conda.yaml")
    environment = Environment(python=python, requirements=(*packages, *lines.value))
    return Loaded(environment, loaded.problems)


def conda_repeats(conda: str, requirements: str) -> bool:
    """Whether a conda.yaml holds only Python, pip and the packages of requirements.txt, line for line.

    MLflow writes both files from one list, so that the second mostly needs no parsing.
    """
    head, _, packages = conda.partition("- pip:\n")
    if not _PLAIN_CONDA.fullmatch(head):
        return False
    lines = [line.strip() for line in packages.partition("\nname:")[0].splitlines()]
    return lines == [f"- {line}" for line in requirements.splitlines()]


_PLAIN_CONDA = re.compile(r"(?:channels:\n(?:- [\w-]+\n)*)?dependencies:\n(?:- (?:python|pip)[\d.=<>]*\n)*")


def _conda_package(text: str) -> tuple[str, str | None]:
    """Name and exact version of conda's `name=version`, `name==version` or `name >=version`."""
    name = text.partition("::")[2] or text
    for mark in ("<", ">", "!", " ", "~"):
        if mark in name:
            return name.partition(mark)[0].strip(), None
    name, _, version = name.partition("=")
    return name.strip(), version.lstrip("=").partition("=")[0].strip() or None


def parse_python_env(text: str, path: str) -> Loaded[Environment]:
    """The environment of a python_env.yaml: Python and build packages; the others are in requirements.txt."""
    loaded = load_yaml(text, path, verbatim=True)
    fields = loaded.value if isinstance(loaded.value, dict) else {}
    python = fields.get("python")
    build, others = (
        parse_requirements(_text_lines(fields.get(key)), path, "python_env.yaml").value
        for key in ("build_dependencies", "dependencies")
    )
    environment = Environment(python=python if isinstance(python, str) else None, requirements=others, build=build)
    return Loaded(environment, loaded.problems)


def merge_environments(
    requirements: tuple[Requirement, ...], *environments: Environment, python: str | None
) -> Environment:
    """Merge the environments of all files: the first file that names a package, or the version of Python, wins."""
    packages = {_normal(requirement.name): requirement for requirement in requirements}
    for environment in environments:
        for requirement in environment.requirements:
            packages.setdefault(_normal(requirement.name), requirement)
    stated = next((environment.python for environment in environments if environment.python), python)
    return Environment(
        python=stated,
        requirements=tuple(packages.values()),
        build=next((environment.build for environment in environments if environment.build), ()),
    )


def _normal(name: str) -> str:
    """The normalized name of a package (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _text_lines(value: Json) -> str:
    return "\n".join(item for item in _list(value) if isinstance(item, str))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []

"""requirements.txt, conda.yaml and python_env.yaml: the Python version and packages that a model requires."""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from importlib import import_module

from sitegen.domain.diagnostic import Diagnostic, Findings, Loaded
from sitegen.domain.environment import Environment, Requirement, normal_name
from sitegen.domain.signature import Json
from sitegen.formats.conda_spec import parse_conda_spec
from sitegen.formats.package_location import has_location, locate_package
from sitegen.formats.pip_lines import pip_lines
from sitegen.formats.text import quote
from sitegen.formats.yaml import Positions, load_yaml

PINS = ("==", "===")

MAX_NAME_LENGTH = 100
"""The longest package name that a message repeats, in characters."""


def parse_requirements(text: str, path: str, stated_in: str = "requirements.txt") -> Loaded[tuple[Requirement, ...]]:
    """The packages of a requirements file, without options such as `--index-url` and without included files."""
    requirements: list[Requirement] = []
    findings = Findings(path)
    for line in pip_lines(text):
        requirement = None if line.error else _parse_line(line.text, line.editable, stated_in)
        if requirement is None:
            findings.add("requirement-syntax", partial(_refusal, line.text, line.error), line.number)
            continue
        requirements.append(requirement)
        if requirement.version is None and not has_location(line.text) and "@" not in line.text:
            findings.add("requirement-loose", partial(_loose, requirement.name), line.number)
    return Loaded(tuple(requirements), findings.problems())


def _refusal(text: str, error: str) -> str:
    return f"{quote(text)} is no requirement" + (f": {error}" if error else "")


def _loose(name: str) -> str:
    return f"{quote(name) if len(name) > MAX_NAME_LENGTH else name} has no fixed version"


def _parse_line(text: str, editable: bool, stated_in: str) -> Requirement | None:
    if not editable:
        return parse_requirement(text, stated_in)
    located = locate_package(text)
    return Requirement(name=located.name, text=f"-e {text}", stated_in=stated_in) if located else None


_PLAIN = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:==(\d+(?:\.\d+)*))?\Z", re.ASCII)


@lru_cache(maxsize=16384)
def parse_requirement(text: str, stated_in: str) -> Requirement | None:
    """One requirement; None if the text is not one. Cached, since lines repeat from version to version."""
    plain = _PLAIN.match(text)
    if plain and not text.endswith(_ARCHIVES):  # nearly every line that MLflow writes; ten times as fast
        return Requirement(name=plain[1], text=text, version=plain[2], stated_in=stated_in)
    if has_location(text):
        located = locate_package(text)
        return located and Requirement(name=located.name, text=text, version=located.version, stated_in=stated_in)
    packaging = import_module("packaging.requirements")  # imported late: plain lines do not need it
    try:
        parsed = packaging.Requirement(text.removesuffix(";"))
    except (packaging.InvalidRequirement, RecursionError):  # a marker may have deeply nested parentheses
        return None
    exact = [clause for clause in parsed.specifier if clause.operator in PINS and not clause.version.endswith("*")]
    return Requirement(name=parsed.name, text=text, version=exact[0].version if exact else None, stated_in=stated_in)


_ARCHIVES = (".whl", ".zip", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".tbz", ".txz", ".tlz", ".lz", ".lzma")


@lru_cache(maxsize=16384)
def requirement_form(text: str) -> str:
    """One form for all ways to write the same requirement: the name normalised, quotes and blanks as packaging's."""
    plain = _PLAIN.match(text)
    if plain:
        return normal_name(plain[1]) + text[len(plain[1]) :]
    if text.startswith("-e ") or has_location(text):
        return " ".join(text.split())
    packaging = import_module("packaging.requirements")
    try:
        parsed = packaging.Requirement(text)
    except (packaging.InvalidRequirement, RecursionError):  # conda's
        return " ".join(text.split())
    parsed.name = normal_name(parsed.name)
    return str(parsed)


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
            spec = parse_conda_spec(item)
            if spec.name == "python":
                python = spec.version
            elif spec.name not in ("pip", ""):
                version = spec.version if spec.exact else None
                packages.append(Requirement(name=spec.name, text=item, version=version, stated_in="conda.yaml"))
    lines = parse_requirements("\n".join(pip), path, "conda.yaml")
    environment = Environment(python=python, requirements=(*packages, *lines.value))
    return Loaded(environment, (*loaded.problems, *_number_problems(text, path, ("channels", "dependencies"))))


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
    return Loaded(environment, (*loaded.problems, *_number_problems(text, path, _PYTHON_ENV)))


_PYTHON_ENV = ("python", "build_dependencies", "dependencies")
_NUMBER = re.compile(r"(?:^|[:\-\[,][ \t]*)[+-]?\.?\d[\w.+-]*[ \t]*(?:$|[\],}#])", re.MULTILINE)


def _number_problems(text: str, path: str, keys: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """A problem for each number below `keys`, where MLflow, conda and pip want a text."""
    if not _NUMBER.search(text):
        return ()
    typed, verbatim = (load_yaml(text, path, verbatim=verbatim).value for verbatim in (False, True))
    places, findings = Positions(text), Findings(path)
    for place, value, written in _numbers(typed, verbatim):
        if place and place[0] in keys:
            name = ".".join(map(str, place))
            message = f"{name} is written as {written}, read as the number {value}, and must be a text"
            findings.add("yaml-number", partial(str, message), *places.of(*place))
    return findings.problems()


def _numbers(
    typed: Json, verbatim: Json, keys: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Json, Json]]:
    """The numbers inside a value, each with the keys that lead to it and with its text."""
    if isinstance(typed, dict) and isinstance(verbatim, dict):
        for key in typed:
            yield from _numbers(typed[key], verbatim.get(key), (*keys, key))
    elif isinstance(typed, list) and isinstance(verbatim, list):
        for number, (one, other) in enumerate(zip(typed, verbatim, strict=False)):
            yield from _numbers(one, other, (*keys, number))
    elif isinstance(typed, int | float) and not isinstance(typed, bool):
        yield keys, typed, verbatim


def merge_environments(
    requirements: tuple[Requirement, ...], *environments: Environment, python: str | None
) -> Environment:
    """Merge the environments of all files: the first file that names a package, or the version of Python, wins.

    A file may have several lines of one package, each with its marker.
    """
    packages = list(requirements)
    for environment in environments:
        if not environment.requirements:
            continue
        known = {normal_name(one.name) for one in packages}
        packages += [one for one in environment.requirements if normal_name(one.name) not in known]
    stated = next((environment.python for environment in environments if environment.python), python)
    return Environment(
        python=stated,
        requirements=tuple(dict.fromkeys(packages)),
        build=next((environment.build for environment in environments if environment.build), ()),
    )


def _text_lines(value: Json) -> str:
    return "\n".join(item for item in _list(value) if isinstance(item, str))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []

"""Shell commands that recreate the environment of a version: uv, venv, conda."""

import re
import shlex
from functools import lru_cache

from sitegen.analysis.usage.address import Address
from sitegen.analysis.usage.snippet import NEED, URI, Snippet, fill
from sitegen.domain.model import Version

REQUIREMENTS, CONDA = "requirements.txt", "conda.yaml"

_COPY = "model"
"""The folder that a version of a registry is copied to."""

_PYTHON = re.compile(r"(\d+\.\d+)(\.\d+)?")
_MINOR = re.compile(r"\d+\.\d+")
_PACKAGE = re.compile(
    r"[A-Za-z0-9][\w.-]*+(?:\[[\w., -]*+\])?+(?:\ *+(?:[<>]|[<>=!~]=)(?:[\w.,<>=!~*+-]|\ (?!-))*+)?+", re.ASCII
)
"""A package with versions in pip's form, and no option, path or address; `numpy=1.2` is conda's."""


def environment_code(version: Version, address: Address | None) -> tuple[Snippet, ...]:
    """The commands, by tool; empty where no file says what the model needs."""
    texts = environment_texts(version, address.kind if address else None)
    return tuple(fill(one, address) for one in texts) if address else texts


def environment_texts(version: Version, kind: str | None) -> tuple[Snippet, ...]:
    """The commands with `URI` in place of an address of this kind. None: files are missing. Made once per content."""
    names = {file.path for file in version.files}
    lines = tuple(one.text for one in version.environment.requirements)
    return _texts(source_of(kind), REQUIREMENTS in names, CONDA in names, version.environment.python, lines)


@lru_cache(maxsize=256)
def _texts(
    source: str, has_requirements: bool, has_conda: bool, python: str | None, lines: tuple[str, ...]
) -> tuple[Snippet, ...]:
    folder, fetch = files_from(source)
    tools: dict[str, list[str]] = {}
    if folder and has_requirements:
        packages = f"-r {folder}/{REQUIREMENTS}"
        tools |= {"uv": [*fetch, *_uv(python, packages)], "venv": [*fetch, *_venv(python, packages)]}
    elif lines and all(map(_PACKAGE.fullmatch, lines)):
        packages = " ".join(map(shlex.quote, lines))
        tools |= {"uv": _uv(python, packages), "venv": _venv(python, packages)}
    if folder and has_conda:
        create = f"conda env create --prefix ./.conda --file {folder}/{CONDA}"
        tools["conda"] = [*fetch, create, "conda activate ./.conda"]
    return tuple(Snippet(tool, "shell", "\n".join(found)) for tool, found in tools.items())


_DOWNLOAD = f"mlflow artifacts download --artifact-uri {URI} --dst-path {_COPY}"
_FOLDERS = {"": ("", ()), "folder": (URI, (f"# {NEED}",)), "registry": (_COPY, (f"# {NEED}", _DOWNLOAD))}


def files_from(source: str) -> tuple[str, tuple[str, ...]]:
    """The folder of the files, and the lines that bring them there: "folder", "registry", or "" for no files."""
    return _FOLDERS[source]


def source_of(kind: str | None) -> str:
    """The source of the files of a version with an address of this kind. None: the files are missing."""
    return "folder" if kind == "folder" else "registry" if kind else ""


def _uv(python: str | None, packages: str) -> list[str]:
    version = f" --python {python}" if python and _PYTHON.fullmatch(python) else ""
    return [f"uv venv{version} .venv", "source .venv/bin/activate", f"uv pip install {packages}"]


def _venv(python: str | None, packages: str) -> list[str]:
    minor = _MINOR.match(python) if python else None
    return [
        f"python{minor[0] if minor else '3'} -m venv .venv",
        "source .venv/bin/activate",
        f"pip install {packages}",
    ]

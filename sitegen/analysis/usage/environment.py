"""Shell commands that recreate the environment of a version: uv, venv, conda."""

import re
import shlex

from sitegen.analysis.usage.address import Address
from sitegen.analysis.usage.snippet import Snippet
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
    names = {file.path for file in version.files}
    lines = [one.text for one in version.environment.requirements]
    python = version.environment.python
    folder, fetch = _folder(address)
    tools: dict[str, list[str]] = {}
    if folder and REQUIREMENTS in names:
        packages = f"-r {shlex.quote(f'{folder}/{REQUIREMENTS}')}"
        tools |= {"uv": [*fetch, *_uv(python, packages)], "venv": [*fetch, *_venv(python, packages)]}
    elif lines and all(map(_PACKAGE.fullmatch, lines)):
        packages = " ".join(map(shlex.quote, lines))
        tools |= {"uv": _uv(python, packages), "venv": _venv(python, packages)}
    if folder and CONDA in names:
        create = f"conda env create --prefix ./.conda --file {shlex.quote(f'{folder}/{CONDA}')}"
        tools["conda"] = [*fetch, create, "conda activate ./.conda"]
    return tuple(
        Snippet(tool, "shell", "\n".join(found), (address.need,) if address and fetch and found[0] == fetch[0] else ())
        for tool, found in tools.items()
    )


def _folder(address: Address | None) -> tuple[str, list[str]]:
    """The folder of the files, and the lines that copy them there."""
    if address is None:
        return "", []
    if address.kind == "folder":
        return address.text, [f"# {address.need}"]
    download = f"mlflow artifacts download --artifact-uri {shlex.quote(address.text)} --dst-path {_COPY}"
    return _COPY, [f"# {address.need}", download]


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

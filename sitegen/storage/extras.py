"""How to install an extra of sitegen into the environment that runs it, and this sitegen elsewhere."""

import json
import os
import shlex
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import urlsplit

from sitegen.storage.location import path_of
from sitegen.version import VERSION

NAME = "model-sitegen"
"""The distribution's name on a package index, where `sitegen` is another project."""


def install_hint(extra: str) -> str:
    """The command that installs an extra, such as `pip install 'model-sitegen[s3]'`.

    It names the origin of the running installation where that is known: a folder, a wheel, a repository.
    """
    return install_command(extra, installed_origin())


def installed_origin() -> dict[str, object]:
    """The origin of the running installation, as `direct_url` has it."""
    # A clone may hold metadata that a build has left there, which names no origin.
    origin = next(filter(None, map(direct_url, distributions(name=NAME))), {})
    package = Path(__file__).parent.parent
    if not origin and not (package / "templates").is_dir():  # the sources run without an installation
        origin = {"url": package.parent.as_uri()}
    return origin


def direct_url(installed: Distribution) -> dict[str, object]:
    """The origin that the installer recorded (PEP 610); empty if it is a package index."""
    try:
        recorded = json.loads(installed.read_text("direct_url.json") or "{}")
    except ValueError:
        return {}
    return recorded if isinstance(recorded, dict) else {}


def install_command(extra: str, origin: dict[str, object]) -> str:
    """The command for an installation from an origin. It omits a missing path; the current folder is a dot."""
    url = str(origin.get("url", ""))
    if url.startswith("file://") and os.path.exists(path := path_of(url)):
        editable = _field(origin, "dir_info", "editable") is True
        folder = "." if os.path.realpath(path) == os.path.realpath(".") else path
        return f"pip install {'-e ' if editable else ''}{_quote_argument(f'{folder}[{extra}]')}"
    return f"pip install {_quote_argument(f'{NAME}[{extra}]{_address(origin)}')}"


def portable_requirement(extra: str, origin: dict[str, object]) -> str:
    """What pip installs on another machine to get the same sitegen, as a file in a repository may say it.

    Empty where only this machine has it, or where the address holds a login or a signature.
    """
    url = urlsplit(str(origin.get("url", "")))
    if url.scheme == "file" or url.password or url.query or (url.username and not url.scheme.endswith("ssh")):
        return ""
    name = f"{NAME}[{extra}]" if extra else NAME
    return name + (_address(origin) or f"=={VERSION}")


def _address(origin: dict[str, object]) -> str:
    """The part of a requirement that names a URL; empty for a package index or a path."""
    url = str(origin.get("url", ""))
    if not url or url.startswith("file:"):
        return ""
    system, commit = _field(origin, "vcs_info", "vcs"), _field(origin, "vcs_info", "commit_id")
    return f" @ {system}+{url}@{commit}" if system else f" @ {url}"


def _field(origin: dict[str, object], table: str, key: str) -> object:
    inner = origin.get(table)
    return inner.get(key) if isinstance(inner, dict) else None


def _quote_argument(text: str) -> str:
    """Quote an argument for the shells of this system."""
    return f'"{text}"' if os.name == "nt" else shlex.quote(text)

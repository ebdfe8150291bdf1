"""What a version is called in the registries of Microsoft Fabric and Azure ML, each with rules of its own."""

import re
from typing import NamedTuple

from sitegen.analysis.usage.snippet import Snippet, quote
from sitegen.domain.model import Model, Version


class CloudNames(NamedTuple):
    """The names of a version, as code has them: literals of Python for Fabric, words of YAML and the shell for Azure.

    Fabric counts versions by whole numbers. Azure allows letters, digits, `.`, `_` and `-` in the name of a model, and
    3 to 32 lower-case letters, digits and `-` in that of an endpoint or a deployment.
    """

    fabric_model: str
    fabric_version: str
    fabric_path: str
    azure_model: str
    azure_version: str
    azure_endpoint: str
    azure_deployment: str


def cloud_names(model: str, version: str) -> CloudNames:
    """The names made of those of a model and a version; a version that is no number is version 1 in Fabric."""
    number = version if version.isascii() and version.isdecimal() else "1"
    return CloudNames(
        fabric_model=quote(model),
        fabric_version=str(int(number)),
        fabric_path=quote(f"{model}/{int(number)}"),
        azure_model=_SIGNS.sub("-", model).strip("-._")[:250] or "model",
        azure_version=_SIGNS.sub("-", version).strip("-._")[:30] or "1",
        azure_endpoint=_endpoint(model, "model"),
        azure_deployment=_endpoint(f"version-{version}", "version"),
    )


_SIGNS = re.compile(r"[^A-Za-z0-9._-]+")
_ENDPOINT_SIGNS = re.compile(r"[^a-z0-9]+")


def _endpoint(text: str, prefix: str) -> str:
    """The text as the name of an endpoint; where it does not begin with a letter or is short, behind a prefix."""
    words = _ENDPOINT_SIGNS.sub("-", text.lower()).strip("-")
    named = words if words[:1].isalpha() and len(words) >= 3 else f"{prefix}-{words}"
    return named[:32].strip("-")


def place(field: str) -> str:
    """Stands for a field of `CloudNames` in a text, until the version is known."""
    return f"\0{field}\0"


def fill_names(snippet: Snippet, model: Model, version: Version) -> Snippet:
    """The snippet with the names of a version in their places."""
    text = snippet.text
    if "\0" not in text:
        return snippet
    for field, name in cloud_names(model.name, version.name)._asdict().items():
        text = text.replace(place(field), name)
    return snippet._replace(text=text)

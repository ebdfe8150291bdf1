"""Problems of a registry as text, as JSON, and as annotations of GitHub Actions."""

import json as standard
import posixpath
from collections.abc import Sequence

from sitegen.cli.report.words import severities
from sitegen.core.text import visible
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic, count_problems

_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}


def text(found: Sequence[Diagnostic]) -> str:
    """One line a problem: `path:line:column: severity[rule]: message  (hint: ...)`, and a last line that counts."""
    lines = [line_of(one) for one in found]
    counts = {name: count_problems(one for one in found if one.severity == name) for name in SEVERITIES}
    return "\n".join([*lines, severities(counts), ""])


def line_of(one: Diagnostic) -> str:
    """A problem on one line: its place, severity, rule, message and hint."""
    hint = f"  (hint: {visible(one.hint)})" if one.hint else ""
    return f"{_place(one)}: {one.severity}[{one.rule}]: {visible(one.message)}{hint}"


def json(found: Sequence[Diagnostic]) -> str:
    """A JSON list, one object a problem."""
    return dump_json([fields_of(one) for one in found])


def fields_of(one: Diagnostic) -> dict[str, str | int | None]:
    """A problem for programs; `count` is there where one stands for several."""
    return {
        "rule": one.rule,
        "severity": one.severity,
        "message": one.message,
        "path": one.path,
        "line": one.line,
        "column": one.column,
        "hint": one.hint,
        **({"count": one.count} if one.count > 1 else {}),
    }


def dump_json(value: object) -> str:
    """JSON for a program or a log: ASCII, and nothing in it a command of a build server."""
    return standard.dumps(value, indent=2, ensure_ascii=True).replace("##", "#\\u0023") + "\n"


def github(found: Sequence[Diagnostic], folder: str = "") -> str:
    """Workflow commands of GitHub Actions: each problem is shown at its file and line.

    `folder` is the registry's, as seen from the root of the repository, where GitHub looks for files.
    """
    lines = []
    for one in found:
        place = [f"file={_property(posixpath.normpath(posixpath.join(folder, one.path)))}"]
        place += [f"line={one.line}"] if one.line is not None else []
        place += [f"col={one.column}"] if one.column is not None else []
        place.append(f"title={_property(one.rule)}")
        message = f"{one.message} ({one.hint})" if one.hint else one.message
        lines.append(f"::{_GITHUB[one.severity]} {','.join(place)}::{_data(message)}")
    return "".join(line + "\n" for line in lines)


def _place(one: Diagnostic) -> str:
    """Where it is. A line that begins with two colons is a command of GitHub's."""
    place = visible(one.place)
    return f"./{place}" if place.lstrip().startswith("::") else place


def _data(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

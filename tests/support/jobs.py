"""Jobs of GitHub Actions, run on this machine: their conditions and expressions, and their shell steps in bash.

Steps that use an action are only listed: a test does what `actions/checkout` and others would do.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||[!=]=|!|[(),]|\d+|[A-Za-z_][\w.-]*)")
_OPERATORS = {"&&": " and ", "||": " or ", "!": " not "}
_STATUS = re.compile(r"\b(?:always|cancelled|failure|success)\(")


@dataclass
class Job:
    """A job as it ran: the steps with a shell that ran, the actions that it used, and what it wrote."""

    folder: Path
    context: dict[str, Any]
    variables: dict[str, str]
    failed: bool = False
    ran: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    output: str = ""
    summary: str = ""

    def run(self, steps: list[dict[str, Any]], before: Mapping[str, Callable[[], object]]) -> None:
        """Run steps whose condition holds; after a failure only those that ask for it. `before` interrupts by name."""
        for step in steps:
            condition = str(step.get("if", ""))
            if self.failed and not _STATUS.search(condition):
                continue
            if condition and not self.value(condition.removeprefix("${{").removesuffix("}}")):
                continue
            if "uses" in step:
                self.used.append(step["uses"].partition("@")[0])
                continue
            self.ran.append(step["name"])
            before.get(step["name"], lambda: None)()
            self._run_shell(step)

    def value(self, expression: str) -> Any:
        """The value of an expression, from the contexts of the job."""
        code, place = "", 0
        while place < len(expression.rstrip()):
            token = _TOKEN.match(expression, place)
            assert token, f"{expression!r} is no expression that tests know, at {place}"
            code, place = code + self._python(token[1], expression[token.end() :]), token.end()
        return eval(code, {"__builtins__": {}}, {"functions": _FUNCTIONS, "path": self._path})

    def text(self, template: object) -> str:
        """A text of a workflow with the values of its expressions."""
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: _text(self.value(found[1])), _text(template))

    def _python(self, token: str, rest: str) -> str:
        if token.startswith("'"):
            return repr(token[1:-1].replace("''", "'"))
        if re.match(r"[A-Za-z]", token):
            return f"functions[{token!r}]" if rest.startswith("(") else f"path({token!r})"
        return _OPERATORS.get(token, token)

    def _path(self, path: str) -> Any:
        """A value of the contexts; what events and steps lack is empty, what no context has is a mistake."""
        if path in ("true", "false"):
            return path == "true"
        found: Any = self.context | {"env": self.variables}
        head, *names = path.split(".")
        assert head in found, f"there is no context {head}"
        assert head != "inputs" or names[0] in found["inputs"], f"there is no input {names[0]}"
        for name in (head, *names):
            found = found.get(name) if isinstance(found, dict) else None
        return "" if found is None else found

    def _run_shell(self, step: dict[str, Any]) -> None:
        files = {name: self.folder.parent / name for name in ("output", "path", "summary")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        own = {name: self.text(value) for name, value in step.get("env", {}).items()}
        named = {f"GITHUB_{name.upper()}": str(path) for name, path in files.items() if name != "summary"}
        environment = self.variables | named | {"GITHUB_STEP_SUMMARY": str(files["summary"])} | own
        assert "${{" not in step["run"], "texts of others become code"
        strict = ["--noprofile", "--norc", "-o", "pipefail"] if "shell" in step else []  # as GitHub starts it
        command = ["bash", *strict, "-e", "-c", step["run"]]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        self.output += done.stdout + done.stderr
        self.summary += files["summary"].read_text(encoding="utf-8")
        for folder in files["path"].read_text(encoding="utf-8").splitlines():
            self.variables["PATH"] = f"{folder}{os.pathsep}{self.variables['PATH']}"
        outputs = dict(line.split("=", 1) for line in files["output"].read_text(encoding="utf-8").splitlines())
        self.context["steps"] |= {step.get("id", step["name"]): {"outputs": outputs}}
        self.failed |= done.returncode != 0


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "always": lambda: True,
    "cancelled": lambda: False,
    "contains": lambda texts, text: text in texts,
    "format": lambda text, *values: text.format(*values),
    "fromJSON": json.loads,
}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def run_job(
    workflow: str,
    name: str,
    folder: Path,
    event: tuple[str, dict[str, Any]],
    variables: Mapping[str, str],
    before: Mapping[str, Callable[[], object]] | None = None,
) -> Job | None:
    """Run a job of a workflow in a folder, for an event with its name; None if its condition does not hold."""
    read = yaml.safe_load(workflow)
    job = _new_job(folder, event, variables)
    job.variables |= {key: job.text(value) for key, value in read.get("env", {}).items()}
    found = read["jobs"][name]
    if "if" in found and not job.value(found["if"]):
        return None
    job.variables |= {key: job.text(value) for key, value in found.get("env", {}).items()}
    job.run(found["steps"], before or {})
    return job


def run_action(
    action: str,
    inputs: Mapping[str, str],
    folder: Path,
    event: tuple[str, dict[str, Any]],
    variables: Mapping[str, str],
    steps: dict[str, Any],
) -> Job:
    """Run a composite action in a folder; `steps` has the outputs of the actions that it uses."""
    read = yaml.safe_load(action)
    job = _new_job(folder, event, variables)
    assert set(inputs) <= set(read["inputs"])
    given = {name: inputs.get(name, job.text(field["default"])) for name, field in read["inputs"].items()}
    job.context |= {"inputs": given, "steps": steps}
    assert all(step["shell"] == "bash" for step in read["runs"]["steps"] if "run" in step)
    job.run(read["runs"]["steps"], {})
    return job


def _new_job(folder: Path, event: tuple[str, dict[str, Any]], variables: Mapping[str, str]) -> Job:
    name, facts = event
    github = {
        "event": facts,
        "event_name": name,
        "ref": variables["GITHUB_REF"],
        "repository": variables["GITHUB_REPOSITORY"],
        "repository_owner": variables["GITHUB_REPOSITORY"].partition("/")[0],
        "token": "token-of-the-job",
    }
    context = {"github": github, "runner": {"temp": variables["RUNNER_TEMP"]}, "steps": {}}
    return Job(folder, context, dict(variables))

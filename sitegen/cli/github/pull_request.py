"""The pull request that a job runs for, from the event that started the job; never from what a fork wrote."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sitegen.cli.github.api import GitHub
from sitegen.core.errors import SitegenError

_SHA = re.compile(r"[0-9a-f]{40}")


def read_event(path: str) -> dict[str, Any]:
    """The event of GITHUB_EVENT_PATH. Raises SitegenError."""
    try:
        event = json.loads(Path(path).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise SitegenError(f"the event of the job cannot be read: {error}") from None
    if not isinstance(event, dict):
        raise SitegenError("the event of the job is no JSON object")
    return event


def find_number(event: dict[str, Any], github: GitHub) -> int:
    """The number of the pull request. Raises SitegenError where there is none, or more than one.

    A `workflow_run` does not name the pull request of a fork: it is the one that is open for the fork's branch, and
    whose newest commit is that of the run.
    """
    pull, run = event.get("pull_request"), event.get("workflow_run")
    if isinstance(pull, dict) and isinstance(pull.get("number"), int):
        return int(pull["number"])
    if not isinstance(run, dict):
        raise SitegenError("the event of the job is about no pull request; say --pull NUMBER")
    sha, branch = run.get("head_sha"), run.get("head_branch")
    owner = _field(run, "head_repository", "owner", "login")
    if not (isinstance(sha, str) and _SHA.fullmatch(sha) and isinstance(branch, str) and isinstance(owner, str)):
        raise SitegenError("the event of the job has no head_sha, head_branch and owner")
    head = quote(f"{owner}:{branch}", safe="")
    found = [
        item["number"]
        for item in github.list(f"/pulls?state=open&head={head}")
        if _field(item, "head", "sha") == sha and isinstance(item.get("number"), int)
    ]
    if len(found) != 1:
        raise SitegenError(f"{len(found)} open pull requests have the head {owner}:{branch} at {sha[:10]}, not one")
    return int(found[0])


def _field(value: Any, *names: str) -> Any:
    """The value at the end of a path of names; None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value

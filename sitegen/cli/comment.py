"""`sitegen comment`: put the review of a pull request into one comment, which later reviews update."""

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

from sitegen.cli.github.api import GitHub
from sitegen.cli.github.hostile import comment_text
from sitegen.cli.github.pull_request import find_number, read_event
from sitegen.cli.report import terminal
from sitegen.cli.report.review.context import parse_site_url
from sitegen.cli.report.review.markdown import MARKER, NO_DIFFERENCE
from sitegen.core.errors import SitegenError

_MAX_BYTES = 2**20

_OF_A_FORK = "\n<sub>A job of the fork wrote this comment: the pull request may have changed that job.</sub>\n"
"""Ends a comment for a fork, whose workflow may print any verdict."""


def run(options: Namespace) -> int:
    """Create or update the comment that has the marker of a review. Raises SitegenError.

    A review that finds no difference updates a comment, but creates none.
    """
    if options.pull is not None and options.pull < 1:
        raise SitegenError(f"--pull {options.pull} is no number of a pull request")
    text = comment_text(_read(options.file), parse_site_url(options.site_url))
    api, repository = (
        os.environ.get("GITHUB_API_URL", "https://api.github.com"),
        os.environ.get("GITHUB_REPOSITORY", ""),
    )
    github = GitHub(api, repository, os.environ.get("GITHUB_TOKEN", ""))
    number = options.pull
    if number is None:
        event = read_event(os.environ.get("GITHUB_EVENT_PATH", ""))
        number = find_number(event, github)
        text += _OF_A_FORK if "workflow_run" in event else ""
    comment = _find_comment(github, number, options.author)
    if comment is None:
        if text.startswith(f"{MARKER}\n{NO_DIFFERENCE}\n"):
            terminal.print_message(f"nothing differs: pull request {number} gets no comment")
            return 0
        github.send("POST", f"/issues/{number}/comments", {"body": text})
        terminal.print_message(f"pull request {number} has a comment")
    elif comment["body"].replace("\r\n", "\n").rstrip() != text.rstrip():
        github.send("PATCH", f"/issues/comments/{comment['id']}", {"body": text})
        terminal.print_message(f"the comment of pull request {number} is updated")
    return 0


def _find_comment(github: GitHub, number: int, author: str) -> dict[str, Any] | None:
    """The first comment with the marker that the author wrote."""
    for comment in github.list(f"/issues/{number}/comments"):
        body, user = comment.get("body"), comment.get("user")
        writer = user.get("login") if isinstance(user, dict) else None
        if (
            isinstance(body, str)
            and body.startswith(MARKER)
            and writer == author
            and isinstance(comment.get("id"), int)
        ):
            return comment
    return None


def _read(path: str) -> str:
    """The text of a file. An artifact may hold a link, which would lead to any file of the machine."""
    if Path(path).is_symlink():
        raise SitegenError(f"{path} is a symbolic link; name the file itself")
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise SitegenError(f"{path}: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise SitegenError(f"{path} is larger than a comment may be")
    return data.decode("utf-8", "replace")

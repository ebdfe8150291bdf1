"""`sitegen comment` against a GitHub of this test: one comment, created and then updated; hostile texts and answers."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.cli.github import api
from sitegen.cli.github.hostile import comment_text
from sitegen.cli.report.review.markdown import MARKER
from sitegen.core.errors import SitegenError
from tests.support import sites
from tests.support.github import BOT, TOKEN, Answer, Host, serve
from tests.support.registries import layout, write

SHA = "a1" * 20


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Host]:
    """A GitHub on this machine, and the variables of a job there."""
    monkeypatch.chdir(tmp_path)
    event({"pull_request": {"number": 7}})
    with serve() as found:
        variables = {"API_URL": found.url, "REPOSITORY": "o/r", "TOKEN": TOKEN, "EVENT_PATH": "event.json"}
        for name, value in variables.items():
            monkeypatch.setenv(f"GITHUB_{name}", value)
        yield found


def event(fields: dict[str, Any]) -> None:
    """The event that started the job."""
    Path("event.json").write_text(json.dumps(fields), encoding="utf-8")


def comment(text: str, *flags: str) -> sites.Outcome:
    """Comment with a review of this text."""
    Path("comment.md").write_text(f"{MARKER}\n{text}\n", encoding="utf-8")
    return sites.sitegen("comment", "comment.md", *flags)


def test_a_comment_is_created_and_then_updated(host: Host) -> None:
    """In place, also behind hundreds of other comments; an equal one is left alone."""
    others = [{"id": number, "body": f"{MARKER}\nof somebody", "user": {"login": "person"}} for number in range(1, 251)]
    host.comments += others
    assert comment("first").code == 0 and len(host.comments) == 251
    assert host.requests[-1] == ("POST", "/repos/o/r/issues/7/comments")
    assert comment("second").code == 0
    assert host.comments[-1]["body"] == f"{MARKER}\nsecond\n" and host.requests[-1][0] == "PATCH"
    assert comment("second").code == 0 and host.requests[-1][0] == "GET"
    assert host.comments[:250] == others and len(host.comments) == 251


def test_a_review_without_differences_creates_no_comment(host: Host, tmp_path: Path) -> None:
    """But it updates one: the difference is gone."""
    write(tmp_path / "registry", layout("m", "1"))
    text = sites.sitegen("diff", "registry", "registry", "--format", "markdown").out.removeprefix(f"{MARKER}\n")
    done = comment(text)
    assert done.code == 0 and "gets no comment" in done.err and not host.comments
    assert comment("### ✕ Breaking").code == 0 and comment(text).code == 0
    assert len(host.comments) == 1 and "Nothing differs" in host.comments[0]["body"]


def run_of_a_fork(**fields: Any) -> dict[str, Any]:
    """The event of a workflow that runs after one of a fork; what it says of pull requests is empty there."""
    owner = {"owner": {"login": "fork"}}
    run = {"head_sha": SHA, "head_branch": "more/models", "head_repository": owner, "pull_requests": []}
    return {"workflow_run": {**run, **fields}}


def test_the_pull_request_of_a_fork_is_found_by_its_head(host: Host) -> None:
    """Not by a number that the fork writes."""
    event({**run_of_a_fork(), "number": 1})
    host.pulls += [{"number": 8, "head": {"sha": "b2" * 20}}, {"number": 9, "head": {"sha": SHA}}]
    assert comment("review").code == 0
    assert host.requests[0] == ("GET", "/repos/o/r/pulls?state=open&head=fork%3Amore%2Fmodels&per_page=100&page=1")
    assert host.requests[-1] == ("POST", "/repos/o/r/issues/9/comments")
    assert host.comments[0]["body"].endswith(
        "A job of the fork wrote this comment: the pull request may have changed that job.</sub>\n"
    )
    assert comment("review").code == 0 and host.requests[-1][0] == "GET"


@pytest.mark.parametrize("heads", [[], ["b2" * 20], [SHA, SHA]])
def test_without_one_such_pull_request_nobody_comments(host: Host, heads: list[str]) -> None:
    event(run_of_a_fork())
    host.pulls += [{"number": number, "head": {"sha": sha}} for number, sha in enumerate(heads, 1)]
    done = comment("review")
    assert done.code == 2 and "open pull requests have the head fork:more/models" in done.err
    assert {method for method, _ in host.requests} == {"GET"}


@pytest.mark.parametrize("number", ["0", "-1"])
def test_a_number_that_is_none_is_refused(host: Host, number: str) -> None:
    done = comment("review", "--pull", number)
    assert done.code == 2 and "is no number of a pull request" in done.err and not host.requests


@pytest.mark.parametrize("wrong", [{"head_sha": "x"}, {"head_branch": None}, {"head_repository": None}])
def test_an_event_that_lacks_something_is_told(host: Host, wrong: dict[str, Any]) -> None:
    event(run_of_a_fork(**wrong))
    done = comment("review")
    assert done.code == 2 and "no head_sha, head_branch and owner" in done.err and not host.requests


def test_a_refusal_is_one_sentence_without_the_token(host: Host) -> None:
    host.refusal = (403, {"message": "Resource not accessible by integration"})
    done = comment("review")
    assert done.code == 2 and done.err.count("\n") == 1 and TOKEN not in done.err
    assert "403" in done.err and "not accessible" in done.err and "pull-requests: write" in done.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GITHUB_TOKEN", "", "GITHUB_TOKEN is not set"),
        ("GITHUB_REPOSITORY", "x", "GITHUB_REPOSITORY must be OWNER/NAME"),
        ("GITHUB_API_URL", "http://example.org", "must begin with https://"),
        ("GITHUB_API_URL", "file:///etc", "GITHUB_API_URL is no address"),
        ("GITHUB_API_URL", "https://[::1", "GITHUB_API_URL is no address"),
        ("GITHUB_API_URL", "https://host:port", "GITHUB_API_URL is no address"),
        ("GITHUB_API_URL", "https://user:secret@host", "GITHUB_API_URL is no address"),
        ("GITHUB_TOKEN", "a\nb", "GITHUB_TOKEN has characters"),
        ("GITHUB_API_URL", "http://127.0.0.1:1", "GitHub cannot be reached"),
        ("GITHUB_EVENT_PATH", "none.json", "the event of the job cannot be read"),
    ],
)
def test_a_job_without_what_is_needed_is_one_sentence(
    host: Host, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    done = comment("review")
    assert done.code == 2 and said in done.err and done.err.count("\n") == 1 and not host.comments


LIMIT = b'{"message": "You have exceeded a secondary rate limit"}'
LATER = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}


@pytest.mark.parametrize("first", [Answer(429, LIMIT, {"Retry-After": "0"}), Answer(403, LIMIT, {"Retry-After": "0"})])
def test_a_limit_of_requests_is_waited_for(host: Host, first: Answer) -> None:
    """Whatever is asked: what was refused was not done."""
    host.answers = [first]
    assert comment("review").code == 0 and [method for method, _ in host.requests] == ["GET", "GET", "POST"]
    host.answers = [Answer(200), first]
    assert comment("review").code == 0 and [method for method, _ in host.requests[3:]] == ["GET", "POST", "POST"]
    assert len(host.comments) == 2


@pytest.mark.parametrize("first", [Answer(429, LIMIT, {"Retry-After": "3600"}), Answer(403, LIMIT, LATER)])
def test_a_long_limit_is_told(host: Host, first: Answer) -> None:
    """It is no missing permission."""
    host.answers = [first]
    done = comment("review")
    assert done.code == 2 and "limit of requests" in done.err and "permissions" not in done.err
    assert len(host.requests) == 1


def test_a_failure_of_the_server_does_not_make_two_comments(host: Host) -> None:
    host.answers = [Answer(200), Answer(502)]
    assert comment("review").code == 2 and [method for method, _ in host.requests] == ["GET", "POST"]


STRANGE = {
    "no list": Answer(200, b'{"message": "x"}'),
    "a cut list": Answer(200, b'[{"id": 1, "bo'),
    "an answer that ends early": Answer(200, b"[]", {"Content-Length": "1000"}),
    "a deep list": Answer(200, b"[" * 200_000),
    "a huge list": Answer(200, b"[" + b" " * 2**24 + b"]"),
    "no HTTP": Answer(200, b"", {"Transfer-Encoding": "chunked"}),
    "a redirect": Answer(302, b"", {"Location": "http://127.0.0.1:9/steal"}),
}


@pytest.mark.parametrize("case", STRANGE)
def test_a_strange_answer_is_one_sentence_and_no_comment(host: Host, case: str) -> None:
    """A list that cannot be read may hold the comment: a second one is not written."""
    host.answers = [STRANGE[case]]
    done = comment("review")
    assert (done.code, done.err.count("\n")) == (2, 1) and TOKEN not in done.err
    assert {method for method, _ in host.requests} == {"GET"}


def test_strange_items_of_a_list_are_left_out(host: Host) -> None:
    body = f"{MARKER}\nx"
    host.comments += [
        *({"id": 1, "body": body, "user": user} for user in (None, "github-actions[bot]", [], {"login": 5})),
        {"id": "1/../../pulls/7", "body": body, "user": {"login": BOT}},
        {"id": 1, "body": 5, "user": {"login": BOT}},
    ]
    assert comment("review").code == 0 and host.requests[-1][0] == "POST"
    event(run_of_a_fork())
    host.pulls += [{"number": 1, "head": "x"}, {"number": "2", "head": {"sha": SHA}}]
    assert comment("review").code == 2


def test_a_slow_answer_ends(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although no pause in it is long."""
    monkeypatch.setattr(api, "_SECONDS", 0.3)
    host.answers = [Answer(200, b"[" + b" " * 1000 + b"]", drip=0.05)]
    began = time.monotonic()
    done = comment("review")
    assert done.code == 2 and "took more than" in done.err and time.monotonic() - began < 5


@pytest.mark.parametrize("text", ["no marker", f"x\n{MARKER}", f"{MARKER}\n" + "x" * 65_000])
def test_what_is_no_review_is_refused(host: Host, text: str) -> None:
    Path("comment.md").write_text(text, encoding="utf-8")
    assert sites.sitegen("comment", "comment.md").code == 2 and not host.requests


def test_a_link_is_not_followed(host: Host, tmp_path: Path) -> None:
    """The artifact of a fork may hold one that leads to a file of the machine."""
    (tmp_path / "elsewhere.md").write_text(f"{MARKER}\ntext\n", encoding="utf-8")
    (tmp_path / "link.md").symlink_to("elsewhere.md")
    done = sites.sitegen("comment", "link.md")
    assert done.code == 2 and "link.md is a symbolic link" in done.err and not host.requests


SITE = "https://preview.example.org/pr-7/"
BREAK = "\u200b"
HOSTILE = {
    "@all and #1 and GH-12": "@^all and #^1 and GH-^12",
    "&commat;all &num;1 @&fjlig;": "&^commat;all &^num;1 @^&^fjlig;",
    "&#64;all &#x40;all": "&^#^64;all &^#^x40;all",
    "https://evil.example www.evil.example": "https:^//evil.example www^.evil.example",
    "mailto:a@b.example": "mailto^:a@^b.example",
    "![x](https://evil.example/x.png)": "!\\[x]\\(https:^//evil.example/x.png)",
    "[x](javascript:alert(1))": "[x]\\(javascript:alert(1))",
    '<img src="x"> <a href="//evil">y</a>': '<^img src="x"> <a>y</a>',
    f'[x]({SITE}models/m/) <a href="{SITE}about/">y</a>': f'[x]({SITE}models/m/) <a href="{SITE}about/">y</a>',
    f"[x]({SITE}../../other/)": f"[x]\\({SITE}../../other/)".replace("://", ":^//"),
    f"[x]({SITE}%2E%2e/other/)": f"[x]\\({SITE}%2E%2e/other/)".replace("://", ":^//"),
    "<!-- sitegen-review --> <script>": "<^!-- sitegen-review --> <^script>",
    "<details><summary>a</summary></details>": "<details><summary>a</summary></details>",
    "<details open onclick=x>": "<^details open onclick=x>",
    "[a]: //evil": "[a]\\: //evil",
    "1. [a\nb]: //evil": "1. [a\nb]\\: //evil",
    "/approve\n> /merge": "^/approve\n> ^/merge",
    "```mermaid\n```\n~~~ geojson\n~~~": "```^mermaid\n```\n~~~^ geojson\n~~~",
    "```diff\n-a\n```": "```diff\n-a\n```",
    "a\x00b\u202ec": "abc",
}
"""Texts, and what becomes of them; ^ stands for a space without width."""


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_keeps_its_form_and_does_nothing(text: str) -> None:
    assert comment_text(f"{MARKER}\n{text}", SITE) == f"{MARKER}\n{HOSTILE[text].replace('^', BREAK)}"


@pytest.mark.parametrize(
    "piece",
    ["\n", "[\n", "[", "](", "<", "> ", '&lt;a href="', "@", "www.", "0", "a", "\x00", " \n>", "`", "``` ", "&", "/a"],
)
def test_no_text_takes_long(piece: str) -> None:
    """Also one that repeats what the patterns begin with, as long as a comment may be."""
    began = time.monotonic()
    comment_text(f"{MARKER}\n" + piece * (64_000 // len(piece)), SITE)
    assert time.monotonic() - began < 5


def test_the_comment_of_a_review_stays_as_it_is() -> None:
    """But for spaces without width."""
    text = (Path(__file__).parent / "golden/review.markdown").read_text(encoding="utf-8")
    found = comment_text(text, "https://models.example.com/pr-7/")
    assert found.replace(BREAK, "").split() == text.split()
    odd = "| `array<double>` |\n<summary><code>it&#x27;s &lt;b&gt;</code></summary>\n"
    assert comment_text(f"{MARKER}\n{odd}", "").replace(BREAK, "") == f"{MARKER}\n{odd}"


def test_a_text_without_a_marker_raises() -> None:
    with pytest.raises(SitegenError, match="must begin with"):
        comment_text("hello", "")

"""The recipes of `sitegen init` and the action of this repository, run step by step on the sample registry.

In place of GitHub stand a bare repository, a server on this machine and a small reader of workflows.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jinja2
import pytest
import yaml

from sitegen.cli.recipes import fill, read_recipe
from sitegen.cli.report.review.markdown import MARKER
from sitegen.settings.document import settings_document
from tests.support import github, sites
from tests.support.jobs import Job, run_action, run_job
from tests.support.options import ROOT
from tests.support.repositories import commit, git, repository
from tests.support.wheels import build_wheel, copy_sources

PACKAGES = Path(jinja2.__file__).parents[1]
"""Where the packages lie that sitegen needs."""

VERSION = "models/diabetes-regression/4/MLmodel"
INPUT = '{"type": "integer", "name": "AGE", "required": true}'
SITE = "https://o.github.io/r"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources."""
    return copy_sources(tmp_path_factory.mktemp("sources") / "sitegen")


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that takes the place of a published package."""
    return build_wheel(source, tmp_path_factory.mktemp("wheels"))


class Runner:
    """A machine of GitHub's: a repository with branches, and the variables of jobs."""

    def __init__(self, folder: Path, host: github.Host) -> None:
        self.folder, self.host = folder, host
        self.origin = folder / "origin.git"
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self.work = repository(folder / "work", {".gitignore": "x\n"})
        shutil.copytree(ROOT / "sample_registry", self.work / "models", ignore=shutil.ignore_patterns("__pycache__"))
        git(self.work, "remote", "add", "origin", self.origin.as_uri())
        commit(self.work, {"sitegen.toml": settings_document(("pr-*/",))})
        git(self.work, "push", "--quiet", "origin", "main")
        self.python = _environment(folder / "python")
        self.jobs = 0

    def change(self, files: Mapping[str, str] = {}) -> str:
        """Make a pull request that breaks callers, which GitHub has merged with its base; the commit of its branch."""
        text = (self.work / VERSION).read_text(encoding="utf-8")
        broken = text.replace(INPUT, INPUT.replace("AGE", "YEARS"))
        assert broken != text
        commit(self.work, {VERSION: broken, **files}, "change")
        git(self.work, "checkout", "--quiet", "main")
        git(self.work, "merge", "--quiet", "--no-ff", "--message", "merge", "change")
        git(self.work, "push", "--quiet", "origin", "HEAD:refs/pull/7/merge")
        return git(self.work, "rev-parse", "change").strip()

    def job(self, ref: str, depth: int = 2) -> tuple[Path, dict[str, str]]:
        """A checkout of a ref, as `actions/checkout` makes it, and the variables of the job."""
        self.jobs += 1
        folder = self.folder / f"job {self.jobs}/checkout"
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet")
        git(folder, "remote", "add", "origin", self.origin.as_uri())
        git(folder, "fetch", "--quiet", "--depth", str(depth), "origin", ref)
        git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD")
        temp = folder.parent / "temp"
        temp.mkdir()
        return folder, {
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(temp),
            "PYTHONPATH": str(PACKAGES),
            "PIP_NO_DEPS": "1",
            "PIP_IGNORE_INSTALLED": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "RUNNER_TEMP": str(temp),
            "GITHUB_API_URL": self.host.url,
            "GITHUB_BASE_REF": "main",
            "GITHUB_EVENT_PATH": str(folder.parent / "event.json"),
            "GITHUB_REF": ref,
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_SHA": git(folder, "rev-parse", "HEAD").strip(),
        }

    def site(self) -> set[str]:
        """The files of the branch of the site."""
        return set(git(self.origin, "ls-tree", "-r", "--name-only", "gh-pages").splitlines())

    def read(self, path: str) -> str:
        """The text of a file of the branch of the site."""
        return git(self.origin, "show", f"gh-pages:{path}")


def _environment(folder: Path) -> Path:
    """The interpreter of a new environment that has pip, and whose pip is a command."""
    venv.create(folder, with_pip=False)
    python = folder / "bin/python"
    pip = folder / "bin/pip"
    pip.write_text(f'#!/bin/sh\nexec "{python}" -m pip --quiet "$@"\n', encoding="utf-8")
    pip.chmod(0o755)
    return python


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    """A runner with its GitHub."""
    with github.serve() as host:
        yield Runner(tmp_path, host)


def pull_request(action: str = "opened", repository: str = "o/r") -> tuple[str, dict[str, Any]]:
    """The event of pull request 7, from a branch of a repository."""
    pull = {"number": 7, "head": {"repo": {"full_name": repository}}}
    return "pull_request", {"action": action, "number": 7, "pull_request": pull, "repository": {"name": "r"}}


PUSH = ("push", {"repository": {"name": "r"}})


def models(
    runner: Runner, wheel: Path, event: tuple[str, dict[str, Any]], ref: str, before: Mapping[str, Any] | None = None
) -> Job | None:
    """Run the workflow that publishes and reviews."""
    folder, variables = runner.job(ref)
    Path(variables["GITHUB_EVENT_PATH"]).write_text(json.dumps(event[1]), encoding="utf-8")
    workflow = fill(read_recipe("github.yml"), "models", str(wheel))
    return run_job(workflow, "models", folder, event, variables, before)


def test_github_publishes_and_previews_and_reviews(runner: Runner, wheel: Path) -> None:
    """From a push over a pull request that breaks callers to its end."""
    pushed = models(runner, wheel, PUSH, "refs/heads/main")
    assert pushed and not pushed.failed, pushed.output
    site = runner.site()
    assert {"index.html", ".nojekyll", "404.html", "models/diabetes-regression/index.html"} <= site

    runner.change()
    reviewed = models(runner, wheel, pull_request(), "refs/pull/7/merge")
    assert reviewed and reviewed.failed and reviewed.ran[-1] == "Fail if the change breaks callers", reviewed.output
    assert runner.site() >= site | {"pr-7/index.html", "pr-7/models/diabetes-regression/4/index.html"}
    heading = 'id="h-news"'
    assert heading in runner.read("pr-7/index.html") and heading not in runner.read("index.html")
    [comment] = runner.host.comments
    assert comment["body"].startswith(MARKER) and f"({SITE}/pr-7/models/diabetes-regression/" in comment["body"]
    assert "YEARS" in reviewed.summary and len(reviewed.summary.encode()) < 2**20
    assert "::error file=models/diabetes-regression/4/MLmodel" in reviewed.output
    assert reviewed.used == ["actions/checkout", "actions/setup-python"]

    again = models(runner, wheel, pull_request("synchronize"), "refs/pull/7/merge")
    assert again and again.failed and len(runner.host.comments) == 1
    closed = models(runner, wheel, pull_request("closed"), "refs/pull/7/merge")
    assert closed and not closed.failed, closed.output
    assert closed.ran == ["Open the branch of the site", "Remove the preview", "Publish"]
    assert runner.site() == site


def test_the_five_lines_of_the_readme_publish(runner: Runner, wheel: Path, tmp_path: Path) -> None:
    """From an empty repository; only GitHub's address leads to one on this machine."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = readme[readme.index("    git clone https://github.com/OWNER/models.git") :].partition("\n\n")[0]
    assert lines.count("\n") == 4
    shutil.copytree(ROOT / "sample_registry/diabetes-regression", tmp_path / "home/diabetes")
    runner.origin = tmp_path / "empty.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(runner.origin))
    config = tmp_path / "home/config"
    rows = {"user.name": "someone", "user.email": "someone@example.org", "init.defaultBranch": "main"}
    rows[f"url.{runner.origin.as_uri()}.insteadOf"] = "https://github.com/OWNER/models.git"
    for name, value in rows.items():
        git(tmp_path, "config", "--file", str(config), name, value)
    command = tmp_path / "home/sitegen"
    command.write_text(f'#!/bin/sh\nexec {shlex.join(sites.SITEGEN)} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    own = {"HOME": str(command.parent), "GIT_CONFIG_GLOBAL": str(config), "PYTHONPATH": str(ROOT)}
    own["PATH"] = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", lines], cwd=tmp_path, env=os.environ | own, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr

    folder, variables = runner.job("refs/heads/main")
    written = (folder / ".github/workflows/models.yml").read_text(encoding="utf-8")
    job = run_job(fill(written, ".", str(wheel)), "models", folder, PUSH, variables)
    assert job and not job.failed, job.output
    assert "models/diabetes/4/index.html" in runner.site()


def test_two_runs_at_a_time_both_publish(runner: Runner, wheel: Path) -> None:
    """The second adds its commit to that of the first."""
    assert (first := models(runner, wheel, PUSH, "refs/heads/main")) and not first.failed
    runner.change()

    def another() -> None:
        """Publish a preview just before."""
        other = repository(runner.folder / "other", {})
        git(other, "fetch", "--quiet", runner.origin.as_uri(), "gh-pages")
        git(other, "checkout", "--quiet", "FETCH_HEAD")
        commit(other, {"pr-8/index.html": "another\n"})
        git(other, "push", "--quiet", runner.origin.as_uri(), "HEAD:gh-pages")

    reviewed = models(runner, wheel, pull_request(), "refs/pull/7/merge", {"Publish": another})
    assert reviewed and "Comment" in reviewed.ran and "rejected" in reviewed.output
    assert {"index.html", "pr-7/index.html", "pr-8/index.html"} <= runner.site()


def test_github_comments_for_a_fork_in_a_run_of_its_own(runner: Runner, wheel: Path) -> None:
    """The job of the fork writes nothing but its summary and an artifact."""
    sha = runner.change()
    branches = git(runner.origin, "for-each-ref")
    reviewed = models(runner, wheel, pull_request(repository="fork/r"), "refs/pull/7/merge")
    assert reviewed and reviewed.failed and "YEARS" in reviewed.summary
    assert reviewed.ran == ["Install sitegen", "Review the change", "Fail if the change breaks callers"]
    assert reviewed.used[-1] == "actions/upload-artifact"
    assert git(runner.origin, "for-each-ref") == branches and not runner.host.requests
    assert models(runner, wheel, pull_request("closed", "fork/r"), "refs/pull/7/merge") is None

    review = Path(reviewed.variables["RUNNER_TEMP"], "review.md").read_text(encoding="utf-8")
    runner.host.pulls.append({"number": 7, "head": {"sha": sha}})
    event = fork_run(sha)
    job = comment_for_fork(runner, wheel, event, review + "\n@everyone [x](https://evil.example/)\n")
    assert job and not job.failed, job.output
    [comment] = runner.host.comments
    assert "YEARS" in comment["body"] and "@\u200beveryone" in comment["body"] and "](https" not in comment["body"]
    assert runner.host.requests[-1] == ("POST", "/repos/o/r/issues/7/comments")
    for conclusion in ("skipped", "cancelled"):
        event[1]["workflow_run"]["conclusion"] = conclusion
        assert comment_for_fork(runner, wheel, event, review) is None


def fork_run(sha: str) -> tuple[str, dict[str, Any]]:
    """The event after a run for a fork, whose branch ends in a commit."""
    head = {"full_name": "fork/r", "owner": {"login": "fork"}}
    run = {"id": 1, "event": "pull_request", "conclusion": "failure", "head_sha": sha, "head_branch": "change"}
    return "workflow_run", {"workflow_run": {**run, "head_repository": head, "pull_requests": []}}


def comment_for_fork(runner: Runner, wheel: Path, event: tuple[str, dict[str, Any]], review: str) -> Job | None:
    """Run the workflow that comments, with a review in place of the artifact."""
    folder, variables = runner.job("refs/heads/main", depth=1)
    Path(variables["GITHUB_EVENT_PATH"]).write_text(json.dumps(event[1]), encoding="utf-8")
    artifact = Path(variables["RUNNER_TEMP"], "review/review.md")
    artifact.parent.mkdir()
    artifact.write_text(review, encoding="utf-8")
    job = run_job(fill(read_recipe("github-forks.yml"), ".", str(wheel)), "comment", folder, event, variables)
    assert job is None or "actions/checkout" not in job.used
    return job


def test_a_workflow_that_does_not_say_what_to_install_fails_with_a_reason(runner: Runner) -> None:
    folder, variables = runner.job("refs/heads/main")
    job = run_job(read_recipe("github.yml"), "models", folder, PUSH, variables)
    assert job and job.failed and job.ran == ["Install sitegen"]
    assert "write into the workflow what pip installs" in job.output


ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")


def test_the_readme_names_what_the_action_takes_and_gives() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    text = readme[readme.index("*In a workflow of your own*") : readme.index("## Storage elsewhere")]
    read = yaml.safe_load(ACTION)
    assert [
        name for name in (*read["inputs"], *read["outputs"]) if f"`{name}`" not in text and f" {name}:" not in text
    ] == []


def action(
    runner: Runner, event: tuple[str, dict[str, Any]], depth: int = 2, own: Path | None = None, **inputs: str
) -> Job:
    """Run the action in a checkout of the pull request; `own` is its folder, from which it installs itself."""
    folder, variables = runner.job("refs/pull/7/merge", depth)
    Path(variables["GITHUB_EVENT_PATH"]).write_text(json.dumps(event[1]), encoding="utf-8")
    outputs = {"python": {"outputs": {"python-path": str(runner.python)}}}
    named = {name.replace("_", "-"): text for name, text in inputs.items()}
    variables["GITHUB_ACTION_PATH"] = str(own)
    return run_action(ACTION, {"registry": "models", **named}, folder, event, variables, outputs)


def test_the_action_reviews_a_pull_request(runner: Runner, source: Path) -> None:
    """It installs itself, builds, updates the comment of its token, and fails. Modules of the change are not run."""
    code = "open('made', 'w')"
    runner.change({"venv.py": code, "pip.py": code, "sitegen.py": code, "json.py": code})
    preview = f"{SITE}/pr-7/"
    runner.host.comments.append({"id": 1, "body": f"{MARKER}\nold", "user": {"login": "own-app[bot]"}})
    inputs = {"site_url": preview, "build": "site", "base_url": preview, "author": "own-app[bot]"}
    job = action(runner, pull_request(), own=source, **inputs)
    assert not (job.folder / "made").exists()
    assert job.failed and "Fail if the change breaks callers" in job.ran, job.output
    assert "YEARS" in job.summary and "::error file=models/diabetes-regression/4/MLmodel" in job.output
    [comment] = runner.host.comments
    assert f"({preview}models/diabetes-regression/" in comment["body"]
    assert (job.folder / "site/404.html").is_file() and job.used == ["actions/setup-python"]
    assert job.context["steps"]["review"]["outputs"]["fails"] == "true"


def test_the_action_for_a_fork_only_keeps_its_review(runner: Runner, wheel: Path) -> None:
    runner.change()
    job = action(runner, pull_request(repository="fork/r"), package=str(wheel))
    assert job.failed and job.used[-1] == "actions/upload-artifact" and not runner.host.requests
    assert "Comment" not in job.ran and "YEARS" in job.summary


def test_the_action_compares_any_two_revisions(runner: Runner, wheel: Path) -> None:
    """Without a pull request, and with what may fail; texts of inputs are never read as code or options."""
    runner.change()
    package = {"package": str(wheel), "comment": "false"}
    assert action(runner, PUSH, base="HEAD^1", **package).failed
    assert not action(runner, PUSH, base="HEAD^1", fail_on="never", **package).failed
    wrong = action(runner, PUSH, base="--output=$(touch made)`touch made`", **package)
    assert wrong.failed and not wrong.summary and "unknown revision" in wrong.output
    assert not list(runner.folder.rglob("made"))


def test_the_action_says_that_a_checkout_lacks_the_base(runner: Runner, wheel: Path) -> None:
    runner.change()
    job = action(runner, pull_request(), depth=1, package=str(wheel))
    assert job.failed and "this clone is shallow" in job.output and not runner.host.comments


def test_this_repository_publishes_the_sample_registry(runner: Runner) -> None:
    """The branch has the newest site alone, in one commit."""
    workflow = (ROOT / ".github/workflows/models.yml").read_text(encoding="utf-8")
    for text in ("first", "second"):
        folder, variables = runner.job("refs/heads/main", depth=1)
        (folder / "site").mkdir()
        (folder / f"site/{text}.html").write_text(text, encoding="utf-8")
        job = run_job(workflow, "site", folder, PUSH, variables)
        assert job and not job.failed and job.ran == ["Publish"], job.output
        assert runner.site() == {".nojekyll", f"{text}.html"}
        assert git(runner.origin, "rev-list", "--count", "gh-pages").strip() == "1"
    assert run_job(workflow, "site", folder, pull_request(), variables) is None


def gitlab(name: str, wheel: Path, runner: Runner, ref: str, **variables: str) -> tuple[int, Path]:
    """Run a job of the recipe for GitLab: its shell lines in one shell, that stops at the first failure."""
    read = yaml.safe_load(fill(read_recipe("gitlab.yml"), "models", str(wheel)))
    job = {**read[read[name]["extends"]], **read[name]}
    folder, environment = runner.job(ref, depth=9)
    lines = "\n".join(["set -e", *job["before_script"], *job["script"]])
    environment |= {key: str(value) for key, value in job["variables"].items()} | variables
    done = subprocess.run(["sh", "-c", lines], cwd=folder, env=environment, capture_output=True, text=True)
    print(done.stdout, done.stderr, file=sys.stderr)
    wanted = [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]
    assert all((folder / path).exists() for path in wanted)
    return done.returncode, folder


def test_gitlab_publishes_and_shows_a_review(runner: Runner, wheel: Path) -> None:
    """The report of the default branch is empty: GitLab compares with it."""
    code, folder = gitlab("pages", wheel, runner, "refs/heads/main", CI_PAGES_URL="https://o.gitlab.io/r")
    assert code == 0 and (folder / "public/404.html").is_file()
    assert json.loads((folder / "models-quality.json").read_bytes()) == []
    base = git(runner.work, "rev-parse", "main").strip()
    runner.change()
    code, folder = gitlab("review models", wheel, runner, "refs/pull/7/merge", CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    found = json.loads((folder / "models-quality.json").read_bytes())
    assert code == 1 and "YEARS" in json.dumps(found) and found[0]["severity"] == "critical"
    assert ElementTree.parse(folder / "models-junit.xml").getroot().findall(".//failure")
    assert (folder / "review/index.html").is_file()


def test_a_script_publishes_in_a_bucket(runner: Runner, wheel: Path) -> None:
    """Whose place a folder takes; tests of object stores have real ones."""
    folder, variables = runner.job("refs/heads/main")
    script = fill(read_recipe("bucket.sh"), "models", str(wheel))
    place = {"SITE": str(runner.folder / "bucket"), "SITE_URL": "https://models.example.org/"}
    done = subprocess.run(["sh", "-c", script], cwd=folder, env=variables | place, capture_output=True, text=True)
    assert done.returncode == 0 and (runner.folder / "bucket/sitemap.xml").is_file(), done.stderr
    for missing in place:
        part = {name: text for name, text in place.items() if name != missing}
        done = subprocess.run(["sh", "-c", script], cwd=folder, env=variables | part, capture_output=True, text=True)
        assert done.returncode == 2 and f"set {missing} to" in done.stderr

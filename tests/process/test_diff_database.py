"""`sitegen diff` of revisions with MLflow's database beside its artifacts, the default layout since MLflow 3.7."""

import json
from pathlib import Path

import pytest

from sitegen.storage.git import tree
from tests.process.test_diff import MORE, START, diff, review, rules
from tests.support.databases import OTHER, RUN, change, database, experiment, fill, registered, run, version
from tests.support.registries import SIGNED
from tests.support.repositories import commit, git, repository

ROOM = "team/"


def default_layout(folder: Path) -> Path:
    """A repository whose branch registers a version that breaks callers, and moves champion to it."""
    texts = {RUN: SIGNED, OTHER: MORE}
    repository(folder, {f"{ROOM}mlruns/1/{id}/artifacts/model/MLmodel": text for id, text in texts.items()})
    rows = experiment(), run(RUN), run(OTHER), registered("prices", {"champion": 1})
    place = database(folder / f"{ROOM}mlflow.db", *rows, version("prices", 1))
    commit(folder, {})
    fill(place, version("prices", 2, run=OTHER))
    change(place, "update registered_model_aliases set version = 2")
    return commit(folder, {}, "change")


def test_a_huge_database_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In HEAD it cannot be judged, in BASE the review is not possible."""
    monkeypatch.setattr(tree, "MAX_COPY_BYTES", 2**20)
    folder = commit(repository(tmp_path, START), {"mlflow.db": b"SQLite format 3\0" + bytes(2**20)}, "change")
    found = review(folder, "main", code=1)
    assert rules(found) == [("source-unreadable", "unknown")]
    assert "more than the 1 MiB that are read from git" in found["findings"][0]["message"]
    done = diff(folder, "change", "main")
    assert (done.code, done.out) == (2, "") and "more than the 1 MiB" in done.err


@pytest.mark.parametrize("place", ["team/mlruns", "team/mlflow.db", "team", "."])
def test_a_database_beside_its_artifacts(place: str, tmp_path: Path) -> None:
    """Is read, whether one names the artifacts, the database or a folder around both.

    Findings name files of the repository.
    """
    folder = default_layout(tmp_path)
    done = diff(folder, "main", "change", "--registry", place, "--format", "json")
    note = "sitegen: mlruns holds artifacts only; reading mlflow.db beside it\n"
    assert (done.code, done.err) == (1, note if place == "team/mlruns" else "")
    found = json.loads(done.out)
    assert [(one["name"], one["old"], one["new"]) for one in found["moved"]] == [("champion", "1", "2")]
    assert ("input-added", "breaking") in rules(found)
    text = diff(folder, "main", "change", "--registry", place, "--format", "github").out
    assert f"file={ROOM}mlruns/1/{OTHER}/artifacts/model/MLmodel" in text


def test_a_folder_with_a_database_beside_it_is_named_alike(tmp_path: Path) -> None:
    """Outside of git, too, and on one side."""
    folder = default_layout(tmp_path / "git")
    git(folder, "worktree", "add", "--quiet", str(tmp_path / "base"), "main")
    expected = review(folder, "main", "change", "--registry", "team/mlruns", code=1)
    for base, head in (("../base/team/mlruns", "team/mlruns"), ("main", "team/mlruns")):
        flags = () if base.startswith("..") else ("--registry", "team/mlruns")
        found = review(folder, base, head, *flags, code=1)
        assert (found["findings"], found["models"]) == (expected["findings"], expected["models"])


def test_a_database_that_only_head_has(tmp_path: Path) -> None:
    """BASE has no registry then: all models of HEAD are new."""
    folder = default_layout(tmp_path)
    git(folder, "checkout", "--quiet", "main")
    commit(folder, {f"{ROOM}mlflow.db": None}, "before")
    found = review(folder, "before", "change", "--registry", "team/mlruns", code=0)
    assert [(one["name"], one["kind"], one["status"]) for one in found["models"]] == [
        ("prices", "registered", "added"),
    ]


def test_a_database_in_git_lfs(tmp_path: Path) -> None:
    """Of BASE: exit 2, since all models would seem to be new; of HEAD: it cannot be judged."""
    folder = default_layout(tmp_path)
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    commit(folder, {f"{ROOM}mlflow.db": pointer}, "pointer")
    done = diff(folder, "pointer", "change", "--registry", "team/mlruns")
    assert (done.code, done.out) == (2, "")
    assert "mlflow.db" in done.err
    assert "Git LFS" in done.err

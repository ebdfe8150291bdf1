"""`sitegen diff`: what a reviewer hears about a change, from real git repositories and folders."""

import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.support import sites
from tests.support.databases import change, database, fill, registered, version
from tests.support.registries import COLUMNS, ONE, SIGNED, Files, experiment, layout, mlmodel, run
from tests.support.registries import registered as file_store
from tests.support.repositories import commit, git, repository

BEAMS = [{"name": "beams", "type": "long", "default": 1, "shape": None}]
OUTPUT = [{"type": "double", "name": "risk", "required": True}]
PARAM = mlmodel(COLUMNS, OUTPUT, BEAMS)
WITHOUT_PARAM = mlmodel(COLUMNS, OUTPUT)
MORE_OUTPUTS = mlmodel(COLUMNS, [*OUTPUT, {"type": "double", "name": "error", "required": True}], BEAMS)
FEVER = {"type": "double", "name": "fever", "required": True}
MORE = mlmodel([*COLUMNS, FEVER], ONE)
OPTIONAL = mlmodel([*COLUMNS, {"type": "double", "name": "fever", "required": False}], ONE)
OTHER_OUTPUT = mlmodel(COLUMNS, [{"type": "float", "required": True}])
CONFLICT = f"<<<<<<< HEAD\n{SIGNED}=======\n{SIGNED}>>>>>>> branch\n"

_TWIN = """flavors: {python_function: {loader_module: mlflow.sklearn}}
signature:
  inputs: '[{"type": "long", "name": "x", "required": %s}]'
  outputs: '[{"type": "long"}]'
# The id of this file as a blob of git begins with the same digits as that of the other: %s
"""
TWINS = (
    _TWIN % ("false", "." * 56 + "00c5d6cc50f06dfe"),
    _TWIN % ("true ", "." * 56 + "00375e4c1bedd82f"),
)

CHAMPION = {"m/model.yaml": "aliases: {champion: 1}\n"}
START: Files = layout("m", "1") | layout("m", "2") | CHAMPION

Changes = Mapping[str, str | bytes | None]


def review(folder: Path, *arguments: str, code: int | None = None) -> dict[str, Any]:
    """The JSON of a review in a folder."""
    done = diff(folder, *arguments, "--format", "json")
    assert code is None or done.code == code, done.out + done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def diff(folder: Path, *arguments: str) -> sites.Outcome:
    """The command, run in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        return sites.sitegen("diff", *arguments)
    finally:
        os.chdir(before)


def rules(found: dict[str, Any], **having: object) -> list[tuple[str, str]]:
    """Rule and level of the findings, those that nobody has to act on left out."""
    return [
        (one["rule"], one["level"])
        for one in found["findings"]
        if (one["level"] != "safe" or one["fails"]) and having.items() <= one.items()
    ]


CASES: dict[str, tuple[Files, Changes, int, list[tuple[str, str]]]] = {
    "nothing": (START, {}, 0, []),
    "a compatible version": (START, layout("m", "3", MLmodel=OPTIONAL), 0, []),
    "a version with a new input": (START, layout("m", "3", MLmodel=MORE), 1, [("input-added", "breaking")]),
    "a version with a param less": (
        layout("m", "1", MLmodel=PARAM) | CHAMPION,
        layout("m", "2", MLmodel=WITHOUT_PARAM),
        0,
        [("param-removed", "lossy")],
    ),
    "a version that was changed in place": (START, {"m/1/MLmodel": MORE}, 1, [("input-added", "breaking")]),
    "a version of other outputs": (START, layout("m", "3", MLmodel=OTHER_OUTPUT), 1, [("output-retyped", "breaking")]),
    "a merge conflict": (START, {"m/2/MLmodel": CONFLICT}, 1, [("inputs-unreadable", "unknown")]),
    "a new model that cannot be read": (START, layout("n", "1", MLmodel=CONFLICT), 1, [("not-judged", "unknown")]),
    "a new model without signature": (START, layout("n", "1", MLmodel=mlmodel()), 0, []),
    "a pointer of Git LFS": (
        START,
        {"m/2/MLmodel": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"},
        1,
        [("inputs-unreadable", "unknown")],
    ),
    "a removed version": (START, {"m/2": None}, 1, [("version-removed", "breaking")]),
    "a removed model": (START | layout("n", "1"), {"n": None}, 1, [("model-removed", "breaking")]),
    "a removed alias": (START, {"m/model.yaml": "description: x\n"}, 1, [("pointer-removed", "breaking")]),
    "an alias of nothing": (START, {"m/model.yaml": "aliases: {champion: 9}\n"}, 1, [("pointer-lost", "breaking")]),
    "an alias that moves to a version that breaks": (
        START | layout("m", "2", MLmodel=MORE),
        {"m/model.yaml": "aliases: {champion: 2}\n"},
        1,
        [("input-added", "breaking")],
    ),
    "an alias that moves to an equal version": (START, {"m/model.yaml": "aliases: {champion: 2}\n"}, 0, []),
    "a logged model that is gone": ({"loose/MLmodel": SIGNED, **START}, {"loose": None}, 0, []),
    "a loose model that was logged anew": (
        {"loose/MLmodel": mlmodel(COLUMNS, ONE, model_uuid="a" * 32), **START},
        {"loose/MLmodel": mlmodel([*COLUMNS, {"type": "double", "name": "x"}], ONE, model_uuid="b" * 32)},
        1,
        [("input-added", "breaking")],
    ),
    "a new model": (START, layout("n", "1"), 0, []),
    "a baseline that could not be read before": (
        START | {"m/1/MLmodel": CONFLICT},
        layout("m", "3"),
        1,
        [("not-judged", "unknown")],
    ),
    "a tag of a version without signature": (
        layout("m", "1", MLmodel=mlmodel()),
        {"m/1/tags.json": '{"team": "x"}', "m/1/README.md": "# A card\n"},
        0,
        [],
    ),
    "a tag of a version that cannot be read": (
        layout("m", "1", MLmodel=CONFLICT),
        {"m/1/tags.json": '{"team": "x"}'},
        0,
        [],
    ),
    "weights of a version without signature": (
        layout("m", "1", MLmodel=mlmodel(), weights="a"),
        {"m/1/weights": "b"},
        1,
        [("inputs-unstated", "unknown")],
    ),
}  # fmt: skip
"""Files of BASE, the changes in HEAD, the exit code, and the rules of what callers meet."""


@pytest.mark.parametrize("case", CASES)
def test_a_change_between_two_revisions_has_a_verdict(case: str, tmp_path: Path) -> None:
    """Registries outside of git get the same one."""
    files, changes, code, expected = CASES[case]
    folder = commit(repository(tmp_path / "git", files), changes, "change")
    found = review(folder, "main", "change", code=code)
    assert [pair for pair in rules(found) if pair in expected] == expected
    assert bool(rules(found)) == bool(expected)
    assert found["passes"] == (code == 0)
    git(folder, "worktree", "add", "--quiet", str(tmp_path / "base"), "main")
    outside = review(folder, "../base", ".", code=code)
    assert (outside["findings"], outside["models"]) == (found["findings"], found["models"])


def test_the_work_tree_and_the_index_do_not_count(tmp_path: Path) -> None:
    """Nor are they touched."""
    folder = commit(repository(tmp_path, START), layout("m", "3"), "change")
    (folder / "m/3/MLmodel").write_text("nonsense")
    before = (folder / ".git/index").read_bytes()
    assert review(folder, "main", "change", code=0)["level"] == "safe"
    assert (folder / ".git/index").read_bytes() == before
    assert git(folder, "status", "--porcelain") == " M m/3/MLmodel\n"


def test_a_range_begins_where_the_branch_began(tmp_path: Path) -> None:
    """What main got meanwhile is no change of the branch."""
    folder = commit(repository(tmp_path, START), layout("m", "3"), "change")
    git(folder, "checkout", "--quiet", "main")
    commit(folder, layout("n", "1"))
    both = review(folder, "main...change", code=0)
    assert [model["name"] for model in both["models"]] == ["m"]
    assert [model["status"] for model in review(folder, "main..change", code=1)["models"]] == ["changed", "removed"]
    git(folder, "checkout", "--quiet", "change")
    assert review(folder, "main...", code=0) == both | {"head": both["head"].replace("change", "HEAD")}
    assert review(folder, "HEAD~1", code=0)["models"] == both["models"]


def test_a_new_version_is_judged_against_the_baseline_of_base(tmp_path: Path) -> None:
    """Although champion moves to it in the same change; the version before stands beside it."""
    files = layout("m", "1") | layout("m", "2", MLmodel=MORE) | CHAMPION
    changes = layout("m", "3", MLmodel=MORE) | {"m/model.yaml": "aliases: {champion: 3}\n"}
    folder = commit(repository(tmp_path, files), changes, "change")
    found = review(folder, "main", "change", code=1)
    (moved,) = found["moved"]
    assert (moved["name"], moved["old"], moved["new"], moved["against"]["level"]) == ("champion", "1", "3", "breaking")
    (new,) = found["models"][0]["versions"]
    assert (new["against"]["version"], new["against"]["pointer"], new["against"]["level"]) == (
        "1",
        "champion",
        "breaking",
    )
    assert (new["beside"]["version"], new["beside"]["level"]) == ("2", "safe")
    assert len([one for one in found["findings"] if one["rule"] == "input-added"]) == 1


def test_the_text_has_the_verdict_first_and_aliases_before_versions(tmp_path: Path) -> None:
    """Changed settings stand between."""
    changes = layout("m", "3", MLmodel=MORE) | {"m/model.yaml": "aliases: {champion: 3}\n"}
    changes |= {"sitegen.toml": "[metrics]\nbaseline = 'none'\n"}
    folder = commit(repository(tmp_path, START), changes, "change")
    lines = diff(folder, "main", "change").out.splitlines()
    assert lines[0] == "✕ Breaking: m @champion (1 finding)"
    order = [
        "Changed settings of the gate (they count from the next review on):",
        "Aliases and stages that move:",
        "Model m",
    ]
    assert [line for line in lines if line in order] == order
    assert "  metrics.baseline: champion → none" in lines


FAILS: dict[str, tuple[Changes, str]] = {
    "outputs": (layout("m", "3", MLmodel=MORE_OUTPUTS), "output-added"),
    "lossy": (layout("m", "3", MLmodel=WITHOUT_PARAM), "param-removed"),
    "regression": (layout("m", "3", MLmodel=PARAM, metrics_json='{"auc": 0.5}'), "metric-regression"),
    "problems": (layout("m", "3", MLmodel=PARAM, metrics_json='{"auc": '), "new-problem"),
    "any": ({"m/model.yaml": "aliases: {champion: 1}\ndescription: other\n"}, "model-changed"),
}


@pytest.mark.parametrize("topic", FAILS)
def test_more_may_fail_than_what_breaks(topic: str, tmp_path: Path) -> None:
    """Each topic adds its findings, and only these."""
    changes, rule = FAILS[topic]
    files = CHAMPION | layout("m", "1", MLmodel=PARAM, metrics_json='{"auc": 0.9}')
    folder = commit(repository(tmp_path, files), changes, "change")
    assert review(folder, "main", code=0)["passes"]
    for other in FAILS.keys() - {topic, "any"}:
        assert review(folder, "main", "--fail-on", other, code=0)["passes"], other
    found = review(folder, "main", "--fail-on", topic, code=1)
    assert rule in [one["rule"] for one in found["findings"] if one["fails"]]
    assert review(folder, "main", "--fail-on", f"{topic},never", code=0)["passes"]


def test_never_lets_what_breaks_pass(tmp_path: Path) -> None:
    """And says so."""
    folder = commit(repository(tmp_path, START), {"m/1/MLmodel": MORE}, "change")
    done = diff(folder, "main", "--fail-on", "never")
    assert (done.code, done.out.splitlines()[0]) == (0, "✓ Breaking; --fail-on never lets it pass")


def test_a_renamed_model_is_told_by_its_uuid(tmp_path: Path) -> None:
    """Calls by the old name fail."""
    own = mlmodel(COLUMNS, ONE, model_uuid="a" * 32)
    files = layout("old", "1", MLmodel=own) | layout("other", "1")
    folder = commit(repository(tmp_path, files), {"old": None, **layout("new", "1", MLmodel=own)}, "change")
    found = review(folder, "main", code=1)
    assert [(one["name"], one["status"], one["old_name"]) for one in found["models"]] == [("new", "renamed", "old")]
    assert rules(found) == [("model-renamed", "breaking")]


def test_a_renamed_version_is_told_by_its_files(tmp_path: Path) -> None:
    """Where no uuid says it."""
    files = START | layout("m", "2", weights="of two")
    folder = commit(repository(tmp_path, files), {"m/2": None, **layout("m", "3", weights="of two")}, "change")
    (model,) = review(folder, "main", code=1)["models"]
    assert [(one["version"], one["status"], one["old_version"]) for one in model["versions"]] == [("3", "renamed", "2")]


def test_models_of_one_name_have_findings_of_their_own(tmp_path: Path) -> None:
    """The new one is judged by nobody's calls."""
    changes = layout("m", "3", MLmodel=MORE)
    changes |= {f"other/{path}": text for path, text in (START | changes).items()}
    folder = commit(repository(tmp_path, START), changes, "change")
    assert diff(folder, "main").out.count("[input-added]") == 1
    report = ElementTree.fromstring(diff(folder, "main", "--format", "junit").out)
    failing = [test.get("name") for test in report.iter("testcase") if test.find("failure") is not None]
    assert failing == ["Breaking: m v3 (1 finding)", "v3 new version"]
    diff(folder, "main", "--format", "html", "--output", str(tmp_path / "review"))
    for page in (tmp_path / "review").rglob("*.html"):
        ids = re.findall(r' id="([^"]*)"', page.read_text(encoding="utf-8"))
        assert len(ids) == len(set(ids))


def test_a_renamed_version_is_judged_where_it_is_another_model(tmp_path: Path) -> None:
    """Anybody can write a model_uuid; to accept the new number is not to accept what callers meet."""
    old, new = (mlmodel(columns, ONE, model_uuid="a" * 32) for columns in (COLUMNS, [*COLUMNS, FEVER]))
    files = layout("m", "1") | layout("m", "2", MLmodel=old) | {"sitegen.toml": accept(rule="version-renamed")}
    folder = commit(repository(tmp_path, files), {"m/2": None, **layout("m", "3", MLmodel=new)}, "change")
    found = review(folder, "main", code=1)
    assert rules(found) == [("version-renamed", "breaking"), ("input-added", "breaking")]
    assert [one["rule"] for one in found["findings"] if one["fails"]] == ["input-added"]
    assert "v3: renamed, was v2, for callers of v2: ✕ breaking" in diff(folder, "main").out
    assert "| `inputs fever` |" in diff(folder, "main", "--format", "markdown").out


# --- accepts and settings ---------------------------------------------------------------------------------------


def accept(expires: str = "2026-12-31", **globs: str) -> str:
    """A sitegen.toml that accepts findings."""
    lines = [f'{key} = "{text}"' for key, text in globs.items()]
    return "\n".join(["[[diff.accept]]", *lines, 'reason = "agreed"', f"expires = {expires}", ""])


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1782864000")  # 2026-07-01


def test_what_base_accepts_does_not_fail(tmp_path: Path) -> None:
    """The report lists the accept, with its reason."""
    files = START | {"sitegen.toml": accept(model="m", rule="input-*")}
    folder = commit(repository(tmp_path, files), layout("m", "3", MLmodel=MORE), "change")
    found = review(folder, "main", code=0)
    assert (found["settings"], found["level"]) == ("main:sitegen.toml", "safe")
    assert [(one["rule"], one["reason"]) for one in found["accepts"]] == [("input-*", "agreed")]
    assert diff(folder, "main").out.startswith("✓ Breaking, and accepted: nothing fails\n")
    assert diff(folder, "main", "--format", "markdown").out.splitlines()[1] == "### ✕ Breaking, and accepted"


def test_an_accept_ends_after_its_last_day(tmp_path: Path) -> None:
    """Then it is listed as expired, and what it covered fails."""
    for expires, code in (("2026-07-01", 0), ("2026-06-30", 1)):
        files = START | {"sitegen.toml": accept(expires, rule="input-added")}
        folder = commit(repository(tmp_path / expires, files), layout("m", "3", MLmodel=MORE), "change")
        found = review(folder, "main", code=code)
        assert len(found["expired_accepts"]) == code


def test_an_expired_accept_fails_although_it_covers_nothing(tmp_path: Path) -> None:
    """Somebody must look at it again; the reason is told in each format, and `--fail-on never` lets it pass."""
    files = START | {"sitegen.toml": accept("2026-06-30", rule="output-removed")}
    folder = commit(repository(tmp_path / "git", files), {"README": "no model"}, "change")
    assert len(review(folder, "main", code=1)["expired_accepts"]) == 1
    assert "✕ Fails: 1 accept expired" in diff(folder, "main").out
    assert "check failed: 1 accept expired" in diff(folder, "main", "--format", "markdown").out
    assert diff(folder, "main", "--fail-on", "never").code == 0


def test_levels_and_ignored_findings_of_head_do_not_count(tmp_path: Path) -> None:
    """Those of BASE do, for new problems; a changed level or ignored finding is told like an accept."""
    off, warning = (f'[check]\nlevels = {{ json-syntax = "{one}" }}\n' for one in ("off", "warning"))
    changes = layout("m", "3", metrics_json='{"auc": ')
    ignore = '[[check.ignore]]\nmodel = "m"\nreason = "x"\nexpires = 2027-01-01\n'
    for name, before, after, code in (("strict", warning, off, 1), ("loose", off, warning, 0)):
        files = START | {"sitegen.toml": before}
        folder = commit(repository(tmp_path / name, files), changes | {"sitegen.toml": after + ignore}, "change")
        found = review(folder, "main", "--fail-on", "problems", code=code)
        assert [one["key"] for one in found["setting_changes"]] == ["check.ignore", "check.levels"]


def test_a_config_that_is_nowhere_is_refused(tmp_path: Path) -> None:
    """One that HEAD adds does not count yet, although BASE has none."""
    folder = commit(repository(tmp_path, START), {"new.toml": "[metrics]\nbaseline = 'x'\n"}, "change")
    done = diff(folder, "main", "--config", "typo.toml")
    assert (done.code, done.err) == (2, "sitegen: --config typo.toml exists neither here nor in a revision\n")
    (folder / "new.toml").unlink()
    found = review(folder, "main", "--config", "new.toml", code=0)
    assert found["settings"] == "defaults, since main has no new.toml"


def test_an_accept_of_head_does_not_count(tmp_path: Path) -> None:
    """It is listed as a changed setting, in revisions and in folders."""
    changes = layout("m", "3", MLmodel=MORE) | {"sitegen.toml": accept(model="*", rule="*")}
    folder = commit(repository(tmp_path / "git", START), changes, "change")
    found = review(folder, "main", code=1)
    assert found["settings"] == "defaults, since main has no sitegen.toml"
    assert [one["key"] for one in found["setting_changes"]] == ["diff.accept"]
    git(folder, "worktree", "add", "--quiet", str(tmp_path / "base"), "main")
    outside = review(tmp_path, "base", "git", code=1)
    assert outside["setting_changes"] == found["setting_changes"]


def test_a_broken_settings_file(tmp_path: Path) -> None:
    """Of BASE it stops the command; of HEAD it is a changed setting."""
    folder = commit(repository(tmp_path, START), {"sitegen.toml": "[diff\n"}, "change")
    assert review(folder, "main", code=0)["setting_changes"][0]["key"] == "sitegen.toml"
    done = diff(folder, "change", "main")
    assert done.code == 2
    assert "change:sitegen.toml: " in done.err


# --- where the registry is --------------------------------------------------------------------------------------


def test_a_registry_may_lie_in_a_folder_or_be_a_database(tmp_path: Path) -> None:
    """Which BASE need not have: then all is new."""
    folder = repository(tmp_path, {"README.md": "x"})
    commit(folder, {f"models/{path}": text for path, text in START.items()}, "folder")
    database(folder / "store/mlflow.db", registered("prices", {"champion": 1}), version("prices", 1))
    commit(folder, {}, "store")
    fill(folder / "store/mlflow.db", version("prices", 2))
    change(folder / "store/mlflow.db", "update registered_model_aliases set version = 2")
    commit(folder, {}, "second")
    first = review(folder, "main", "folder", "--registry", "models", code=0)
    assert [(one["name"], one["status"]) for one in first["models"]] == [("m", "added")]
    whole = review(folder, "main", "folder", code=0)
    assert whole["models"][0]["versions"][0]["path"] == "models/m/1/MLmodel"
    moved = review(folder, "store", "second", "--registry", "store/mlflow.db")["moved"]
    assert [(one["old"], one["new"]) for one in moved] == [("1", "2")]
    gone = review(folder, "folder", "main", "--registry", "models", code=1)
    assert [one["status"] for one in gone["models"]] == ["removed"]


def test_a_file_store_in_git(tmp_path: Path) -> None:
    """A registered version whose stage is Production is the baseline."""
    ids = ("1a" * 16, "2b" * 16)
    files = experiment("1", "prices") | run("1", ids[0])
    one = {"run_id": ids[0], "source": f"runs:/{ids[0]}/model", "current_stage": "Production"}
    two = {"run_id": ids[1], "source": f"runs:/{ids[1]}/model"}
    folder = repository(tmp_path, files | file_store("price", one))
    commit(folder, run("1", ids[1], model=MORE) | file_store("price", one, two), "change")
    found = review(folder, "main", "--registry", "mlruns", code=1)
    (new,) = found["models"][0]["versions"]
    assert (new["against"]["version"], new["against"]["pointer"]) == ("1", "Production")


def test_the_command_runs_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    """Its registry and settings are those of that folder."""
    files = {f"sub/{path}": text for path, text in START.items()} | {"sub/sitegen.toml": accept(rule="version-removed")}
    folder = commit(repository(tmp_path, files | layout("top", "1")), {"sub/m/2": None, "top": None}, "change")
    found = review(folder / "sub", "main", code=0)
    assert [one["name"] for one in found["models"]] == ["m"]
    assert found["settings"] == "main:sub/sitegen.toml"


@pytest.mark.parametrize("name", [":(top)m*", "m*", "[m]", "-x", "a b", "ü"])
def test_the_path_of_a_registry_is_no_pattern(name: str, tmp_path: Path) -> None:
    """Whatever git's pathspecs mean."""
    files = {f"{name}/{path}": text for path, text in START.items()} | layout("m", "1")
    folder = commit(repository(tmp_path, files), {f"{name}/m/2": None}, "change")
    found = review(folder, "main", f"--registry={name}", code=1)
    assert rules(found) == [("version-removed", "breaking")]


def test_a_revision_against_a_folder(tmp_path: Path) -> None:
    """What was not committed yet."""
    folder = repository(tmp_path, START)
    (folder / "m/1/MLmodel").write_text(MORE)
    assert rules(review(folder, "main", ".", code=1)) == [("input-added", "breaking")]


def test_a_revision_that_is_called_like_a_folder(tmp_path: Path) -> None:
    """With --registry a text is a revision first."""
    folder = repository(tmp_path, START)
    git(folder, "branch", "m")
    assert review(folder, "m", "HEAD", "--registry", ".", code=0)["base"].startswith("m ")


# --- what may be wrong ------------------------------------------------------------------------------------------

MISSING = {
    "no-such-branch": "unknown revision no-such-branch",
    "HEAD:m": "unknown revision HEAD:m",
    "": "'' is not the name of a revision",
    "main\nx": "unknown revision main",
    "/no/such/folder": "/no/such/folder does not exist",
    "--upload-pack=touch x": "unknown revision --upload-pack=touch x",
    "@{-1}x": "unknown revision",
    "https://example.invalid:1/": "",
}


@pytest.mark.parametrize("name", MISSING)
def test_an_unknown_revision(name: str, tmp_path: Path) -> None:
    """One sentence, and exit 2."""
    folder = repository(tmp_path, START)
    done = diff(folder, "--", name, "HEAD")
    assert (done.code, done.out) == (2, "")
    assert MISSING[name] in done.err
    assert done.err.count("\n") == 1
    assert not (folder / "x").exists()


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    """A branch that is not born yet has none."""
    (tmp_path / "none").mkdir()
    done = diff(tmp_path / "none", "main", "HEAD")
    assert done.code == 2
    assert done.err == "sitegen: main does not exist, and no revision is called so: there is no git repository\n"
    git(tmp_path, "init", "--quiet")
    done = diff(tmp_path, "HEAD", "HEAD")
    assert (done.code, done.err) == (2, "sitegen: HEAD: the branch has no commit yet\n")


@pytest.mark.parametrize("name", ["main", "main...change", "HEAD"])
def test_a_folder_with_the_name_of_a_revision_is_not_taken_for_it(name: str, tmp_path: Path) -> None:
    """A change could add a folder with a registry that has the same faults."""
    changes = layout("m", "3", MLmodel=MORE)
    changes |= {f"{name}/{path}": text for path, text in (START | changes).items()}
    folder = commit(repository(tmp_path, START), changes, "change")
    sides = [name] if "..." in name else ["main", "HEAD"]
    found = review(folder, *sides, "--registry", ".", code=1)
    assert [one["model"] for one in found["findings"] if one["fails"]] == ["m"]
    if name == "main":
        done = diff(folder, *sides)
        assert (done.code, done.out) == (2, "")
        assert "main is a revision of git and a path: say ./main for the path" in done.err
        assert review(folder, "./main", ".", code=0)["models"]
    else:
        assert review(folder, *sides, code=1)["findings"] == found["findings"]


def test_a_bare_repository_has_files_with_the_names_of_revisions(tmp_path: Path) -> None:
    """They are git's own, not registries."""
    folder = commit(repository(tmp_path / "git", START), layout("m", "3", MLmodel=MORE), "change")
    git(folder, "clone", "--quiet", "--bare", str(folder), str(tmp_path / "bare"))
    for sides in (["main"], ["main", "HEAD"], ["refs/heads/main", "refs/heads/change"], ["main...HEAD"]):
        assert rules(review(tmp_path / "bare", *sides, code=1)) == [("input-added", "breaking")]


def test_a_bare_repository_among_the_files_of_a_change_is_not_read(tmp_path: Path) -> None:
    """Git would find it before that of the work tree; its branches may say anything."""
    other = repository(tmp_path / "other", START)
    git(tmp_path, "clone", "--quiet", "--bare", str(other), "bare")
    files = {f"m/{path.relative_to(tmp_path / 'bare')}": path.read_bytes() for path in all_files(tmp_path / "bare")}
    changes = layout("m", "3", MLmodel=MORE) | {"m/refs/empty": ""} | files
    changes |= {f"m/{name}/{path}": text for name in ("main", "change") for path, text in START.items()}
    folder = commit(repository(tmp_path / "git", START), changes, "change")
    for inner in ("m", "m/refs"):
        for head in ("HEAD", "change"):
            done = diff(folder / inner, "main", head)
            assert (done.code, done.out) == (2, "")
            assert "m is a repository among the files of another one: run sitegen above it" in done.err
    assert rules(review(folder, "main", code=1)) == [("input-added", "breaking")]


def all_files(folder: Path) -> list[Path]:
    """The files below a folder but for the examples of hooks."""
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "hooks"]


def test_contents_whose_ids_begin_alike_differ(tmp_path: Path) -> None:
    """Two files of one size with the same 56 first bits of their ids take half a minute to find."""
    files = START | {"m/3/MLmodel": TWINS[0]}
    folder = commit(repository(tmp_path, files), {"m/3/MLmodel": TWINS[1]}, "change")
    ids = [git(folder, "rev-parse", f"{branch}:m/3/MLmodel")[:14] for branch in ("main", "change")]
    assert ids[0] == ids[1] and len(TWINS[0]) == len(TWINS[1])
    assert rules(review(folder, "main", code=1)) == [("input-required", "breaking")]


def test_a_shallow_clone_without_base(tmp_path: Path) -> None:
    """The message says what to fetch."""
    origin = commit(repository(tmp_path / "origin", START), layout("m", "3"))
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "clone")
    done = diff(tmp_path / "clone", "HEAD~1", "HEAD")
    assert done.code == 2
    assert "this clone is shallow" in done.err


def test_a_partial_clone_fetches_nothing(tmp_path: Path) -> None:
    """A blob that is not here is an error, although its owner could be asked."""
    origin = repository(tmp_path / "origin", START | layout("m", "1", MLmodel=OPTIONAL))
    git(origin, "config", "uploadpack.allowFilter", "true")
    commit(origin, {"m/1/MLmodel": MORE})
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{origin}", "clone")
    done = diff(tmp_path / "clone", "HEAD~1", "HEAD")
    assert done.code == 2
    assert "sitegen fetches nothing" in done.err


def test_submodules_and_links_are_not_followed(tmp_path: Path) -> None:
    """Neither to what is outside nor to what is inside."""
    inner = repository(tmp_path / "inner", layout("s", "1"))
    folder = repository(tmp_path / "git", START)
    git(folder, "submodule", "--quiet", "add", str(inner), "sub")
    (folder / "outside").symlink_to("/etc")
    (folder / "m/3").symlink_to("../sub")
    commit(folder, {}, "change")
    assert review(folder, "main", code=0)["models"] == []
    done = diff(folder, "main", "change", "--registry", "sub")
    assert (done.code, done.err) == (2, "sitegen: sub is a submodule in change, which is not followed\n")


LINKS = {
    "a version": ("m/3/MLmodel", "../../x"),
    "a version that links to a link": ("m/3/MLmodel", "../../y"),
    "aliases": ("m/model.yaml", "../x"),
    "a version out of the repository": ("m/3/MLmodel", "/etc/hostname"),
}


@pytest.mark.parametrize("case", LINKS)
def test_a_link_behind_which_a_model_may_lie_is_not_judged(case: str, tmp_path: Path) -> None:
    """A build of a checkout would read it. Nor is a new content of its target, which is no model by its name."""
    place, target = LINKS[case]
    folder = repository(tmp_path / "git", layout("m", "1") | {"x": SIGNED})
    (folder / "y").symlink_to("x")
    commit(folder, {})
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).symlink_to(target)
    commit(folder, {}, "linked")
    assert rules(review(folder, "main", code=1)) == [("source-unreadable", "unknown")]
    assert f"? {place}: a link, which is not followed in git" in diff(folder, "main").out
    assert review(folder, "HEAD", code=0)["findings"] == []
    commit(folder, {"x": MORE}, "changed")
    assert review(folder, "linked", code=0 if target.startswith("/") else 1)["models"] == []


def test_a_version_that_is_a_submodule_is_not_judged(tmp_path: Path) -> None:
    """Another commit of it is another content."""
    inner = repository(tmp_path / "inner", {"MLmodel": SIGNED})
    folder = repository(tmp_path / "git", START)
    git(folder, "submodule", "--quiet", "add", str(inner), "m/3")
    commit(folder, {}, "added")
    assert rules(review(folder, "main", code=1)) == [("source-unreadable", "unknown")]
    commit(inner, {"MLmodel": MORE})
    git(folder / "m/3", "pull", "--quiet")
    commit(folder, {}, "changed")
    assert rules(review(folder, "added", code=1)) == [("source-unreadable", "unknown")]
    assert review(folder, "changed", code=0)["findings"] == []


def test_a_hostile_repository_runs_nothing(tmp_path: Path) -> None:
    """Its settings name programs, its attributes filters."""
    folder = commit(repository(tmp_path / "git", START), layout("m", "3"), "change")
    script = tmp_path / "run"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "core.gitProxy", "core.editor"):
        git(folder, "config", key, str(script))
    git(folder, "config", "filter.x.smudge", str(script))
    git(folder, "config", "diff.x.textconv", str(script))
    git(folder, "config", "diff.x.command", str(script))
    git(folder, "config", "alias.ls-tree", f"!{script}")
    git(folder, "config", "core.hooksPath", str(tmp_path))
    (folder / ".gitattributes").write_text("* filter=x diff=x\n")
    assert review(folder, "main", code=0)["level"] == "safe"
    assert not (tmp_path / "ran").exists()


def test_the_cause_comes_before_what_follows_from_it(tmp_path: Path) -> None:
    """And what is no news for callers is not marked as compatible."""
    changes = {"m/2/MLmodel": "", "m/1/metrics.json": '{"auc": ', "m/model.yaml": "aliases: {champion: [1]}\n"}
    out = diff(commit(repository(tmp_path, START), changes, "change"), "main").out
    lines = [line.strip() for line in out.splitlines()]
    place = lines.index(
        "? m/2/MLmodel:1: cannot be judged: the file is empty (mlmodel-empty)  [not-judged]  (log the model again)"
    )
    assert lines[place + 1].startswith("? inputs: bmi, age → cannot be read  [inputs-unreadable]")
    assert lines[place + 2].startswith("? params: cannot be read  [params-unreadable]")
    assert any(line.startswith("! m/1/metrics.json:1:9: Expecting value (json-syntax)") for line in lines)


def test_a_version_with_the_label_of_another_is_called_by_its_name(tmp_path: Path) -> None:
    files = START | layout("m", "3", weights="x")
    folder = commit(repository(tmp_path, files), {"m/3": None, **layout("m", "v3", weights="x")}, "change")
    assert "v3: renamed, was 3\n" in diff(folder, "main").out


NAMES = ("@all", "#1", "</details>", "::error file=x::y", "-x", "a|b", "`code`", "##vso[task]", "ü\u202e", "a\nb")


@pytest.mark.parametrize("form", ["text", "json"])
def test_names_are_no_commands(form: str, tmp_path: Path) -> None:
    """Whatever folders are called."""
    files = START | {path: text for name in NAMES for path, text in layout(name.replace("/", "\\"), "1").items()}
    folder = commit(repository(tmp_path, START), files, "change")
    done = diff(folder, "main", "--format", form)
    assert done.code == 0
    assert not [line for line in done.out.splitlines() if line.startswith(("::", "##"))]
    assert "##vso" not in done.out
    assert "\u202e" not in done.out


def test_a_version_that_was_deleted_and_added_again_has_not_changed(tmp_path: Path) -> None:
    """Only the two ends count."""
    folder = commit(repository(tmp_path, START), {"m/2": None}, "change")
    commit(folder, layout("m", "2"))
    assert review(folder, "main", code=0)["models"] == []


def test_a_large_file_that_differs_is_not_called_unchanged(tmp_path: Path) -> None:
    """It has no hash, and the same size."""
    size = 16 * 2**20 + 1
    folder = repository(tmp_path, START | layout("m", "1", weights=b"a" * size))
    commit(folder, layout("m", "1", weights=b"b" * size), "change")
    (model,) = review(folder, "main", code=0)["models"]
    assert model["versions"][0]["differs"] == ["files too large to compare"]

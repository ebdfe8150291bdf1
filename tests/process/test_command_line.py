"""What the commands say, to people and to programs, and what they refuse."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import sites
from tests.support.registries import layout, write

COMMANDS = ("build", "serve", "check", "compare")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_is_for_and_how_it_ends(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """argparse prints it and leaves."""
    with pytest.raises(SystemExit):
        sites.main([command, "--help"])
    said = capsys.readouterr().out
    assert said.startswith(f"usage: sitegen {command} ")
    assert "Exit code: 0 " in said


def test_python_runs_the_package() -> None:
    """As it runs pip."""
    done = subprocess.run([sys.executable, "-m", "sitegen", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("sitegen ")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_short_answer_that_cannot_be_written_is_told(form: str, tmp_path: Path) -> None:
    """It waits in memory until the command ends, and nobody may take half of it for the whole."""
    write(tmp_path, layout("m", "1"))
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with open("/dev/full", "w") as full:
        command = [*sites.SITEGEN, "check", str(tmp_path), "--format", form]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=buffered)
    assert (done.returncode, done.stderr) == (2, "sitegen: No space left on device\n")


def test_whoever_closes_the_streams_gets_the_exit_code(tmp_path: Path) -> None:
    """As jobs do that a system starts."""
    write(tmp_path, layout("m", "1"))
    for arguments, code in ((["check", str(tmp_path)], 0), (["build", str(tmp_path / "none")], 2)):
        command = shlex.join([*sites.SITEGEN, *arguments])
        done = subprocess.run(["sh", "-c", f"{command} >&- 2>&- <&-"], cwd=tmp_path)
        assert done.returncode == code


REFUSED = {
    "no processes": (("build", ".", "--jobs", "0"), "--jobs must be at least 1"),
    "fewer than none": (("build", ".", "--jobs", "-1"), "--jobs must be at least 1"),
    "no registry": (("build", ""), "name a registry: its place is empty"),
    "a file that is none": (
        ("build", "file"),
        "file has no tables of MLflow's; name the folder of a registry, or a database",
    ),
    "a file as a cache": (("build", ".", "--cache", "file"), "--cache file is a file, not a folder"),
    "a file as a cache of a check": (("check", ".", "--cache", "file"), "--cache file is a file, not a folder"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_usage_is_one_sentence(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And exit 2; nothing is made."""
    monkeypatch.chdir(write(tmp_path, layout("m", "1") | {"file": "x"}))
    arguments, message = REFUSED[case]
    assert sites.sitegen(*arguments) == sites.Outcome(2, "", f"sitegen: {message}\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "m"]


def test_problems_are_counted_in_words(tmp_path: Path) -> None:
    """One is not several."""
    write(tmp_path, {"m/1/MLmodel": "flavors: {}\nsignature: {inputs: '{'}\n"})
    *told, last, _ = sites.sitegen("check", tmp_path).out.split("\n")
    counts = {word: sum(f" {severity}[" in line for line in told) for severity, word in SEVERITIES.items()}
    assert counts["error"] == 1
    assert last == ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for word, number in counts.items())


SEVERITIES = {"error": "error", "warning": "warning", "info": "note"}


@pytest.mark.parametrize(("here", "registry"), [(".", "models"), ("models", "."), ("other", "../models")])
def test_annotations_name_files_as_github_sees_them(
    here: str, registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the folder where the command runs: that is the root of the repository, or below it."""
    write(tmp_path, {"models/m/1/MLmodel": "[", "other/x": ""})
    monkeypatch.chdir(tmp_path / here)
    (line,) = sites.sitegen("check", registry, "--format", "github").out.splitlines()
    place = line.partition("file=")[2].partition(",")[0]
    assert (Path.cwd() / place).read_text() == "["


def test_what_is_compared_by_value_is_not_told_as_a_file_too(tmp_path: Path) -> None:
    """The metric that differs is named, and the file that it stands in is not."""
    write(tmp_path, layout("m", "1", metrics_json='{"auc": 1}', notes="a"))
    write(tmp_path, layout("m", "2", metrics_json='{"auc": 2}', notes="b"))
    said = sites.sitegen("compare", tmp_path / "m/1", tmp_path / "m/2").out
    assert "auc" in said
    assert "notes" in said
    assert "metrics.json" not in said

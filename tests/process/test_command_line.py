"""What the commands say, to people and to programs, and what they refuse."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.cli.report import COMPARISON_FORMATS, DIAGNOSTIC_FORMATS, FORMATS, REVIEW_FORMATS
from tests.support import sites
from tests.support.options import ROOT
from tests.support.registries import layout, write

COMMANDS = ("init", "build", "serve", "check", "compare", "diff", "comment")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_is_for_and_how_it_ends(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """argparse prints it and leaves."""
    with pytest.raises(SystemExit):
        sites.main([command, "--help"])
    said = capsys.readouterr().out
    assert said.startswith(f"usage: sitegen {command} ")
    assert "Exit code: 0 " in said


FORMATS_OF = {"check": DIAGNOSTIC_FORMATS, "compare": COMPARISON_FORMATS, "diff": REVIEW_FORMATS}


@pytest.mark.parametrize("command", FORMATS_OF)
def test_the_readme_lists_the_formats_of_a_command(command: str) -> None:
    """The table of formats has the same names in the same order."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (formats,) = re.findall(rf"^`sitegen {command} .*--format ([a-z|]+)", readme, re.MULTILINE)
    assert formats.split("|") == list(FORMATS_OF[command])


@pytest.mark.parametrize(("command", "name"), [(command, name) for command in FORMATS_OF for name in FORMATS])
def test_a_command_takes_the_formats_that_print_its_result(command: str, name: str, tmp_path: Path) -> None:
    """And refuses the others as wrong usage; a format whose output is ASCII says so."""
    write(tmp_path, layout("m", "1") | layout("m", "é") | {"m/1/MLmodel": "flavors: {日本\n"})
    write(tmp_path / "base", layout("m", "1"))
    arguments = {
        "check": [str(tmp_path)],
        "compare": [str(tmp_path / "m/é"), str(tmp_path / "m/1")],
        "diff": [str(tmp_path / "base"), str(tmp_path)],
    }[command]
    arguments += ["--output", str(tmp_path / "pages")] if name == "html" else []
    done = sites.sitegen(command, *arguments, "--format", name)
    if name not in FORMATS_OF[command]:
        assert (done.code, done.out) == (2, "")
        assert f"argument --format: invalid choice: '{name}'" in done.err
        return
    assert done.code == 1
    assert len(done.out) > 40
    assert FORMATS[name].ascii_only <= done.out.isascii()


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
    "no registry": (("build", ""), "REGISTRY is empty: name a folder, a database or a URL"),
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
    *told, last, _ = sites.sitegen("check", tmp_path, *sites.READING).out.split("\n")
    counts = {word: sum(f" {severity}[" in line for line in told) for severity, word in SEVERITIES.items()}
    assert counts["error"] == 1
    problems = ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for word, number in counts.items())
    assert last == f"1 model, 1 version: {problems}"


@pytest.mark.parametrize("form", DIAGNOSTIC_FORMATS)
def test_a_check_says_how_much_it_read(form: str, tmp_path: Path) -> None:
    """On standard error where standard output is for programs."""
    write(tmp_path, layout("m", "1") | layout("m", "2") | layout("n", "1"))
    done = sites.sitegen("check", tmp_path, *sites.READING, "--format", form)
    said = done.out if form == "text" else done.err
    assert said.splitlines()[-1].removeprefix("sitegen: ") == "2 models, 3 versions: 0 errors, 0 warnings, 0 notes"


SEVERITIES = {"error": "error", "warning": "warning", "info": "note"}


@pytest.mark.parametrize(("here", "registry"), [(".", "models"), ("models", "."), ("other", "../models")])
def test_annotations_name_files_as_github_sees_them(
    here: str, registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the folder where the command runs: that is the root of the repository, or below it."""
    write(tmp_path, {"models/m/1/MLmodel": "[", "other/x": ""})
    monkeypatch.chdir(tmp_path / here)
    (line,) = sites.sitegen("check", registry, *sites.READING, "--format", "github").out.splitlines()
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

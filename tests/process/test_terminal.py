"""Output on any terminal: each command in each encoding ends with the same code, and without a traceback."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.cli.report.terminal import ASCII_MARKS
from sitegen.cli.report.words import GLYPHS
from tests.support import sites
from tests.support.registries import COLUMNS, ONE, SIGNED, mlmodel, write
from tests.support.terminals import on_terminal

ROOT = str(Path(__file__).parents[2])
ENCODINGS = ("cp1252", "gbk", "ascii", "utf-16")
FEW = ("a comparison that breaks", "a build", "an argument that is no text")
CALLS: dict[str, tuple[tuple[str, ...], int]] = {
    "a comparison that breaks": (("compare", "registry/modèle-日本/1", "registry/modèle-日本/2"), 1),
    "a comparison with itself": (("compare", "registry/modèle-日本/1", "registry/modèle-日本/1"), 0),
    "a comparison in markdown": (
        ("compare", "registry/modèle-日本/1", "registry/modèle-日本/2", "--format", "markdown"),
        1,
    ),
    "a check": (("check", "registry", *sites.READING, "--fail-on", "warning"), 1),
    "annotations": (("check", "registry", *sites.READING, "--format", "github"), 0),
    "a build": (("build", "registry", "--output", "sité-日本"), 0),
    "a registry that is not there": (("build", "日本"), 2),
    "an argument that nobody knows": (("check", "registry", *sites.READING, "--日本"), 2),
    "an argument that is no text": (("compare", "\udcff", "\udcfe"), 2),
    "help": (("compare", "--help"), 0),
}
SETTINGS = {
    "no colour": {"NO_COLOR": "1"},
    "dumb": {"TERM": "dumb"},
    "narrow": {"COLUMNS": "1"},
    "no width": {"COLUMNS": "0"},
    "no locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "strict": {"PYTHONIOENCODING": "ascii:strict"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry whose names and problems need letters that many encodings lack."""
    place = tmp_path_factory.mktemp("terminal")
    more = mlmodel([*COLUMNS, {"type": "long", "name": "größe-日", "required": True}], ONE)
    files = {"1/MLmodel": SIGNED, "2/MLmodel": more, "model.yaml": "aliases: {x: 9}\n"}
    write(place, {f"registry/modèle-日本/{path}": text for path, text in files.items()})
    sites.warm(place / "cache")
    return place


def ran(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, with these variables."""
    return subprocess.run(
        [*sites.SITEGEN, *arguments],
        cwd=folder,
        env=sites.locale_free(PYTHONPATH=ROOT, XDG_CACHE_HOME=str(folder / "cache"), **environment),
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_command_ends_alike_in_each_encoding(call: str, encoding: str, folder: Path) -> None:
    """What is written can be read back in that encoding, and its ASCII says the same."""
    arguments, code = CALLS[call]
    done = ran(folder, *arguments, PYTHONIOENCODING=encoding)
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert (done.returncode, "Traceback" in err) == (code, False), err
    assert out or err
    assert not [letter for letter in out + err if "\ud800" <= letter <= "\udfff"]


@pytest.mark.parametrize("call", FEW)
@pytest.mark.parametrize("setting", SETTINGS)
def test_each_command_ends_alike_in_each_setting(call: str, setting: str, folder: Path) -> None:
    """Variables change looks, never exit codes."""
    arguments, code = CALLS[call]
    done = ran(folder, *arguments, **SETTINGS[setting])
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("call", ["a comparison that breaks", "a check"])
def test_json_is_the_same_bytes_in_each_encoding(call: str, encoding: str, folder: Path) -> None:
    """It is for programs: ASCII, whatever the terminal is."""
    arguments, code = CALLS[call]
    done = ran(folder, *arguments, "--format", "json", PYTHONIOENCODING=encoding)
    assert done.returncode == code
    assert json.loads(done.stdout.decode("ascii"))
    assert done.stdout == ran(folder, *arguments, "--format", "json").stdout


def test_marks_become_ascii_and_names_escapes(folder: Path) -> None:
    """Each mark keeps its meaning, and each name can be told from others."""
    arguments, _ = CALLS["a comparison that breaks"]
    said = ran(folder, *arguments, PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert "Python callers: x breaking" in said
    assert "outputs:        + compatible" in said
    assert "inputs gr\\xf6\\xdfe-\\u65e5: not there -> long" in said


@pytest.mark.parametrize("encoding", ["latin-1", "cp037", "iso2022_jp", "utf-8", "big5", "koi8-r"])
def test_a_comparison_ends_alike_in_more_encodings(encoding: str, folder: Path) -> None:
    """Those in which ASCII has other bytes, too."""
    arguments, code = CALLS["a comparison that breaks"]
    done = ran(folder, *arguments, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (code, b"")
    assert "breaking" in done.stdout.decode(encoding)


def test_each_mark_of_a_comparison_has_its_own_ascii() -> None:
    """One that stood for two verdicts would tell neither."""
    shown = [ASCII_MARKS.get(mark, mark) for mark in GLYPHS.values()]
    assert len(set(shown)) == len(GLYPHS)
    assert all(mark.isascii() for mark in shown)


def test_a_user_chooses_what_is_done_with_letters_that_cannot_be_written(folder: Path) -> None:
    """`PYTHONIOENCODING=ascii:replace` is obeyed."""
    arguments, code = CALLS["a comparison that breaks"]
    done = ran(folder, *arguments, PYTHONIOENCODING="ascii:replace")
    assert (done.returncode, b"\\u65e5" in done.stdout) == (code, False)


@pytest.mark.parametrize("call", FEW)
@pytest.mark.parametrize(
    "redirection", [">&-", "2>&-", ">&- 2>&-", "| head -c 1 >/dev/null", "2>&1 | true", "2>/dev/full"]
)
def test_a_reader_who_has_gone_changes_no_exit_code(redirection: str, call: str, folder: Path) -> None:
    """The code is that of the judgement: a pipeline with `pipefail` sees what the gate found."""
    arguments, code = CALLS[call]
    command = shlex.join([*sites.SITEGEN, *arguments])
    script = f"set -o pipefail; {command} {redirection}"
    environment = sites.locale_free(PYTHONPATH=ROOT, XDG_CACHE_HOME=str(folder / "cache"))
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_comparison_that_cannot_be_written_is_no_finding(form: str, folder: Path) -> None:
    """Exit 2: nobody may take half of it for the whole, nor a full disk for a model that breaks."""
    arguments, _ = CALLS["a comparison that breaks"]
    with open("/dev/full", "w") as full:
        command = [*sites.SITEGEN, *arguments, "--format", form]
        done = subprocess.run(command, cwd=folder, env=sites.locale_free(PYTHONPATH=ROOT), stdout=full, check=False)
    assert done.returncode == 2


@pytest.mark.parametrize("setting", [{}, {"PYTHONIOENCODING": "ascii"}, {"TERM": "dumb"}, {"COLUMNS": "3"}])
def test_a_progress_bar_fits_each_terminal(
    setting: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bar is drawn in what the encoding has."""
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    code, written = on_terminal(folder, "build", "registry", "--output", folder / "bar", "--cache", folder / "own")
    assert (code, b"Traceback" in written) == (0, False), written
    assert b"2 versions" in written


MANY = {f"churn/{number}/MLmodel": SIGNED for number in range(1, 6)}
MANY |= {f"churn/{number}/requirements.txt": "pandas\n" for number in range(1, 6)}
MANY |= {"churn/6/MLmodel": "flavors: {"}


def test_a_terminal_shows_problems_of_one_rule_together(tmp_path: Path) -> None:
    """With an example that names the version, in colours, errors first; --verbose lists all."""
    write(tmp_path / "registry", MANY)
    code, written = on_terminal(tmp_path, "check", "registry", *sites.READING)
    *_, error, loose, hint, last = written.decode().splitlines()
    assert code == 1
    assert error.startswith("churn/6/MLmodel:2:1: \x1b[1;31merror\x1b[0m[yaml-syntax]: churn v6: ")
    assert (
        "[requirement-loose]: 5 files, e.g. churn/1/requirements.txt:1: churn v1: pandas has no fixed version" in loose
    )
    assert hint == "--verbose lists all."
    assert last.startswith("1 model, 6 versions: ")
    verbose = on_terminal(tmp_path, "check", "registry", *sites.READING, "--verbose")[1].decode()
    assert verbose.count("[requirement-loose]") == 5
    assert "--verbose" not in verbose


def test_a_pipe_gets_every_problem_without_colours(tmp_path: Path) -> None:
    write(tmp_path / "registry", MANY)
    written = ran(tmp_path, "check", "registry", *sites.READING).stdout.decode()
    assert written.count("[requirement-loose]: churn v") == 5
    assert "\x1b" not in written


@pytest.mark.parametrize("name", ["NO_COLOR", "TERM"])
def test_a_user_may_have_no_colours(name: str, tmp_path: Path) -> None:
    write(tmp_path / "registry", MANY)
    assert b"\x1b" not in on_terminal(tmp_path, "check", "registry", *sites.READING, **{name: "dumb"})[1]

"""`sitegen compare` as a gate: what it cannot judge never passes, and it says why with file, line and rule."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import sites
from tests.support.confined import confined
from tests.support.registries import COLUMNS, ONE, SIGNED, mlmodel, registered, write

PYFUNC = "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n"
SIGNATURE = 'signature:\n  inputs: \'[{"name": "bmi", "type": "double"}]\'\n  outputs: \'[{"type": "double"}]\'\n'
CONFLICT = f"<<<<<<< HEAD\n{SIGNED}=======\n{SIGNED}>>>>>>> branch\n"


def signature(inputs: str, outputs: str = '[{"type": "double"}]', params: object = ()) -> str:
    """An MLmodel file with these texts as parts of its signature, in the lines 5, 6 and 7."""
    last = params if isinstance(params, str) else json.dumps(params)
    return f"{PYFUNC}signature:\n  inputs: '{inputs}'\n  outputs: '{outputs}'\n  params: '{last}'\n"


LOST: dict[str, tuple[str | bytes, str, int]] = {
    "nothing": ("", "mlmodel-empty", 1),
    "only a comment": ("# nothing\n", "mlmodel-empty", 1),
    "a list": ("- a\n", "mlmodel-shape", 1),
    "a text": ("flavors\n", "mlmodel-shape", 1),
    "an open bracket": ("flavors: [unclosed\n", "yaml-syntax", 2),
    "a merge conflict": (CONFLICT, "merge-conflict", 1),
    "a conflict further down": (PYFUNC + CONFLICT, "merge-conflict", 4),
    "UTF-16": (SIGNED.encode("utf-16"), "encoding", 1),
    "Latin-1": (b"flavors: {}\nmetadata: \xe9\n", "encoding", 2),
    "bytes of a pickle": (b"\x80\x04\x95\x00\x00", "encoding", 1),
    "NUL bytes": (SIGNED.encode() + b"\0", "encoding", SIGNED.count("\n") + 1),
    "a pointer of Git LFS": ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "lfs-pointer", 1),
    "more than is read": ("#" * (9 * 2**20), "too-large", 1),
    "two documents": (f"{SIGNED}---\n{SIGNED}", "yaml-syntax", SIGNED.count("\n") + 1),
    "nested without end": ("a: " + "[" * 100, "yaml-limit", 1),
}
"""Texts of which nothing can be read, with the rule and the line."""

REFUSED: dict[str, tuple[str, str, int]] = {
    "no flavor": (f"artifact_path: x\n{SIGNATURE}", "pyfunc-missing", 1),
    "flavors that are a list": (f"flavors: [python_function]\n{SIGNATURE}", "mlmodel-refused", 1),
    "another flavor alone": (f"flavors:\n  sklearn: {{}}\n{SIGNATURE}", "pyfunc-missing", 2),
    "python_function without content": (f"flavors:\n  python_function:\n{SIGNATURE}", "pyfunc-missing", 2),
    "no loader": (f"flavors:\n  python_function:\n    env: x\n{SIGNATURE}", "mlmodel-refused", 3),
    "a signature that is a list": (f"{PYFUNC}signature: [1]\n", "mlmodel-refused", 4),
    "a date that is none": (f"{PYFUNC}{SIGNATURE}utc_time_created: 2024-13-45\n", "mlmodel-refused", 7),
    "a field named by a number": (f"{PYFUNC}{SIGNATURE}1: x\n", "mlmodel-refused", 7),
    "a tag of Python": (f"{PYFUNC}{SIGNATURE}x: !!python/object:os.system {{}}\n", "mlmodel-refused", 7),
    "a tag of nobody": (f"{PYFUNC}{SIGNATURE}metadata:\n  x: !foo bar\n", "mlmodel-refused", 8),
    "an equals sign": (f"{PYFUNC}{SIGNATURE}x: =\n", "mlmodel-refused", 7),
    "env_vars that are a text": (f"{PYFUNC}{SIGNATURE}env_vars: x\n", "mlmodel-refused", 7),
    "a conflict inside of a text": (
        f'{PYFUNC}{SIGNATURE}metadata: "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"\n',
        "merge-conflict",
        8,
    ),
    "inputs that are no JSON": (signature("[{"), "signature-json", 5),
    "inputs that are null in JSON": (signature("null"), "signature-shape", 5),
    "inputs without an item": (signature("[]"), "signature-refused", 5),
    "an unknown type": (signature('[{"type": "int64", "name": "a"}]'), "signature-refused", 5),
    "an unknown dtype": (
        signature('[{"type": "tensor", "tensor-spec": {"dtype": "float7", "shape": [-1]}}]'),
        "signature-refused",
        5,
    ),
    "an output of an unknown type": (signature('[{"type": "long"}]', '[{"type": "Long"}]'), "signature-refused", 6),
    "the key of MLflow 2.4": (
        signature('[{"type": "long", "name": "a", "optional": true}]'),
        "signature-refused",
        5,
    ),
    "params that are no JSON": (
        signature(json.dumps(COLUMNS), params="{"),
        "signature-json",
        7,
    ),
    "a param twice": (
        signature(json.dumps(COLUMNS), params=[{"name": "p", "type": "long", "default": 1}] * 2),
        "signature-refused",
        7,
    ),
    "a list without a default": (
        signature(json.dumps(COLUMNS), params=[{"name": "p", "type": "long", "default": None, "shape": [-1]}]),
        "signature-refused",
        7,
    ),
    "an object that its default is not": (
        signature(
            json.dumps(COLUMNS),
            params=[{"name": "p", "type": "object", "default": {"b": 1}, "properties": {"a": {"type": "long"}}}],
        ),
        "signature-refused",
        7,
    ),
}
"""Texts that can be read, but that MLflow does not load as python_function."""

UNSTATED: dict[str, str] = {
    "no signature": mlmodel(),
    "a signature without outputs": mlmodel(COLUMNS),
    "a signature without inputs": mlmodel(None, ONE),
}
"""Models that MLflow loads, and whose calls nobody knows."""

GOOD: dict[str, str] = {
    "the model itself": SIGNED,
    "a byte order mark": f"\ufeff{SIGNED}",
    "two columns of one name": mlmodel([*COLUMNS, COLUMNS[0]], ONE),
    "fields that nobody knows": mlmodel(COLUMNS, ONE, anything={"a": [1]}),
    "a date without quotes": f"{SIGNED}utc_time_created: 2024-01-31 10:00:00\n",
}


def pair(folder: Path, old: str | bytes, new: str | bytes) -> tuple[Path, Path]:
    """Two model folders."""
    write(folder, {"old/MLmodel": old, "new/MLmodel": new})
    return folder / "old", folder / "new"


@pytest.mark.parametrize("case", LOST | REFUSED)
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_new_model_that_cannot_be_judged_fails(case: str, form: str, tmp_path: Path) -> None:
    """With the file, the line and the rule, in each format; a file named by itself, too."""
    text, rule, line = (LOST | REFUSED)[case]
    old, new = pair(tmp_path, SIGNED, text)
    for place in (new, new / "MLmodel"):
        done = sites.sitegen("compare", old, place, "--format", form)
        assert (done.code, done.err) == (1, "")
        if form == "json":
            answer = json.loads(done.out)
            assert set(answer["verdict"].values()) <= {"unknown", "breaking"}
            found = [(one["side"], one["rule"], one["path"], one["line"]) for one in answer["problems"]]
            assert ("new", rule, str(new / "MLmodel"), line) in found
        else:
            assert f"{new / 'MLmodel'}:{line}" in done.out
            assert f"{rule}" in done.out
            assert "NEW cannot be judged" in done.out


@pytest.mark.parametrize("case", LOST)
def test_an_old_model_that_cannot_be_read_is_no_source(case: str, tmp_path: Path) -> None:
    """Exit 2 with file, line and rule in one sentence: there is nothing to compare with."""
    text, rule, line = LOST[case]
    old, new = pair(tmp_path, text, SIGNED)
    done = sites.sitegen("compare", old, new)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"sitegen: OLD cannot be read: {old / 'MLmodel'}:{line}")
    assert done.err.endswith(f"({rule})\n")


@pytest.mark.parametrize("case", REFUSED)
def test_an_old_model_that_mlflow_refuses_leaves_the_step_unjudged(case: str, tmp_path: Path) -> None:
    """It can be read, so it is a source; nobody could call it, so nothing says whether callers break."""
    text, rule, line = REFUSED[case]
    old, new = pair(tmp_path, text, SIGNED)
    done = sites.sitegen("compare", old, new)
    assert (done.code, done.err) == (1, "")
    assert "OLD cannot be judged" in done.out
    assert f"{old / 'MLmodel'}:{line}" in done.out
    assert f"[{rule}]" in done.out


@pytest.mark.parametrize("case", UNSTATED)
def test_what_the_signature_does_not_state_does_not_pass(case: str, tmp_path: Path) -> None:
    """On either side, and on both."""
    text = UNSTATED[case]
    for old, new, side in ((SIGNED, text, "NEW"), (text, SIGNED, "OLD"), (text, text, "NEW")):
        done = sites.sitegen("compare", *pair(tmp_path, old, new))
        assert done.code == 1
        assert f"{side} cannot be judged" in done.out
        assert "[signature-missing]" in done.out


@pytest.mark.parametrize("case", GOOD)
def test_a_model_compared_with_itself_passes(case: str, tmp_path: Path) -> None:
    """Nothing that MLflow loads is refused for its looks."""
    done = sites.sitegen("compare", *pair(tmp_path, GOOD[case], GOOD[case]), "--format", "json")
    assert (done.code, json.loads(done.out)["problems"]) == (0, [])


PLACES: dict[str, Callable[[Path], object]] = {
    "a folder without MLmodel": lambda path: path.mkdir(),
    "a folder in its place": lambda path: (path / "MLmodel").mkdir(parents=True),
    "a link in circles": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a pipe that nobody writes": lambda path: os.mkfifo(path),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "an empty file": lambda path: path.touch(),
}


@pytest.mark.parametrize("make", PLACES.values(), ids=PLACES)
def test_a_place_that_holds_no_model_is_not_judged(make: Callable[[Path], object], tmp_path: Path) -> None:
    """As NEW it fails, as OLD it is no source; nothing waits."""
    ok = write(tmp_path, {"ok/MLmodel": SIGNED}) / "ok"
    make(tmp_path / "odd")
    done = sites.sitegen("compare", ok, tmp_path / "odd")
    assert (done.code, done.err) == (1, "")
    assert f"{tmp_path / 'odd'}" in done.out
    assert sites.sitegen("compare", tmp_path / "odd", ok).code == 2


@pytest.mark.parametrize("locked", ["odd", "odd/MLmodel"])
def test_a_model_that_may_not_be_read_is_not_judged(locked: str, tmp_path: Path) -> None:
    """Neither its folder nor its file."""
    write(tmp_path, {"ok/MLmodel": SIGNED, "odd/MLmodel": SIGNED})
    (tmp_path / locked).chmod(0)
    new, old = confined(tmp_path, "compare", "ok", "odd"), confined(tmp_path, "compare", "odd", "ok")
    (tmp_path / locked).chmod(0o700)
    assert (new.code, old.code) == (1, 2)
    assert "odd/MLmodel:1: error[unreadable]: " in new.out
    assert old.err.startswith("sitegen: OLD cannot be read: odd/MLmodel:1: ")


def test_a_place_where_nothing_is_is_wrong_usage(tmp_path: Path) -> None:
    """On either side: it is a typing mistake more often than a model that went."""
    ok = write(tmp_path, {"ok/MLmodel": SIGNED}) / "ok"
    for places in ((ok, tmp_path / "none"), (tmp_path / "none", ok)):
        done = sites.sitegen("compare", *places)
        assert (done.code, done.out, done.err) == (2, "", f"sitegen: {tmp_path / 'none'} does not exist\n")
    done = sites.sitegen("compare", "prices/3", "prices/4")
    assert done.code == 2 and "prices/3 does not exist" in done.err and "--registry" in done.err


def test_a_shell_may_hand_over_a_pipe(tmp_path: Path) -> None:
    """As `<(git show HEAD:model/MLmodel)` does."""
    write(tmp_path, {"MLmodel": SIGNED})
    reader, writer = os.pipe()
    os.write(writer, SIGNED.encode())
    os.close(writer)
    command = [*sites.SITEGEN, "compare", f"/dev/fd/{reader}", "MLmodel"]
    done = subprocess.run(command, cwd=tmp_path, pass_fds=[reader], capture_output=True, text=True, timeout=60)
    os.close(reader)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({"m/1/MLmodel": "version https://git-lfs.github.com/spec/v1\n"}, "lfs-pointer"),
        ({"m/1/MLmodel": "#" * (9 * 2**20)}, "too-large"),
        ({"m/1/MLmodel": SIGNED, "m/1/metrics.json": "version https://git-lfs.github.com/spec/v1\n"}, "lfs-pointer"),
        ({"m/1/MLmodel": CONFLICT}, "merge-conflict"),
    ],
)
def test_a_check_does_not_pass_what_it_did_not_read(files: dict[str, str], rule: str, tmp_path: Path) -> None:
    """Nor does a strict build."""
    write(tmp_path / "registry", files | {"ok/1/MLmodel": SIGNED})
    done = sites.sitegen("check", tmp_path / "registry", *sites.READING)
    assert done.code == 1
    assert f"error[{rule}]" in done.out
    place = ("build", tmp_path / "registry", "--output", tmp_path / "site")
    assert sites.sitegen(*place).code == 0
    assert sites.sitegen(*place, "--strict").code == 1


# --- versions of a registry by name ----------------------------------------------------------------------------


@pytest.mark.parametrize("case", LOST | REFUSED)
def test_a_version_of_a_registry_is_judged_as_its_folder_is(case: str, tmp_path: Path) -> None:
    """With file, line and rule: as NEW it fails; as OLD it is no source where nothing can be read."""
    text, rule, line = (LOST | REFUSED)[case]
    write(tmp_path, {"m/1/MLmodel": SIGNED, "m/2/MLmodel": text, "m/model.yaml": "aliases: {next: 2}\n"})
    done = sites.sitegen("compare", "--registry", tmp_path, "models:/m/1", "m@next")
    assert (done.code, done.err) == (1, "")
    assert "NEW cannot be judged" in done.out and f"m/2/MLmodel:{line}" in done.out and f"[{rule}]" in done.out
    done = sites.sitegen("compare", "--registry", tmp_path, "m/2", "m/1")
    assert done.code == (2 if case in LOST else 1)
    assert f"m/2/MLmodel:{line}" in done.out + done.err


def test_a_registered_version_without_files_is_not_judged(tmp_path: Path) -> None:
    """Its row in the registry is all there is."""
    write(tmp_path, {"m/1/MLmodel": SIGNED} | registered("lost", {"run_id": "1a" * 16, "source": "s3://gone/model"}))
    done = sites.sitegen("compare", "--registry", tmp_path, "m/1", "lost/1")
    assert (done.code, done.err) == (1, "")
    assert "NEW cannot be judged" in done.out
    assert sites.sitegen("compare", "--registry", tmp_path, "lost/1", "m/1").code == 2


ABSENT = {
    ("m/1", "n/1"): "no model is called n; models: m",
    ("m/1", "m/2"): "m has no version 2; versions: 1",
    ("m@champion", "m/1"): "m has no alias champion; there are no aliases",
}


@pytest.mark.parametrize("names", ABSENT)
def test_a_version_that_does_not_exist_is_wrong_usage(names: tuple[str, str], tmp_path: Path) -> None:
    """On either side, as for paths."""
    write(tmp_path, {"m/1/MLmodel": SIGNED})
    done = sites.sitegen("compare", "--registry", tmp_path, *names)
    assert done == sites.Outcome(2, "", f"sitegen: {ABSENT[names]}\n")


@pytest.mark.parametrize("name", ["models:/m/1", "m@champion"])
def test_a_name_needs_a_registry(name: str, tmp_path: Path) -> None:
    write(tmp_path, {"m/1/MLmodel": SIGNED})
    message = f"{name} is a version of a registry: name the registry by --registry"
    assert sites.sitegen("compare", name, tmp_path / "m/1") == sites.Outcome(2, "", f"sitegen: {message}\n")


def test_names_in_an_error_are_redacted(tmp_path: Path) -> None:
    write(tmp_path, {"someone@example.com/1/MLmodel": SIGNED})
    done = sites.sitegen("compare", "--registry", tmp_path, "x/1", "x/2")
    assert (done.code, "example.com" in done.err) == (2, False)

"""MLmodel files: fields of all versions of MLflow, and what each broken one costs; and the input example beside."""

import json
from collections import Counter

import pytest

from sitegen.domain.model import Example, Flavor
from sitegen.formats.file_roles import missing_files, role, roles
from sitegen.formats.input_example import parse_example
from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.text import decode

MLFLOW_1_0 = """
artifact_path: model
flavors:
  python_function:
    env: conda.yaml
    loader_module: mlflow.sklearn
    python_version: 3.6.8
run_id: 2d0f6bd4b3f24cc99b3a5f2cf6f1c8d0
utc_time_created: '2019-06-04 12:00:00.123456'
"""
MLFLOW_2 = """
artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    python_version: 3.10.4
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.4.2
mlflow_version: 2.13.1
model_size_bytes: 1234
model_uuid: 0123456789abcdef0123456789abcdef
prompts: null
run_id: 2d0f6bd4-b3f2-4cc9-9b3a-5f2cf6f1c8d0
signature:
  inputs: '[{"type": "double", "name": "bmi", "required": true}, {"type": "long", "name":
    "age", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1]}}]'
  params: null
utc_time_created: '2024-06-04 12:00:00.123456'
"""
MLFLOW_3 = """
artifact_path: file:///somewhere/mlruns/1/models/m-0123456789abcdef0123456789abcdef/artifacts
flavors: {}
is_signature_from_type_hint: true
metadata:
  team: {name: stores, size: 7}
mlflow_version: 3.2.0
model_id: m-0123456789abcdef0123456789abcdef
model_uuid: m-0123456789abcdef0123456789abcdef
prompts: null
run_id: 2d0f6bd4b3f24cc99b3a5f2cf6f1c8d0
utc_time_created: '2026-01-03 10:00:00.500000'
"""


def test_mlflow_1_0() -> None:
    """Four fields."""
    loaded = parse_mlmodel(MLFLOW_1_0, "MLmodel")
    model = loaded.value
    assert not loaded.problems
    assert model is not None
    assert (model.artifact_path, model.run_id) == ("model", "2d0f6bd4b3f24cc99b3a5f2cf6f1c8d0")
    assert model.created == 1559649600123
    assert model.flavors == (
        Flavor(
            name="python_function",
            keys={"env": "conda.yaml", "loader_module": "mlflow.sklearn", "python_version": "3.6.8"},
        ),
    )
    assert (model.signature, model.mlflow_version, model.model_uuid, model.size) == (None, None, None, None)


def test_mlflow_2() -> None:
    """A run id with dashes stays as it is; a signature is JSON folded over lines."""
    loaded = parse_mlmodel(MLFLOW_2, "MLmodel")
    model = loaded.value
    assert not loaded.problems
    assert model is not None
    assert [flavor.name for flavor in model.flavors] == ["python_function", "sklearn"]
    assert (model.mlflow_version, model.size) == ("2.13.1", 1234)
    assert model.run_id == "2d0f6bd4-b3f2-4cc9-9b3a-5f2cf6f1c8d0"
    assert model.signature is not None
    assert [column.name for column in model.signature.inputs or ()] == ["bmi", "age"]
    assert model.signature.kind == "columns"
    assert model.rest == {"prompts": None}


def test_mlflow_3() -> None:
    """A model id, no flavors, free metadata."""
    loaded = parse_mlmodel(MLFLOW_3, "MLmodel")
    model = loaded.value
    assert model is not None
    assert model.model_id == model.model_uuid == "m-0123456789abcdef0123456789abcdef"
    assert model.signature_from_type_hint
    assert model.metadata == {"team": {"name": "stores", "size": 7}}
    assert [found.rule for found in loaded.problems] == ["mlmodel-flavors"]


FLAVORS = "flavors: {python_function: {loader_module: x}}\n"
ODD = {
    "run_id: [1]": ("mlmodel-field", "run_id is not a text", 2),
    "model_uuid: {a: 1}": ("mlmodel-field", "model_uuid is not a text", 2),
    "mlflow_version: true": ("mlmodel-field", "mlflow_version is not a text", 2),
    "mlflow_version: 2.10": ("yaml-number", "mlflow_version is written as 2.10, read as the number 2.1", 2),
    "run_id: 007": ("yaml-number", "run_id is written as 007, read as the number 7", 2),
    "run_id: 12345678901234567890": ("yaml-number", "the number has more digits than fit 64 bits", 2),
    "utc_time_created: 'soon'": ("mlmodel-date", "utc_time_created 'soon' is no date", 2),
    "utc_time_created: '19-09-25T13:56:34.34.95'": (
        "mlmodel-date",
        "utc_time_created '19-09-25T13:56:34.34.95' is no date",
        2,
    ),
    "model_size_bytes: big": ("mlmodel-field", "model_size_bytes is not an integer", 2),
    "model_size_bytes: true": ("mlmodel-field", "model_size_bytes is not an integer", 2),
    "saved_input_example_info: [1]": ("mlmodel-field", "saved_input_example_info is not a mapping", 2),
    "signature: x": ("mlmodel-field", "signature is not a mapping", 2),
    "signature: {inputs: '[{'}": (
        "signature-json",
        "signature inputs: Expecting property name enclosed in double quotes at character 3",
        2,
    ),
    "signature: {inputs: 'null'}": ("signature-shape", "signature inputs is not a list", 2),
    "signature: {}": ("signature-refused", "inputs, outputs and params are all empty", None),
    "run_id: a\nrun_id: b": ("yaml-duplicate-key", "the key 'run_id' is there twice", 3),
    "run_id: !!python/name:os.system a": ("yaml-tag", "the tag '!!python/name:os.system' is not read", 2),
}


@pytest.mark.parametrize(("text", "expected"), ODD.items())
def test_an_odd_field_costs_itself(text: str, expected: tuple[str, str, int | None]) -> None:
    """One problem at its line; the file is read all the same."""
    loaded = parse_mlmodel(FLAVORS + text, "MLmodel")
    assert loaded.value is not None
    assert loaded.value.flavors
    assert [(found.rule, found.message, found.line) for found in loaded.problems] == [expected]


MANY = 20_000
HOSTILE = {
    "flavors that are no mappings": "flavors:\n" + "".join(f"  f{n}: 1\n" for n in range(MANY)),
    "versions without quotes": "flavors:\n  f:\n" + "".join(f"    x{n}_version: 1.10\n" for n in range(MANY)),
    "columns that are none": f"{FLAVORS}signature: {{inputs: '{list(range(MANY))}'}}",
    "params that are none": f"{FLAVORS}signature: {{params: '{list(range(MANY))}'}}",
    "params without default": f"{FLAVORS}signature: {{params: '{json.dumps([{'name': 'a', 'type': 'long'}] * MANY)}'}}",
    "columns of unknown types": f"{FLAVORS}signature: {{inputs: '{json.dumps([{'name': 'a', 'type': 'x'}] * MANY)}'}}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_thousands_of_mistakes_take_no_time(text: str) -> None:
    """Each took minutes where every mistake read the file anew. A few of a kind are told, and hide no other kind."""
    loaded = parse_mlmodel(text + "\nutc_time_created: soon", "MLmodel")
    found = Counter(one.rule for one in loaded.problems)
    assert found.pop("mlmodel-date") == 1
    found.pop("too-many-values", None)
    assert found.total() in (5, 21)  # five, or twenty and one that counts the others


NONE = {
    "": "mlmodel-empty",
    "\n\n": "mlmodel-empty",
    "# nothing": "mlmodel-empty",
    "- a": "mlmodel-shape",
    "text": "mlmodel-shape",
    "5": "mlmodel-shape",
    "a: [": "yaml-syntax",
    "a: b\n  c: d": "yaml-syntax",
    "[" * 100 + "]" * 100: "yaml-limit",
    "<html>\n<p>Not found</p>": "mlmodel-shape",
    "a: 1\n---\nb: 2": "yaml-syntax",
}


@pytest.mark.parametrize(("text", "rule"), NONE.items())
def test_what_is_no_mlmodel_is_one_problem(text: str, rule: str) -> None:
    """An error, because nothing can be said about the model."""
    loaded = parse_mlmodel(text, "MLmodel")
    assert loaded.value is None
    assert [(found.rule, found.severity) for found in loaded.problems] == [(rule, "error")]


FLAVOR_FORMS = {
    "flavors: {}": (),
    "flavors:": (),
    "flavors: {keras: }": (Flavor(name="keras", keys={}),),
    "flavors: {keras: {keras_version: 3.10}}": (Flavor(name="keras", keys={"keras_version": "3.10"}),),
    "flavors: {keras: {keras_version: 3}}": (Flavor(name="keras", keys={"keras_version": 3}),),
    "flavors: {promptflow: {version: 1.10}}": (Flavor(name="promptflow", keys={"version": "1.10"}),),
    "flavors: {hftransformersv2: {task: x, n: 1.5}}": (Flavor(name="hftransformersv2", keys={"task": "x", "n": 1.5}),),
    "flavors: [sklearn]": (),
    "flavors: {keras: x}": (Flavor(name="keras", keys={}),),
}


@pytest.mark.parametrize(("text", "flavors"), FLAVOR_FORMS.items())
def test_flavors(text: str, flavors: tuple[Flavor, ...]) -> None:
    """Unknown ones are kept; versions of libraries are texts."""
    loaded = parse_mlmodel(text, "MLmodel")
    assert loaded.value is not None
    assert loaded.value.flavors == flavors


def test_two_fields_may_share_an_anchor() -> None:
    """What a problem points at must not stop the build."""
    loaded = parse_mlmodel("flavors: &a {}\nmetadata: &a {x: 1}\nrun_id: [1]", "MLmodel")
    assert loaded.value is not None
    assert {found.rule for found in loaded.problems} == {"mlmodel-flavors", "mlmodel-field"}


BYTES = {
    b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n": ("lfs-pointer", None),
    b"\xff\xfea\x00": ("encoding", None),
    b"ok\n\xe9\n": ("encoding", 2),
    b"a\nb\nc\0": ("encoding", 3),
}


@pytest.mark.parametrize("data", BYTES)
def test_bytes_that_are_no_text_are_one_problem(data: bytes) -> None:
    """Pointers to content that was not checked out, other encodings, binary data."""
    loaded = decode(data, "MLmodel")
    assert loaded.value is None
    assert [(found.rule, found.line) for found in loaded.problems] == [BYTES[data]]


def test_a_byte_order_mark_is_no_text() -> None:
    """Editors on Windows write it."""
    assert decode(b"\xef\xbb\xbfa: 1", "MLmodel").value == "a: 1"
    assert decode(b"", "MLmodel").value == ""


# --- roles -----------------------------------------------------------------------------------------------------

SKLEARN = (
    Flavor(name="python_function", keys={"model_path": "model.pkl", "env": {"conda": "conda.yaml"}, "code": "code"}),
    Flavor(name="sklearn", keys={"pickled_model": "model.pkl"}),
    Flavor(name="pytorch", keys={"model_data": "data/"}),
    Flavor(name="transformers", keys={"model_binary": "https://host/model", "data": "/absolute"}),
)


def test_what_the_flavors_need_must_be_there() -> None:
    """Files and folders; addresses elsewhere are not looked for."""
    assert missing_files(SKLEARN, ["MLmodel", "code/x.py", "conda.yaml", "data/model.pth", "model.pkl"]) == {}
    assert missing_files(SKLEARN, ["MLmodel", "code.py", "data/x"]) == {
        "model.pkl": ["python_function", "sklearn"],
        "conda.yaml": ["python_function"],
        "code": ["python_function"],
    }


def test_thousands_of_needed_files_take_no_time() -> None:
    """This took a minute where each was looked for in all paths."""
    flavors = [Flavor(name=f"f{number}", keys={"data": f"folder{number}"}) for number in range(20_000)]
    paths = [f"folder{number}/a/b" for number in range(0, 40_000, 2)]
    assert len(missing_files(flavors, paths)) == 10_000


ROLES = {
    "MLmodel": "the model's metadata: how to load it, what goes in and comes out",
    "model.pkl": "trained model, pickled: loading it runs code",
    "code/x.py": "code that the model needs",
    "requirements.txt": "Python packages required to run the model",
    "metrics.json": "metrics",
    "metrics/val/loss": "metrics",
    "params.csv": "hyperparameters",
    "plots/roc.PNG": "image",
    "notes": "logged file",
    "sub/MLmodel": "logged file",
}


@pytest.mark.parametrize(("path", "name"), ROLES.items())
def test_the_role_of_a_file(path: str, name: str) -> None:
    """By what the flavors say, then by its name."""
    assert role(path, roles(SKLEARN)) == name


# --- the input example -----------------------------------------------------------------------------------------

EXAMPLES: dict[str, tuple[object, Example]] = {
    "a DataFrame": (
        {"columns": ["a", "b"], "data": [[1, "x"], [2.5, None]]},
        Example(columns=("a", "b"), rows=(("1", "x"), ("2.5", "null")), count=2),
    ),
    "a DataFrame without names": ({"data": [[1], [2]]}, Example(columns=(), rows=(("1",), ("2",)), count=2)),
    "an array": ([[1, 2], [3, 4]], Example(columns=(), rows=(("1", "2"), ("3", "4")), count=2)),
    "an array of three axes": ([[[1, 2]], [[3, 4]]], Example(columns=(), rows=(("[1, 2]",), ("[3, 4]",)), count=2)),
    "records": ([{"a": 1}, {"a": 2, "b": 3}], Example(columns=("a",), rows=(("1",), ("2",)), count=2)),
    "a mapping": ({"x": 1, "y": [1, 2]}, Example(columns=("x", "y"), rows=(("1", "[1, 2]"),), count=1)),
    "with params": (
        {"inputs": [[1]], "params": {"top": 3}},
        Example(columns=(), rows=(("1",),), count=1, params='{"top": 3}'),
    ),
    "one value": ("text", Example(columns=(), rows=(("text",),), count=1)),
    "many rows": ([[n] for n in range(100)], Example(columns=(), rows=tuple((str(n),) for n in range(5)), count=100)),
    "a long value": (["x" * 300], Example(columns=(), rows=(("x" * 8 + "…",),), count=1)),
    "many words": (["two " * 60], Example(columns=(), rows=(("two " * 49 + "…",),), count=1)),
    "many columns": (
        {"columns": [f"c{n}" for n in range(300)], "data": [list(range(300)), list(range(200))]},
        Example(
            columns=(*(f"c{n}" for n in range(200)), "…"),
            rows=((*map(str, range(200)), "…"), tuple(map(str, range(200)))),
            count=2,
        ),
    ),
    "many keys": (
        [{f"c{n}": n for n in range(300)}],
        Example(columns=(*(f"c{n}" for n in range(200)), "…"), rows=((*map(str, range(200)), "…"),), count=1),
    ),
    "a long name": ([{"x" * 300: 1}], Example(columns=("x" * 8 + "…",), rows=(("1",),), count=1)),
    "nothing": ([], Example(columns=(), rows=(), count=0)),
}


@pytest.mark.parametrize(("value", "example"), EXAMPLES.values(), ids=EXAMPLES)
def test_the_form_of_an_example(value: object, example: Example) -> None:
    """Five rows, and how many there are."""
    assert parse_example(json.dumps(value), "input_example.json").value == example

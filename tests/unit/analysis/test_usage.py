"""Code about how to use a version: it compiles, says what it needs, and takes the example where that fits.

`tests/mlflow/usage` runs it.
"""

import json
import re
import shlex
from dataclasses import replace

import pytest
import yaml

from sitegen.analysis.usage.address import Address, addresses
from sitegen.analysis.usage.cloud_names import cloud_names
from sitegen.analysis.usage.environment import environment_code
from sitegen.analysis.usage.native import NATIVE
from sitegen.analysis.usage.python import chat_note
from sitegen.analysis.usage.sample import fits, sample_call
from sitegen.analysis.usage.snippets import usage_of
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.model import Example, Flavor, LoggedFile, MLmodel, Model, Version
from sitegen.domain.signature import (
    AnyType,
    Array,
    Column,
    Json,
    Map,
    Object,
    Property,
    Scalar,
    Signature,
    Tensor,
    Type,
)

LONG, DOUBLE, TEXT = Scalar("long"), Scalar("double"), Scalar("string")
AGE, NOTE = Column(name="age", type=LONG), Column(name="note", type=TEXT, required=False)
TABLE = Signature(inputs=(AGE, NOTE), outputs=(AGE,))
MODEL = Model(name="m", kind="registered", address="models:/m")
PYFUNC = Flavor(name="python_function", keys={})


def version(signature: Signature | None = TABLE, *flavors: str, **fields: object) -> Version:
    """A version of a registry, with files."""
    known = (PYFUNC, *(Flavor(name=name, keys={}) for name in flavors))
    own = {"name": "3", "path": "mlruns/1/x/artifacts/model", "aliases": ("champion",)} | fields
    return Version(mlmodel=MLmodel(flavors=known, signature=signature), **own)  # type: ignore[arg-type]


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_version_has_an_address_always() -> None:
    """Of the registry, of each alias, of the folder; the one that stays comes first."""
    folder = "mlruns/1/x/artifacts/model"
    of_registry = [Address("version", "models:/m/3"), Address("alias", "models:/m@champion"), Address("folder", folder)]
    assert addresses(MODEL, version()) == tuple(of_registry)
    assert addresses(Model(name="m", kind="registered"), version()) == (Address("folder", folder),)
    logged = Model(name="e/m", kind="logged", store="mlruns")
    assert addresses(logged, version(model_id="m-1", aliases=()))[0] == Address("logged", "models:/m-1")
    assert addresses(logged, version(path=None)) == ()


@pytest.mark.parametrize("name", ['a "b"', "it's", "größe", "a\\b", "$(rm -rf x)", "a; b"])
def test_an_address_is_quoted(name: str) -> None:
    """As Python and as the shell read it."""
    usage = usage_of(Model(name=name, kind="registered"), version(path=name, aliases=()))
    line = next(line for line in usage.python[0].text.splitlines() if line.startswith("model = "))
    assert eval(line.partition("load_model(")[2][:-1]) == name
    words = shlex.split(usage.serving[0].text, comments=True)
    assert words[words.index("--model-uri") + 1] == name


# --- Python ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavor", NATIVE)
@pytest.mark.parametrize(
    "signature", [TABLE, None, Signature(inputs=(Column(name=None, type=Tensor("float32", (-1, 2))),))]
)
def test_code_of_each_flavor_compiles(flavor: str, signature: Signature | None) -> None:
    """And loads the version by MLflow; what the reader must provide is named in a comment."""
    usage = usage_of(MODEL, version(signature, flavor))
    assert len(usage.python) == len(usage.native) == 1
    for snippet in (*usage.python, *usage.native, *usage.spark):
        compile(snippet.text, flavor, "exec")
        assert "import mlflow\n" in snippet.text and '"models:/m/3"' in snippet.text and "\0" not in snippet.text
        assert all(f"# {need}" in snippet.text for need in snippet.needs)
    assert any(need.startswith("data:") for need in usage.python[0].needs) == (signature is None)


def test_the_example_is_the_data() -> None:
    """Its first row; an optional value that is null is not sent."""
    example = Example(columns=("age", "note"), rows=(("4", "null"), ("5", "x")), count=2)
    text = usage_of(MODEL, version(example=example)).python[0].text
    assert 'data = pd.DataFrame({"age": [4]})' in text
    assert 'pd.DataFrame({"age": [1], "note": ["text"]})' in usage_of(MODEL, version()).python[0].text


@pytest.mark.parametrize("cell", ["[redacted]", "4.5", "null", "99999999999999999999", "[1, 2, …", "true"])
def test_a_value_that_does_not_fit_is_made_up(cell: str) -> None:
    """So that the code runs."""
    example = Example(columns=("age", "note"), rows=((cell, "x"),), count=1)
    assert {cell.value for cell in sample_call(TABLE, example).cells} == {1, "x"}


@pytest.mark.parametrize(
    ("example", "words"),
    [
        (None, "made-up values"),
        (Example(columns=("age", "note"), rows=(("4", "x"),), count=1), ""),
        (Example(columns=("age", "note"), rows=(("4", "null"),), count=1), ""),
        (Example(columns=("age", "note"), rows=(("[redacted]", "x"),), count=1), "made-up values of 'age'"),
        (Example(columns=("note",), rows=(("x",),), count=1), "made-up values of 'age'"),
    ],
)
def test_made_up_values_are_said_to_be_made_up(example: Example | None, words: str) -> None:
    """In all code that has them, once."""
    usage = usage_of(MODEL, version(TABLE, "sklearn", example=example))
    comment = f"# {words}: replace them\n"
    for snippet in (*usage.python, *usage.native, *usage.spark, usage.serving[1], *usage.batch):
        assert snippet.text.count(comment) == snippet.text.count("made-up") == (1 if words else 0)
    assert usage.made_up == words
    assert usage.azure_note.endswith(f"request.json has {words}: replace them.") == bool(words)


def test_a_comment_about_made_up_values_stays_a_comment() -> None:
    """Whatever the names of the inputs hold; it names a few of them."""
    names = ("a\nimport os", "b\u2028c", "x" * 99, "d", "e", "age")
    signature = Signature(inputs=tuple(Column(name=name, type=LONG) for name in names))
    usage = usage_of(MODEL, version(signature, example=Example(columns=("age",), rows=(("1",),), count=1)))
    for snippet in (usage.python[0], usage.serving[1]):
        [comment] = [line for line in snippet.text.splitlines() if "made-up" in line]
        assert comment.startswith("# made-up values of 'a\\nimport os', 'b\\u2028c', 'xxxx")
        assert comment.endswith("and 2 more: replace them")


VALUES: tuple[tuple[Type, Json, bool], ...] = (
    (LONG, 3, True),
    (LONG, 3.0, False),
    (LONG, True, False),
    (Scalar("integer"), 2**40, False),
    (DOUBLE, 3, True),
    (Scalar("boolean"), 1, False),
    (Scalar("binary"), "dGV4dA==", True),
    (Scalar("binary"), "#", False),
    (Scalar("datetime"), "2026-01-31T10:00:00.123Z", True),
    (Scalar("datetime"), "yesterday", False),
    (Array(LONG), [1, 2], True),
    (Array(LONG), [], False),
    (Map(DOUBLE), {"a": 1.5}, True),
    (Object((Property("a", LONG), Property("b", TEXT, required=False))), {"a": 1}, True),
    (Object((Property("a", LONG),)), {}, False),
    (Object((Property("a", LONG),)), {"a": 1, "z": 2}, False),
    (AnyType(), [None], True),
    (Tensor("float32", (-1, 2)), [[1, 2.5]], True),
    (Tensor("float32", (-1, 2)), [[1, 2, 3]], False),
    (Tensor("float32", (-1,)), [[1]], False),
    (Tensor("uint8", (-1,)), [-1], False),
    (Tensor("int64", (-1,)), list(range(100)), False),
)


@pytest.mark.parametrize(("type", "value", "fit"), VALUES)
def test_values_fit_types(type: Type, value: Json, fit: bool) -> None:
    assert fits(type, value) is fit


def test_names_of_outputs_cannot_break_out_of_the_type() -> None:
    """Spark reads names in backticks."""
    outputs = tuple(Column(name=name, type=DOUBLE) for name in ("plain", 'a "b"', "it's `c`"))
    [snippet] = usage_of(MODEL, version(Signature(inputs=(AGE,), outputs=outputs))).spark
    assert 'plain: double, `a \\"b\\"`: double' in snippet.text.replace("\\'", "'") or '`a "b"`' in snippet.text
    compile(snippet.text, "spark", "exec")


@pytest.mark.parametrize("type", [Scalar("int64"), Array(Scalar("int64")), Object((Property("a", Scalar("x")),))])
def test_a_type_that_mlflow_does_not_know_gets_no_value(type: Type) -> None:
    """A file may state any: there is no request, and the data is the reader's."""
    usage = usage_of(MODEL, version(Signature(inputs=(Column(name="a", type=type),), outputs=(AGE,))))
    assert usage.refusal == "the signature does not say what the model takes"
    assert usage.python[0].needs[0].startswith("data:")


TASKS = {
    "agent/v1/responses": ('{"input": [{"role": "user", "content": "Hello"}]}', "An agent", "messages"),
    "agent/v1/chat": ('{"messages": [{"role": "user", "content": "Hello"}]}', "An agent", "messages"),
    "agent/v9/chat": ('{"messages": [{"role": "user", "content": "Hello"}]}', "An agent", "messages"),
    "llm/v1/chat": ('{"messages": [{"role": "user", "content": "Hello"}]}', "A chat model", "messages"),
    "llm/v1/completions": ('{"prompt": "Hello"}', "A completion model", "a prompt"),
    "llm/v2/embeddings": ('{"input": ["Hello"]}', "An embedding model", "texts"),
}


@pytest.mark.parametrize("task", TASKS)
def test_agents_and_chat_models_get_messages(task: str) -> None:
    """Also with a later number of the task; in Python and over REST."""
    data, kind, what = TASKS[task]
    chat = replace(version().mlmodel or MLmodel(), metadata={"task": task})
    usage = usage_of(MODEL, replace(version(), mlmodel=chat))
    assert f"data = {data}\n" in usage.python[0].text and not usage.spark
    assert shlex.split(usage.serving[1].text)[-1] == data
    assert chat_note(task) == f"{kind} ({task}): callers send {what}, not a table."


@pytest.mark.parametrize("task", ["regression", "agent/v1/chat/x", "agent/chat", "llm/v1/other"])
def test_other_tasks_get_tables(task: str) -> None:
    other = replace(version().mlmodel or MLmodel(), metadata={"task": task})
    assert "pd.DataFrame" in usage_of(MODEL, replace(version(), mlmodel=other)).python[0].text
    assert chat_note(task) == ""


def test_versions_share_the_texts_of_their_content() -> None:
    """The address alone differs."""
    first, second = (usage_of(MODEL, version(name=name)) for name in ("1", "2"))
    assert first.python[0].text.replace("models:/m/1", "models:/m/2") == second.python[0].text
    assert first.serving[1] is second.serving[1]


# --- requests --------------------------------------------------------------------------------------------------


def test_a_request_is_one_argument_of_curl() -> None:
    """Quotes in values stay in it."""
    example = Example(columns=("age", "note"), rows=(("4", 'it\'s "so"'),), count=1)
    request = usage_of(MODEL, version(example=example)).serving[1]
    sent = json.loads(shlex.split(request.text.replace("\\\n", ""))[-1])
    assert sent == {"dataframe_split": {"columns": ["age", "note"], "data": [[4, 'it\'s "so"']]}}


@pytest.mark.parametrize(
    ("type", "refusal"),
    [
        (
            Array(Scalar("float")),
            "the input x holds values of type float in a list or mapping, which MLflow refuses over REST",
        ),
        (Tensor("object", (-1,)), "the input x is an array of object, which JSON does not have"),
        (Tensor("uint8", (-1, 300, 300, 3)), "the input x is an array of 270,000 values, too many to print"),
    ],
)
def test_where_no_request_can_be_printed_the_reason_is(type: Type, refusal: str) -> None:
    usage = usage_of(MODEL, version(Signature(inputs=(Column(name="x", type=type),))))
    assert usage.refusal == refusal
    assert [one.title for one in usage.serving] == ["Serve over REST"]


# --- environments ----------------------------------------------------------------------------------------------

FILES = tuple(LoggedFile(path=path, size=1, role="") for path in ("MLmodel", "requirements.txt", "conda.yaml"))
PINS = Environment(python="3.11.7", requirements=(Requirement(name="mlflow", text="mlflow==3.17.2"),))


def commands(
    address: Address | None, environment: Environment = PINS, files: tuple[LoggedFile, ...] = FILES
) -> list[str]:
    """The last command of each tool that installs something."""
    found = environment_code(version(environment=environment, files=files), address)
    return [line for one in found for line in one.text.splitlines() if "install" in line or "conda env" in line]


def test_environments_come_from_the_files_of_the_version() -> None:
    """From its folder, or from a copy of what the registry has."""
    assert commands(Address("folder", "a b/3")) == [
        "uv pip install -r 'a b/3'/requirements.txt",
        "pip install -r 'a b/3'/requirements.txt",
        "conda env create --prefix ./.conda --file 'a b/3'/conda.yaml",
    ]
    found = environment_code(version(environment=PINS, files=FILES), Address("version", "models:/m/3"))
    assert [one.title for one in found] == ["uv", "venv", "conda"]
    for one in found:
        assert "mlflow artifacts download --artifact-uri models:/m/3 --dst-path model\n" in one.text
    assert "uv venv --python 3.11.7 .venv" in found[0].text and "python3.11 -m venv .venv" in found[1].text


def test_packages_are_listed_where_there_is_no_requirements_file() -> None:
    lines = ("mlflow", "pandas[excel]>=2, <3", "torch==2.1.0+cpu", "a_b.c~=1.0")
    several = Environment(requirements=tuple(Requirement(name="x", text=line) for line in lines))
    assert commands(None, several, ())[1] == "pip install mlflow 'pandas[excel]>=2, <3' torch==2.1.0+cpu 'a_b.c~=1.0'"
    assert commands(Address("folder", "m/3"), files=())[0] == "uv pip install mlflow==3.17.2"
    assert commands(None, files=())[1] == "pip install mlflow==3.17.2"


@pytest.mark.parametrize(
    "line", ["-e .", "./x.whl", "[redacted]", "a @ https://x/y", "a; rm", "a $(b)", "--index-url x"]
)
def test_lines_that_are_no_package_are_not_printed(line: str) -> None:
    """Nor is anything that a shell would run."""
    strange = Environment(requirements=(Requirement(name="x", text=line),))
    assert commands(None, strange, ()) == []


def test_packages_of_conda_are_left_to_conda() -> None:
    """`numpy=1.2` is no requirement of pip's."""
    conda = Environment(requirements=(Requirement(name="numpy", text="numpy=1.2", stated_in="conda.yaml"),))
    assert commands(Address("folder", "m"), conda, FILES[2:]) == [
        "conda env create --prefix ./.conda --file m/conda.yaml"
    ]


def test_a_strange_version_of_python_is_not_printed() -> None:
    found = environment_code(version(environment=replace(PINS, python="3 | sh")), None)
    assert "uv venv .venv" in found[0].text and "python3 -m venv" in found[1].text


# --- clouds ----------------------------------------------------------------------------------------------------


def test_fabric_scores_a_table_in_three_ways() -> None:
    """With the names and the number of the version; all three compile."""
    usage = usage_of(MODEL, version(TABLE, "sklearn"))
    assert [one.title for one in usage.fabric] == ["Transformer", "Spark SQL", "Function"]
    for one in usage.fabric:
        compile(one.text, one.title, "exec")
        assert 'columns = ["age", "note"]' in one.text and "# table: a Spark table with these columns" in one.text
    assert 'modelName="m", modelVersion=3' in usage.fabric[0].text and 'model = "m/3"' in usage.fabric[1].text
    assert "does not list" not in usage.fabric_note


def test_fabric_takes_no_arrays_lists_or_unnamed_columns() -> None:
    tensor = Signature(inputs=(Column(name=None, type=Tensor("float32", (-1, 2))),))
    lists, unnamed = (
        Signature(inputs=(column,)) for column in (Column(name="a", type=Array(LONG)), Column(name=None, type=LONG))
    )
    assert not any(usage_of(MODEL, version(one)).fabric for one in (tensor, lists, unnamed, None))
    assert "does not list the flavor spacy" in usage_of(MODEL, version(TABLE, "spacy")).fabric_note


@pytest.mark.parametrize(
    ("model", "name", "names"),
    [
        ("diabetes-regression", "4", ("diabetes-regression", "4", "diabetes-regression", "version-4")),
        ("main.ml.Churn Model", "1.2.0", ("main.ml.Churn-Model", "1.2.0", "main-ml-churn-model", "version-1-2-0")),
        ("größe/ab", "v2", ("gr-e-ab", "v2", "gr-e-ab", "version-v2")),
        ("42", "m-0123456789abcdef0123456789abcdef", ("42", "m-0123456789abcdef0123456789", "model-42", "version-m-0")),
        ("模型", "1", ("model", "1", "model", "version-1")),
    ],
)
def test_names_in_azure_have_its_signs(model: str, name: str, names: tuple[str, ...]) -> None:
    found = cloud_names(model, name)[3:]
    assert all(one.startswith(start) for one, start in zip(found, names, strict=True))
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", found[0]) and len(found[1]) <= 30
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{1,30}[a-z0-9]", one) for one in found[2:])


def test_azure_deploys_without_code() -> None:
    """Commands, a deployment of the documented fields, and a request in Azure's envelope."""
    commands, deployment, request = usage_of(MODEL, version()).azure
    assert "--type mlflow_model --path model" in commands.text and "--dst-path model" in commands.text
    assert yaml.safe_load(deployment.text) == {
        "$schema": "https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json",
        "name": "version-3",
        "endpoint_name": "model-m",
        "model": "azureml:m:3",
        "instance_type": "Standard_DS3_v2",
        "instance_count": 1,
    }
    assert json.loads(request.text) == {"input_data": {"columns": ["age", "note"], "index": [0], "data": [[1, "text"]]}}
    folder = usage_of(Model(name="m", kind="registered"), version()).azure[0].text
    assert "--path mlruns/1/x/artifacts/model" in folder and "--dst-path" not in folder


def test_azure_says_what_it_checks() -> None:
    notes = {
        TABLE: "1 required input with these names and types; note may be left out; other columns are ignored.",
        Signature(inputs=(Column(name=None, type=Tensor("float32", (-1, 2))),)): "1 input of these dtypes and shapes.",
        None: "no signature with inputs: Azure checks no request.",
    }
    assert all(
        usage_of(MODEL, version(one)).azure_note.split(" request.json has ")[0].endswith(note)
        for one, note in notes.items()
    )
    arrays = usage_of(MODEL, version(Signature(inputs=(Column(name="x", type=Tensor("int64", (-1,))),)))).azure
    assert json.loads(arrays[2].text) == {"input_data": {"x": [1]}}
    assert len(usage_of(MODEL, version(None)).azure) == 2


def test_a_model_that_streams_is_asked_to() -> None:
    """By Python and over REST; one that does not, or takes a table, is not."""
    flavor = Flavor(name="python_function", keys={"streamable": True})
    agent = MLmodel(flavors=(flavor,), metadata={"task": "agent/v1/responses"})
    usage = usage_of(MODEL, Version(name="1", path="a", mlmodel=agent))
    compile(usage.python[1].text, "stream", "exec")
    assert "model.predict_stream(data)" in usage.python[1].text
    words = shlex.split(usage.serving[2].text)
    assert json.loads(words[-1])["stream"] is True and "--no-buffer" in words
    quiet = replace(agent, flavors=(PYFUNC,))
    assert len(usage_of(MODEL, Version(name="1", path="a", mlmodel=quiet)).serving) == 2
    table = MLmodel(flavors=(flavor,), signature=TABLE)
    assert len(usage_of(MODEL, Version(name="1", path="a", mlmodel=table)).python) == 1

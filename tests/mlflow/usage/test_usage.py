"""Code on pages runs as it is printed: loading, predicting, payloads, and logging a model again."""

import html
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sitegen
from sitegen.analysis.usage.log_signature import log_signature, named_columns
from sitegen.analysis.usage.snippet import Snippet
from sitegen.analysis.usage.snippets import usage_of
from sitegen.domain.model import Model, Version
from tests.mlflow.payload.signatures import CASES, SCALARS, Case, column, mapping, tensor
from tests.mlflow.truth.asking import PYTHONS, VARIABLE, ask

pytestmark = pytest.mark.skipif(not PYTHONS, reason=f"{VARIABLE} names no Python that has MLflow")

SCRIPT = Path(__file__).parent / "mlflow_usage.py"
SAMPLE = Path(__file__).parents[3] / "sample_registry"

MORE = (
    Case("lists of each type", tuple(column({"type": "array", "items": {"type": one}}, one) for one in SCALARS)),
    Case("maps of each type", tuple(column(mapping(one), one) for one in SCALARS)),
    Case("each dtype", tuple(tensor(one, [-1, 2], one) for one in ("bool", "int8", "uint64", "float16", "str"))),
    Case("other dtypes", tuple(tensor(one, [-1, 2], one) for one in ("object", "bytes"))),
    Case("times", (tensor("datetime64", [-1, 2]),)),
    Case("an image", (tensor("uint8", [-1, 30, 30, 3]),)),
    Case("very many numbers", tuple(column("double", f"pixel {number}") for number in range(300))),
    Case("names that need quotes", tuple(column("string", name) for name in ('a "b"', "it's", "\\", "größe", "a\nb"))),
    Case("unnamed text", (column("string"),)),
)

FOREST, LINEAR = "RandomForestClassifier(3)", "LinearRegression()"
SETUP = {
    "model: your PythonModel": (
        "names.update(model=Classic(), X=ROWS)",
        "names.update(model=WithoutContext(), X=ROWS)",
    ),
    "model: the fitted model": (f"names.update(model={FOREST}.fit(ROWS, TARGET), X=ROWS)",),
    "data": ("names.update(data=ROWS)",),
}
"""What provides what a snippet needs, by the beginning of the need; each is tried."""

NO_REQUEST = frozenset(
    [
        "lists of each type",
        "maps of each type",
        "deep types",
        "other dtypes",
        "times",
        "an image",
        "no signature",
        "classic",
    ]
)
"""Models for which no payload is printed: MLflow has none, it is too large, or nobody knows what the model takes."""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models of many signatures, flavors and formats, and the sample registry."""
    folder = tmp_path_factory.mktemp("usage") / "models"
    shutil.copytree(SAMPLE, folder)
    signatures = {case.name: case.texts() for case in (*CASES, *MORE)}
    ask(PYTHONS[0], SCRIPT, "make", folder, lines=json.dumps(signatures))
    return folder


def is_on_mlflow_3(registry: Path) -> bool:
    return (registry / "agent").exists()


def for_this_mlflow(registry: Path, code: str) -> str:
    """The code; on MLflow 2 with the older argument for the name, as the glossary says."""
    return code if is_on_mlflow_3(registry) else code.replace('name="model"', 'artifact_path="model"')


def versions(registry: Path) -> Iterator[tuple[Model, Version]]:
    """The versions that this Python can load: others need fastai, or skops, which MLflow 2 does not know."""
    on_mlflow_3 = is_on_mlflow_3(registry)
    for model, version in sitegen.read(str(registry)).search():
        flavors = {flavor.name: flavor.keys for flavor in version.mlmodel.flavors} if version.mlmodel else {}
        skops = flavors.get("sklearn", {}).get("serialization_format") == "skops"
        if flavors and flavors.keys() <= {"python_function", "sklearn"} and (on_mlflow_3 or not skops):
            yield model, version


def runs(model: Model, version: Version) -> Iterator[tuple[Snippet, dict[str, Any]]]:
    """The Python snippets of a version, each with a way to run it."""
    usage = usage_of(model, version)
    for snippet in (*usage.python, *usage.native, log_signature(version), named_columns(version)):
        if snippet is None:
            continue
        setups = next((SETUP[start] for need in snippet.needs for start in SETUP if need.startswith(start)), (None,))
        for setup in setups:
            if "Schema(" in snippet.text and setup:
                setup = setup.replace("ROWS", "ROWS.to_numpy()")
            if model.name == "legacy-no-signature" and setup:
                setup = setup.replace("data=ROWS", "data=np.ones((1, 13))").replace(FOREST, LINEAR)
            if model.name == "times" and setup:
                setup = setup.replace("data=ROWS", 'data=np.array([["NaT"] * 2], "datetime64")')
            yield snippet, {"code": snippet.text, "setup": setup}


def lacks_streams(model: Model, snippet: Snippet) -> bool:
    """Whether the code needs an agent that answers in pieces, and this is another: MLmodel files do not tell."""
    return snippet.title == "Stream the answer" and model.name != "streaming"


def test_snippets_run_as_printed(registry: Path) -> None:
    """All Python code of all models, with what it says it needs."""
    found = [(model, version, *one) for model, version in versions(registry) for one in runs(model, version)]
    asked = [one[-1] | {"code": for_this_mlflow(registry, one[-1]["code"])} for one in found]
    answers = json.loads(ask(PYTHONS[0], SCRIPT, "run", registry, lines=json.dumps(asked)))
    failures = [
        f"{model.name} {version.name}: {snippet.title}\n{snippet.text}\n{answer}"
        for (model, version, snippet, _), answer in zip(found, answers, strict=True)
        if bool(answer) != lacks_streams(model, snippet) or (answer and "NotImplementedError" not in answer)
    ]
    assert not failures, "\n\n".join(failures)
    assert len(found) > 80


ABOUT = (
    "names.update(model=RandomForestClassifier(3), X_train=ROWS, y_train=TARGET)",
    "with mlflow.start_run() as run: mlflow.sklearn.log_model(LinearRegression().fit(ROWS, TARGET), 'model')\n"
    "names.update(run_id=run.info.run_id)",
)
"""What provides what the code of the glossary needs."""


def test_code_of_the_glossary_runs_as_printed(registry: Path) -> None:
    page = (Path(__file__).parents[3] / "templates/about.html").read_text(encoding="utf-8")
    codes = [html.unescape(code) for code in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)]
    asked = [
        {"code": for_this_mlflow(registry, code), "setup": setup} for code, setup in zip(codes, ABOUT, strict=True)
    ]
    assert json.loads(ask(PYTHONS[0], SCRIPT, "run", registry, lines=json.dumps(asked))) == [None, None]


def test_payloads_are_accepted(registry: Path) -> None:
    """What curl sends is what the server takes; a model without a payload is in the list."""
    asked, without = [], set()
    for model, version in versions(registry):
        usage = usage_of(model, version)
        requests = [one for one in usage.serving if one.title != "Serve over REST"]
        asked += ({"model": version.path, "payload": shlex.split(one.text)[-1]} for one in requests)
        if not requests:
            without.add(model.name)
            assert usage.refusal
    answers = json.loads(ask(PYTHONS[0], SCRIPT, "run", registry, lines=json.dumps(asked)))
    refused = [(*one.values(), answer) for one, answer in zip(asked, answers, strict=True) if answer]
    assert not refused, "\n".join(map(str, refused))
    assert without - {"legacy-no-signature"} == NO_REQUEST

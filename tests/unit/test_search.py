"""Searching and tabulating a registry in Python. `tests/mlflow/truth/test_search.py` asks MLflow about the same."""

import json
import math
from pathlib import Path

import pytest

import sitegen
from tests.support.registries import experiment, layout, mlmodel, registered, run, write


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> sitegen.Registry:
    """Three versions of one model, and one with a run."""
    files = {}
    for number in range(1, 4):
        metrics = {"rmse": 50 + number, "eval.f1": number / 10} | ({"rare": math.nan} if number == 3 else {})
        params = {"lr": f"0.{number}", "n": str(number * 4), "text": ["it's", "a_b", "AxB\nx"][number - 1]}
        tags = {"team": "risk", "a b": "c"} if number < 3 else {}
        texts = {name: json.dumps(pairs) for name, pairs in (("metrics_json", metrics), ("params_json", params))}
        files |= layout("m", str(number), **texts, tags_json=json.dumps(tags))
    id = "1a" * 16
    files |= experiment("1", "trial") | run(
        "1",
        id,
        metrics={"loss": "1767434400000 0.5 3\n"},
        model=mlmodel(),
        start_time=1767434400000,
        end_time=1767434460500,
    )
    files |= registered("r", {"run_id": id, "source": f"runs:/{id}/model", "current_stage": "Production"})
    files["mlruns/models/r/tags/owner"] = "pricing team"
    files["m/model.yaml"] = "tags: {owner: risk}\naliases: {champion: '2', live: '2', old: '1'}\n"
    return sitegen.read(str(write(tmp_path_factory.mktemp("search"), files)))


FOUND = {
    "": "m1 m2 m3 r1",
    "   ": "m1 m2 m3 r1",
    "metrics.rmse < 53 and METRICS.rmse >= 5.1e1": "m1 m2",
    "metrics.eval.f1 > .15": "m2 m3",
    "metrics.`eval.f1` = 0.1": "m1",
    'metrics."eval.f1" != 0.1': "m2 m3",
    "metrics.rare != 1": "m3",
    "metrics.rare IS NULL": "m1 m2 r1",
    "params.n = '12'": "m3",
    'params.text = "it\'s"': "m1",
    "params.text LIKE 'a_b'": "m2",
    "params.text ILIKE 'a_b%'": "m2 m3",
    "params.lr IN ('0.1', '0.3')": "m1 m3",
    "params.lr NOT  IN ('0.1')": "m2 m3",
    "tags.team != 'other'": "m1 m2",
    "tags.`a b` = 'c' AND name = 'm'": "m1 m2",
    "tags.team is null": "m3 r1",
    "name = 'r'": "r1",
    "version = '1'": "m1 r1",
    "experiment = 'trial' AND stage = 'Production'": "r1",
    "run_id IS NOT NULL": "r1",
    "version_number > 1": "m2 m3",
    "version_number <= 2 AND name = 'm'": "m1 m2",
    "source_path LIKE 'runs:/%/model'": "r1",
    "attributes.user_id = 'someone'": "r1",
    "user_id IS NULL": "m1 m2 m3",
    "model_tags.owner = 'risk'": "m1 m2 m3",
    "model_tag.owner ILIKE 'PRICING%' AND version_number = 1": "r1",
    "tags.owner IS NULL": "m1 m2 m3 r1",
    "inputs.age = 'long'": "m1 m2 m3",
    "input.age != 'long'": "",
    "inputs.age IS NULL": "r1",
    "inputs.zip IS NOT NULL": "",
    "alias = 'champion'": "m2",
    "alias != 'champion'": "m1",
    "alias IN ('champion', 'old')": "m1 m2",
    "alias NOT IN ('champion', 'old')": "",
    "alias LIKE 'l%'": "m2",
    "alias IS NULL": "m3 r1",
    "flavor = 'python_function' AND version_number = 1": "m1 r1",
    "flavor != 'python_function'": "",
}


@pytest.mark.parametrize("filter", FOUND)
def test_a_filter_finds(registry: sitegen.Registry, filter: str) -> None:
    """Versions with their models, in the order of those."""
    assert " ".join(model.name + version.name for model, version in registry.search(filter)) == FOUND[filter]


REFUSED = {
    "metrics.rmse": "the filter is not understood from here on: 'metrics.rmse'",
    "metrics.rmse <": "rmse < is not followed by a value",
    "metrics.rmse < 5 OR metrics.rmse > 7": "conditions are joined by AND; found 'OR metrics.rmse > 7'",
    "metrics.rmse < 5 AND": "nothing follows AND",
    "metrics.rmse = 'x'": "rmse is a number: compare it by < <= > >= = != with a number",
    "params.lr < '0.1'": "lr is a text: compare it by =, !=, LIKE, ILIKE, IN, NOT IN",
    "params.lr = 0.1": "the value of lr must be in quotes",
    "params.lr IN '0.1'": "IN takes a list in parentheses",
    "params.lr = ('0.1')": "= takes one value, not a list",
    "params.lr IS NULL 'x'": "IS NULL takes no value",
    "gone = 'x'": "gone is no attribute; there are name, version, source_path, stage, run_id, run_name, experiment, "
    "status, user_id, alias, flavor, version_number, created, start_time, end_time",
    "version_number = 'x'": "version_number is a number: compare it by < <= > >= = != with a number",
    "things.x = 'x'": "things.x is neither a metric, param, tag, model_tag, input nor attribute",
}


@pytest.mark.parametrize("filter", REFUSED)
def test_a_filter_that_is_not_understood_is_refused_by_one_sentence(registry: sitegen.Registry, filter: str) -> None:
    """It names what is wrong and what would be right."""
    with pytest.raises(sitegen.SitegenError) as refused:
        registry.search(filter)
    assert str(refused.value) == REFUSED[filter]


def test_a_table_has_the_columns_of_search_runs(registry: sitegen.Registry) -> None:
    """Keys behind metrics., params. and tags., numbers as floats, texts as texts, and nothing made up."""
    frame = registry.to_frame()
    first = ["model", "version", "kind", "created", "start_time", "end_time", "run_id", "run_name", "run_status"]
    first += ["experiment", "experiment_id", "artifact_uri", "stage", "aliases", "flavors"]
    metrics = ["metrics.eval.f1", "metrics.loss", "metrics.rare", "metrics.rmse"]
    params = ["params.lr", "params.n", "params.text", "tags.a b", "tags.team"]
    assert list(frame.columns) == [*first, *metrics, *params]
    assert {str(frame[name].dtype) for name in metrics} == {"float64"}
    assert frame["params.lr"].tolist() == ["0.1", "0.2", "0.3", None]
    assert frame["experiment"].tolist() == [None, None, None, "trial"]
    assert frame["metrics.rmse"].tolist()[:3] == [51, 52, 53]
    own = registry.get_registered_model("m").to_frame()
    assert own["model"].tolist() == ["m"] * 3


def test_models_are_searched_by_name_and_by_their_own_tags(registry: sitegen.Registry) -> None:
    found = {
        "": ["m", "r"],
        "name LIKE 'r%'": ["r"],
        "tags.owner = 'risk'": ["m"],
        "tags.owner != 'risk'": ["r"],
        "tags.team = 'risk'": [],
    }
    for filter, names in found.items():
        assert [model.name for model in registry.search_registered_models(filter)] == names
    with pytest.raises(sitegen.SitegenError, match=r"^models are searched by name and tags alone; rmse is neither$"):
        registry.search_registered_models("metrics.rmse < 60")


def test_the_run_of_a_version_is_in_its_row(registry: sitegen.Registry) -> None:
    """Times as timestamps; a version without a run has none of it."""
    *_, row = registry.to_frame().to_dict("records")
    assert (row["run_status"], row["experiment_id"]) == ("FINISHED", "1")
    assert (str(row["start_time"]), str(row["end_time"])) == (
        "2026-01-03 10:00:00+00:00",
        "2026-01-03 10:01:00.500000+00:00",
    )
    *others, _ = registry.to_frame()["start_time"].isna()
    assert all(others)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("file:///home/someone/mlruns/1/x/artifacts", "[private path]/artifacts"),
        ("C:\\Users\\someone\\mlruns\\artifacts", "[private path]/artifacts"),
        ("s3://key:hunter22@bucket/1/x/artifacts", "s3://[redacted]@bucket/1/x/artifacts"),
        ("mlflow-artifacts:/1/x/artifacts", "mlflow-artifacts:/1/x/artifacts"),
    ],
)
def test_the_address_of_artifacts_is_redacted(address: str, shown: str, tmp_path: Path) -> None:
    files = layout("m", "1") | experiment("1", "trial") | run("1", "1a" * 16, artifact_uri=address)
    registry = sitegen.read(str(write(tmp_path, files)))
    assert registry.to_frame()["artifact_uri"].tolist() == [None, shown]
    assert registry.models[-1].to_frame()["artifact_uri"].tolist() == [shown]

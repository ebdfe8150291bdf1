"""Searching and tabulating a registry in Python. `tests/mlflow/truth/test_search.py` asks MLflow about the same."""

import json
import math

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
    files |= experiment("1", "trial") | run("1", id, metrics={"loss": "1767434400000 0.5 3\n"}, model=mlmodel())
    files |= registered("r", {"run_id": id, "source": f"runs:/{id}/model", "current_stage": "Production"})
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
    "gone = 'x'": "gone is no attribute; there are name, version, run_id, run_name, experiment, stage, status, "
    "created, start_time, end_time",
    "things.x = 'x'": "things.x is neither a metric, param, tag nor attribute",
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
    first = ["model", "version", "kind", "created", "run_id", "run_name", "experiment", "stage", "aliases", "flavors"]
    metrics = ["metrics.eval.f1", "metrics.loss", "metrics.rare", "metrics.rmse"]
    params = ["params.lr", "params.n", "params.text", "tags.a b", "tags.team"]
    assert list(frame.columns) == [*first, *metrics, *params]
    assert {str(frame[name].dtype) for name in metrics} == {"float64"}
    assert frame["params.lr"].tolist() == ["0.1", "0.2", "0.3", None]
    assert frame["experiment"].tolist() == [None, None, None, "trial"]
    assert frame["metrics.rmse"].tolist()[:3] == [51, 52, 53]
    own = registry.get_registered_model("m").to_frame()
    assert own["model"].tolist() == ["m"] * 3

"""`registry.search` finds what MLflow's own search finds: asked where SITEGEN_MLFLOW_PYTHON names a Python with it."""

import json
from pathlib import Path

import pytest

import sitegen
from tests.mlflow.truth.asking import HERE, PYTHONS, VARIABLE, ask

pytestmark = pytest.mark.skipif(not PYTHONS, reason=f"{VARIABLE} names no Python that has MLflow")

RUNS = (
    "",
    "metrics.rmse < 53",
    "metrics.rmse <= 53",
    "metrics.rmse>53",
    "metric.rmse >= 53",
    "metrics.rmse = 53",
    "metrics.rmse != 53",
    "metrics.rmse = 5.3e1",
    "metrics.rmse < 53 AND metrics.rmse > 51",
    "metrics.rmse < 53 and params.n = '4'",
    "metrics.rmse < 53 OR params.n = '4'",
    "NOT metrics.rmse < 53",
    "(metrics.rmse < 53)",
    "metrics.eval.f1 > 0.3",
    "metrics.`eval.f1` > 0.3",
    'metrics."eval.f1" > 0.3',
    "metrics.`val loss` < -2",
    'metrics."val loss" <= -2.0',
    "metrics.val loss < -2",
    "metrics.bad = 1",
    "metrics.bad != 1",
    "metrics.gone != 1",
    "metrics.rmse = '53'",
    "metrics.rmse LIKE '5%'",
    "metrics.rmse IS NULL",
    "params.lr > '0.2'",
    "params.lr = '0.2'",
    "params.lr = 0.2",
    "params.lr != '0.2'",
    "param.n = '8'",
    "parameters.n = '8'",
    "params.n = '08'",
    "params.n > '4'",
    'params.text = "it\'s"',
    "params.text = 'say \"x\"'",
    "params.text LIKE '100%'",
    "params.text LIKE 'a_b'",
    "params.text LIKE 'A_B'",
    "params.text ILIKE 'A_B'",
    "params.text like '%x%'",
    "params.text LIKE '%line'",
    "params.text ILIKE 'über%'",
    "params.text LIKE ''",
    "params.text IS NOT NULL",
    "tags.team = 'risk'",
    "tags.team != 'risk'",
    "tags.team ILIKE 'RISK'",
    "tags.team LIKE 'r%'",
    "tags.team IS NULL",
    "tags.team IS NOT NULL",
    "tag.team is null",
    "tags.`a b` = 'ccc'",
    "tags.gone = 'x'",
    "tags.team = risk",
    "tags.team < 'risk'",
    "attributes.status = 'FAILED'",
    "status = 'FINISHED'",
    "attribute.status != 'FINISHED'",
    "run_name = 'Run_2'",
    "attributes.run_name LIKE 'Run%'",
    "run_name ILIKE 'run_2'",
    "run_name IN ('Run_1', 'Run_3')",
    "run_name NOT IN ('Run_1', 'Run_3')",
    "run_name IN ('Run_1')",
    "run_name IN 'Run_1'",
    "user_id = 'user 2'",
    "attributes.user_id != 'user 2'",
    "attributes.user_id LIKE 'user%'",
    "attributes.user_id > 'user 2'",
    "start_time > 3000",
    "attributes.end_time <= 4000",
    "created > 3000",
    "start_time > '3000'",
    "start_time LIKE '3%'",
    "attributes.gone = 'x'",
    "metrics.rmse",
    "metrics.rmse <",
    "< 53",
    "metrics.rmse < 53 AND",
    "AND metrics.rmse < 53",
    "metrics.rmse < 53 metrics.rmse > 51",
    "metrics.rmse == 53",
    "metrics.rmse <> 53",
    "nothing.rmse < 53",
    "metrics.rmse < 53;",
    "tags.team = 'risk",
    "53 > metrics.rmse",
)
VERSIONS = (
    "",
    "name = 'm'",
    "name LIKE 'm%'",
    "name ILIKE 'M'",
    "name = 'gone'",
    "name != 'm'",
    "version_number = 2",
    "version_number > 4",
    "version_number <= 4 AND name = 'm'",
    "version_number != 4",
    "version_number = '2'",
    "version_number LIKE '2'",
    "version_number = 2.5",
    "source_path LIKE 'runs:/%/model'",
    "source_path = 'gone'",
    "source_path > 'runs'",
)
MODELS = (
    "",
    "name = 'other'",
    "name LIKE '%l%'",
    "name ILIKE 'O%'",
    "name != 'm'",
    "tags.team = 'risk'",
    "tags.team != 'risk'",
    "tags.team ILIKE 'P%' AND name LIKE 'o%'",
    "tags.`a b` = 'c'",
    "tags.gone = 'x'",
    "metrics.rmse < 53",
    "version_number = 1",
    "name > 'm'",
)

KNOWN = {
    "metrics.rmse IS NULL": "MLflow knows IS NULL for params and tags alone",
    "run_name IN ('Run_1', 'Run_3')": "MLflow knows IN for a few attributes alone",
    "run_name NOT IN ('Run_1', 'Run_3')": "the same",
    "run_name IN ('Run_1')": "the same",
    "params.text LIKE '%line'": "% stands for line ends too, as in MLflow's databases; its file store stops there",
    "version_number = 2.5": "MLflow cuts the number: 2.5 is 2",
    "created > 3000": "in MLflow the start of the run, here the creation of the version",
    "metrics.rmse < 53 AND": "MLflow drops an AND that joins nothing, and adds one that is left out",
    "AND metrics.rmse < 53": "the same",
    "metrics.rmse < 53 metrics.rmse > 51": "the same",
}
"""Filters that find something else here, with the reason."""


def found(registry: sitegen.Registry, kind: str, text: str) -> list[str] | None:
    """The names of the versions or models that sitegen finds; None where it refuses."""
    try:
        if kind == "models":
            return sorted(model.name for model in registry.search_registered_models(text))
        return sorted(version.name for _, version in registry.search(text))
    except sitegen.SitegenError as refused:
        assert "\n" not in str(refused)
        return None


def test_searches_find_what_mlflow_finds(tmp_path: Path) -> None:
    """The same versions for every filter, and a refusal where MLflow refuses."""
    asked = [("runs", text) for text in RUNS] + [("versions", text) for text in VERSIONS]
    asked += [("models", text) for text in MODELS]
    answers = ask(PYTHONS[0], HERE / "mlflow_search.py", (tmp_path / "mlruns").as_uri(), lines=json.dumps(asked))
    registry = sitegen.read(str(tmp_path / "mlruns"))
    ours = {(kind, text): found(registry, kind, text) for kind, text in asked}
    theirs = dict(zip(asked, json.loads(answers), strict=True))
    differences = {one[1]: (ours[one], theirs[one]) for one in asked if ours[one] != theirs[one]}
    assert differences.keys() == KNOWN.keys(), differences

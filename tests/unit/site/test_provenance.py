"""The origin of a version: facts, links from the settings, datasets, and other versions of its run."""

from dataclasses import replace
from typing import Any

import pytest

from sitegen.domain.facts import CardFacts
from sitegen.domain.model import Dataset, Flavor, LoggedFile, MLmodel, Run, Version
from sitegen.settings.settings import Links
from sitegen.site.views.parts import Link
from sitegen.site.views.provenance import edit_url, provenance, run_neighbours

LINKS = Links(
    run="https://mlflow.example.org/{experiment_id}/{run_id}",
    commit="https://git.example.org/commit/{commit}",
    edit_url="https://git.example.org/edit/{path}",
)
SYSTEM = (
    ("mlflow.parentRunId", "p1"),
    ("mlflow.source.git.commit", "abc"),
    ("mlflow.source.git.repoURL", "git@example.org:a.git"),
    ("mlflow.source.name", "train.py"),
)
RUN = Run(id="r1", name="first", experiment="churn", experiment_id="7", system=SYSTEM)
RESOURCES: Any = {"api_version": "1", "databricks": {"vector_search_index": [{"name": "a"}, {"name": "b"}]}}
MLMODEL = MLmodel(rest={"prompts": ["prompts:/answer/3", "free"], "resources": RESOURCES, "auth_policy": {"x": 1}})
FACTS = [
    ("Run ID", replace(RUN, name=None), "r1", "https://mlflow.example.org/7/r1"),
    ("Parent run", RUN, "p1", "https://mlflow.example.org/7/p1"),
    ("Git commit", RUN, "abc", "https://git.example.org/commit/abc"),
    ("Code", RUN, "train.py", ""),
    ("Repository", RUN, "git@example.org:a.git", ""),
]


def facts(version: Version, links: Links = LINKS) -> dict[str, tuple[str, str]]:
    """The texts and links of the facts by title."""
    return {fact.title: (fact.text, fact.url) for fact in provenance(version, links, ()).facts}


@pytest.mark.parametrize(("title", "run", "text", "url"), FACTS)
def test_facts_of_runs_have_links(title: str, run: Run, text: str, url: str) -> None:
    """Where the settings have a template; without one they are texts."""
    assert facts(Version(name="1", run=run))[title] == (text, url)
    assert facts(Version(name="1", run=run), Links())[title] == (text, "")


def test_an_agent_names_prompts_resources_and_its_code() -> None:
    flavor = Flavor(name="python_function", keys={"model_code_path": "/home/me/agent.py"})
    found = facts(Version(name="1", mlmodel=replace(MLMODEL, flavors=(flavor,))))
    assert found["Prompts"][0] == "answer version 3, free"
    assert found["Resource: vector search index"][0] == "a, b"
    assert found["Code file"][0] == "agent.py"
    assert "prompts" not in found and "resources" not in found and "auth_policy" in found


@pytest.mark.parametrize(
    ("source", "title"),
    [("models:/churn/3", "Copied from"), ("models:/m-1a", "Source"), ("s3://bucket/model", "Source")],
)
def test_a_copy_names_its_original(source: str, title: str) -> None:
    assert facts(Version(name="1", source=source))[title][0] == source


def test_base_models_come_from_facts_or_flavors() -> None:
    flavor = Flavor(name="transformers", keys={"source_model_name": "org/small"})
    assert facts(Version(name="1", mlmodel=MLmodel(flavors=(flavor,))))["Base model"][0] == "org/small"
    assert facts(Version(name="1", facts=CardFacts(base_model="org/large")))["Base model"][0] == "org/large"


def test_what_nobody_recorded_is_named() -> None:
    view = provenance(Version(name="1", run=Run(id="r1")), LINKS, ())
    assert view.missing == ("Experiment", "Code", "Git commit", "Base model", "Datasets")


def test_datasets_have_rows_and_columns() -> None:
    """Where they were logged."""
    schema = '{"mlflow_colspec": [{"type": "double", "name": "age"}]}'
    datasets = (Dataset(name="train", digest="d", schema=schema, profile='{"num_rows": 1442}'), Dataset(name="other"))
    first, second = provenance(Version(name="1", datasets=datasets), LINKS, ()).datasets
    assert (first.rows, first.columns) == ("1,442", (("age", "double"),))
    assert (second.rows, second.columns) == ("", None)


def test_files_are_edited_where_they_lie() -> None:
    """Only those that are there, in a folder whose path is known."""
    version = Version(name="1", path="m/1", files=(LoggedFile("model.yaml", 1, ""),))
    assert edit_url(version, "model.yaml", LINKS) == "https://git.example.org/edit/m/1/model.yaml"
    assert edit_url(version, "README.md", LINKS) == "" == edit_url(version, "model.yaml", Links())
    assert edit_url(replace(version, path=None), "model.yaml", LINKS) == ""
    assert edit_url(replace(version, path="."), "model.yaml", LINKS) == "https://git.example.org/edit/model.yaml"


def test_versions_of_one_run_are_neighbours() -> None:
    """The nearest ones; a version without a run has none."""
    versions = [Version(name=str(number), run=Run(id=id) if id else None) for number, id in enumerate("aaba")]
    assert run_neighbours([*versions, Version(name="x")]) == ((1, 3), (0, 3), (), (0, 1), ())
    many = run_neighbours([Version(name=str(number), run=Run(id="r")) for number in range(20)])
    assert many[0] == (1, 2, 3, 4, 5) and many[10] == (5, 6, 7, 8, 9, 11, 12, 13, 14, 15)
    assert provenance(versions[0], LINKS, (Link("v2", "../2/index.html"),)).run_versions[0].text == "v2"

"""What people call a version: the version that it means, and the sentence where it means none."""

import pytest

from sitegen.core.errors import SitegenError
from sitegen.sources.discovery import Discovery, open_registry
from sitegen.sources.named_version import read_by_name
from tests.support.registries import RUNS, experiment, layout, registered, run, write

ID = "m-" + "4d" * 16


@pytest.fixture(scope="module")
def discovery(tmp_path_factory: pytest.TempPathFactory) -> Discovery:
    """Models of the directory layout and of a file store, with names that hold what separates names."""
    files = layout("churn", "1") | layout("churn", "2") | layout("churn", "10") | layout("old", "v1")
    files |= {"churn/model.yaml": "aliases: {champion: 2, gone: 7}\n"} | layout("a b", "1.0.0")
    for number in range(12):
        files |= layout("many", str(number + 1)) if number else {}
    files |= experiment("1", "prices") | run("1", RUNS[0]) | run("1", RUNS[1])
    versions = [{"run_id": id, "source": f"runs:/{id}/model", "current_stage": "Production"} for id in RUNS[:2]]
    files |= registered("price @ eu", *versions, aliases={"best": "1"})
    files |= {"mlruns/models/price @ eu/aliases/best": "1"}
    files |= {"loose/MLmodel": f"model_id: {ID}\nflavors: {{}}\n"}
    for store, id in (("east", RUNS[2]), ("west", "4d" * 16)):
        files |= experiment("1", "e", store) | run("1", id, store=store)
        files |= registered("twin", {"run_id": id, "source": f"runs:/{id}/model"}, store=store)
    return open_registry(str(write(tmp_path_factory.mktemp("named"), files)))


FOUND = {
    "churn/2": "churn/2/MLmodel",
    "churn/v2": "churn/2/MLmodel",
    "churn@champion": "churn/2/MLmodel",
    "models:/churn/2": "churn/2/MLmodel",
    "models:/churn@champion": "churn/2/MLmodel",
    "models:/churn/latest": "churn/10/MLmodel",
    "churn/Latest": "churn/10/MLmodel",
    "old/1": "old/v1/MLmodel",
    "old/v1": "old/v1/MLmodel",
    "a b/1.0.0": "a b/1.0.0/MLmodel",
    "price @ eu/1": f"mlruns/1/{RUNS[0]}/artifacts/model/MLmodel",
    "price @ eu@best": f"mlruns/1/{RUNS[0]}/artifacts/model/MLmodel",
    "models:/price @ eu/production": f"mlruns/1/{RUNS[1]}/artifacts/model/MLmodel",
    f"loose/{ID}": "loose/MLmodel",
    f"models:/{ID}": "loose/MLmodel",
}


@pytest.mark.parametrize("name", FOUND)
def test_a_name_means_a_version(discovery: Discovery, name: str) -> None:
    found = read_by_name(discovery, name)
    assert found.path == FOUND[name]
    assert found.text is not None and found.version.mlmodel is not None


MISSING = {
    "chrun/2": "no model is called chrun; near: churn",
    "Churn/2": "no model is called Churn; near: churn",
    "nothing": "no model is called nothing; models: a b, churn, many, old, price @ eu, twin, loose",
    "churn/3": "churn has no version 3; versions: 10, 2, 1",
    "churn@champ": "churn has no alias champ; near: champion",
    "churn@gone": "alias gone of churn points at version 7, which is not here",
    "old@champion": "old has no alias champion; there are no aliases",
    "many/99": "many has no version 99; versions: 12, 11, 10, 9, 8, 7, 6, 5 and 3 more",
    "churn": "churn names a model and no version of it: write MODEL/VERSION, MODEL@ALIAS or models:/MODEL/VERSION",
    "twin/1": "twin/1 is in 2 stores: east, west; name one of them by --registry",
    "models:/m-0": "no model is called m-0; models: a b, churn, many, old, price @ eu, twin, loose",
}


@pytest.mark.parametrize("name", MISSING)
def test_a_name_that_means_nothing_gets_a_sentence_with_near_names(discovery: Discovery, name: str) -> None:
    with pytest.raises(SitegenError) as refused:
        read_by_name(discovery, name)
    assert str(refused.value) == MISSING[name]

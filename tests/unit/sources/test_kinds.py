"""The table of source kinds: which kind a location is, and what the commands refuse for it."""

from argparse import Namespace
from pathlib import Path

import pytest

from sitegen.cli import building, serve
from sitegen.core.errors import SitegenError
from sitegen.sources.kinds import find_root, kind_of

LOCATIONS = {
    "https://user:password@host:5000/": ("tracking server", "https://host:5000"),
    "HTTP://host": ("tracking server", "http://host"),
    "memory://models": ("memory", "memory://models"),
    "s3://bucket/models/": ("storage", "s3://bucket/models"),
    "gs://bucket": ("storage", "gs://bucket"),
    "file:///models%20here": ("file URL", "/models here"),
    "sqlite:////models/mlflow.db": ("path", "sqlite:////models/mlflow.db"),
    "/models/": ("path", "/models"),
    "/models/a:/b": ("path", "/models/a:/b"),
}


@pytest.mark.parametrize(("location", "expected"), LOCATIONS.items())
def test_the_first_row_that_recognises_a_location_counts(location: str, expected: tuple[str, str]) -> None:
    """The identity of a registry holds no credentials."""
    kind = kind_of(location)
    assert (kind.name, kind.identify(location)) == expected


def serve_options(registry: str) -> Namespace:
    """The command line `sitegen serve REGISTRY`."""
    return Namespace(registry=registry, port=0, host="127.0.0.1", edit=False, allow_remote_edit=False)


@pytest.mark.parametrize("location", [place for place, (name, _) in LOCATIONS.items() if name != "path"])
def test_serve_refuses_a_kind_that_cannot_be_watched(location: str) -> None:
    """Before anything is read."""
    with pytest.raises(SitegenError, match="serve needs a local folder or database"):
        serve.run(serve_options(location))


def test_serve_watches_a_path() -> None:
    """What it refuses here is only that nothing is there."""
    with pytest.raises(SitegenError, match="/no/such/folder does not exist"):
        serve.run(serve_options("/no/such/folder"))


@pytest.mark.parametrize(
    ("registry", "output", "refusal"),
    [
        ("https://host:5000", "site", "is copied to this machine"),
        ("memory://models", "site", "exists in this process only"),
        ("models", "memory://site", "exists in this process only"),
    ],
)
def test_build_refuses_a_cluster_what_it_cannot_see(
    registry: str, output: str, refusal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a cluster is asked."""
    monkeypatch.chdir(tmp_path)
    options = Namespace(registry=registry, output=output, jobs=None, executor="dask://nowhere")
    with pytest.raises(SitegenError, match=refusal):
        building.run(options, 0, None, None)


def test_a_database_is_a_folder_and_a_name(tmp_path: Path) -> None:
    """With or without the prefix of MLflow's users."""
    (tmp_path / "mlflow.db").touch()
    for location in (str(tmp_path / "mlflow.db"), f"sqlite:///{tmp_path}/mlflow.db?timeout=3"):
        assert find_root(location) == (str(tmp_path.resolve()), "mlflow.db")
    assert find_root(str(tmp_path)) == (str(tmp_path), None)

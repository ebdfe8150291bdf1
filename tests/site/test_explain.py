"""`sitegen build --explain`: the one reason why each model, bundle and page was read, parsed, rendered and written."""

import os
import re
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from sitegen.build.executor import start_processes
from sitegen.build.pipeline import build
from sitegen.build.request import BuildRequest, Workers
from sitegen.build.state import State
from sitegen.settings.keep import MANIFEST
from sitegen.settings.settings import Settings, Site
from sitegen.sources.discovery import open_registry
from sitegen.storage.lock import lock_output
from tests.support import sites
from tests.support.registries import auc, layout, write
from tests.support.sites import LATER, contents, sitegen

HERE: Workers = lambda _: nullcontext()  # noqa: E731 - the default of a request
MODELS = ("churn", "credit")


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Two models; the first has two versions."""
    return write(
        tmp_path / "registry",
        layout("churn", "1") | layout("churn", "2", metrics_json=auc(0.7)) | layout("credit", "1"),
    )


def explain(
    registry: Path,
    site: Path,
    settings: Settings | None = None,
    after: int = LATER,
    workers: Workers = HERE,
) -> list[str]:
    """The lines of a build that begins `after` nanoseconds from now."""
    cache = sites.warm(registry.parent / "cache")
    with lock_output(str(site)), State(cache, str(registry), str(site)) as state:
        request = BuildRequest(
            discovery=open_registry(str(registry)),
            settings=settings or Settings(),
            root=str(site),
            cache=cache,
            state=state,
            started=time.time_ns() + after,
            workers=workers,
            explain=True,
        )
        return list(build(request).explanation)


def of(kind: str, lines: list[str]) -> dict[str, str]:
    """The reasons of all models, bundles or pages by their name."""
    split = [line.partition(" ")[::2] for line in lines]
    return dict(rest.split(": ", 1) for first, rest in split if first == kind)


def published(site: Path) -> set[str]:
    """The paths of all files of a site but the manifest, which is about them."""
    return contents(site).keys() - {MANIFEST}


def test_a_first_build_reads_all_models(registry: Path, tmp_path: Path) -> None:
    lines = explain(registry, tmp_path / "site")
    assert of("model", lines) == dict.fromkeys(MODELS, "read (no site in the output)")
    assert {"churn/1", "churn/2", "credit/1"} <= of("bundle", lines).keys()
    assert set(of("bundle", lines).values()) == {"parsed (new)"}
    assert of("page", lines) == dict.fromkeys(published(tmp_path / "site"), "rendered (new), written (new)")
    assert len(set(lines)) == len(lines)


def test_a_build_without_changes_reads_nothing(registry: Path, tmp_path: Path) -> None:
    explain(registry, tmp_path / "site")
    assert explain(registry, tmp_path / "site") == [f"model {name}: not read (unchanged)" for name in MODELS]


def test_a_metric_that_changes_is_followed_to_its_pages(registry: Path, tmp_path: Path) -> None:
    """Of the model that changed, unchanged folders and pages are reused, one by one."""
    site = tmp_path / "site"
    explain(registry, site)
    write(registry, {"churn/2/metrics.json": auc(0.5)})
    lines = explain(registry, site)
    assert of("model", lines) == {"churn": "read (listing changed)", "credit": "not read (unchanged)"}
    bundles, pages = of("bundle", lines), of("page", lines)
    assert bundles["churn/1"] == "reused (same stamp)"
    assert bundles["churn/2"] == "parsed (files changed)"
    assert "credit/1" not in bundles
    assert pages["models/churn/1/index.html"] == "unchanged"
    assert pages["models/churn/2/index.html"] == "rendered (fingerprint changed), written (bytes changed)"
    assert pages["index.html"].startswith("rendered (fingerprint changed)")
    assert pages["about/index.html"] == "unchanged"
    assert not any(path.startswith("models/credit/") for path in pages)


def test_a_change_that_the_catalog_does_not_show_leaves_it(registry: Path, tmp_path: Path) -> None:
    """Whether the values in it come from files or from the cache."""
    site = tmp_path / "site"
    explain(registry, site)
    for value in (0.5, 0.6):
        write(registry, {"churn/1/metrics.json": auc(value)})
        pages = of("page", explain(registry, site))
        assert pages["models/churn/1/index.html"] == "rendered (fingerprint changed), written (bytes changed)"
        assert pages["index.html"] == pages["catalog/index-1.js"] == pages["api/catalog.json"] == "unchanged"


def test_a_file_that_is_written_again_is_read_and_not_parsed(registry: Path, tmp_path: Path) -> None:
    """Its stamp is new, its content is not."""
    site = tmp_path / "site"
    explain(registry, site)
    os.utime(registry / "churn/2/metrics.json", ns=(1, 1))
    lines = explain(registry, site)
    assert of("model", lines)["churn"] == "read (listing changed)"
    assert of("bundle", lines)["churn/2"] == "reused (same content digest)"
    assert set(of("page", lines).values()) == {"unchanged"}


def test_settings_that_change_concern_every_model(registry: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    explain(registry, site)
    lines = explain(registry, site, Settings(site=Site(title="Other")))
    assert of("model", lines) == dict.fromkeys(MODELS, "read (settings or templates changed)")
    assert set(of("bundle", lines).values()) == {"reused (same stamp)"}
    pages = of("page", lines)
    assert pages["models/churn/1/index.html"] == "rendered (fingerprint changed), written (bytes changed)"
    assert pages["models/churn/data.js"] == "rendered (fingerprint changed), not written (same bytes)"


def test_a_racy_file_is_decided_by_its_content(registry: Path, tmp_path: Path) -> None:
    """It is hashed again; here the state says that the last build read something else."""
    site = tmp_path / "site"
    explain(registry, site, after=0)
    assert explain(registry, site, after=0) == [f"model {name}: not read (unchanged)" for name in MODELS]
    with State(tmp_path / "cache", str(registry), str(site)) as state:
        files = {name: files for name, _, files in state.racy_files() if "churn" in name}
        state.save_racy({name: dict.fromkeys(paths, (b"other",)) for name, paths in files.items()})
    lines = explain(registry, site, after=0)
    assert files
    assert of("model", lines) == {"churn": "read (racy file changed)", "credit": "not read (unchanged)"}
    assert of("bundle", lines)["churn/2"] == "reused (same content digest)"


def test_a_state_that_is_damaged_is_named(registry: Path, tmp_path: Path) -> None:
    """Of a row that cannot be read, and of a file that is no database; each model has one line."""
    site = tmp_path / "site"
    explain(registry, site)
    with State(tmp_path / "cache", str(registry), str(site)) as state:
        state._write("update summaries set lines = x'00'")
    write(registry, {"churn/2/metrics.json": auc(0.5)})
    lines = explain(registry, site)
    assert of("model", lines) == dict.fromkeys(MODELS, "read (state is damaged)")
    assert len(set(lines)) == len(lines)
    for path in (tmp_path / "cache").glob("*.db"):
        path.write_bytes(b"not a database" * 100)
    assert of("model", explain(registry, site)) == dict.fromkeys(MODELS, "read (no state of the output)")


def test_an_output_that_does_not_fit_the_state_is_named(registry: Path, tmp_path: Path) -> None:
    """Another output, one that somebody else wrote, and one that lost a file."""
    site = tmp_path / "site"
    explain(registry, site)
    assert of("model", explain(registry, tmp_path / "b")) == dict.fromkeys(MODELS, "read (no site in the output)")
    (site / "models/churn/1/index.html").unlink()
    assert of("model", explain(registry, site)) == dict.fromkeys(
        MODELS, "read (files of the output are missing or damaged)"
    )
    assert (
        sitegen("build", registry, "--output", site, "--cache", tmp_path / "c2", "--base-url", "https://a.b").code == 0
    )
    assert of("model", explain(registry, site)) == dict.fromkeys(MODELS, "read (output changed since the last build)")
    with State(tmp_path / "cache", str(registry), str(site)) as state:
        state.begin()
    assert of("model", explain(registry, site)) == dict.fromkeys(MODELS, "read (last build did not finish)")


def test_what_is_deleted_has_a_line(registry: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    explain(registry, site)
    for path in sorted((registry / "credit").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    lines = explain(registry, site)
    assert of("model", lines) == {"churn": "not read (unchanged)", "credit": "deleted (not in the registry)"}
    assert of("page", lines)["models/credit/1/index.html"] == "deleted"


def test_worker_processes_give_the_same_reasons(registry: Path, tmp_path: Path) -> None:
    """For a first build and for a change."""
    lines = []
    for name, workers in (("one", HERE), ("two", lambda _: start_processes(2))):
        write(registry, {"churn/2/metrics.json": auc(0.9)})
        first = explain(registry, tmp_path / name, workers=workers)
        write(registry, {"churn/2/metrics.json": auc(0.5)})
        lines.append((first, explain(registry, tmp_path / name, workers=workers)))
    assert lines[0] == lines[1]


def test_the_command_prints_the_reasons_alone(registry: Path, tmp_path: Path) -> None:
    """On standard output, one line each; without the flag nothing."""
    command = ("build", registry, "--output", tmp_path / "site", "--cache", tmp_path / "cache")
    done = sitegen(*command, "--explain")
    assert done.code == 0
    assert all(re.fullmatch(r"(model|bundle|page) \S+( \(\w+\))?: .+", line) for line in done.out.splitlines())
    assert "model churn: read (no site in the output)\n" in done.out
    assert sitegen(*command).out == ""


def test_a_report_of_the_state_has_no_reasons(registry: Path, tmp_path: Path) -> None:
    """They are those of one build."""
    explain(registry, tmp_path / "site")
    assert sites.update(registry, tmp_path / "site").explanation == ()

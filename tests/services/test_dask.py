"""Builds on a Dask cluster: the same bytes as here, whatever happens to its workers."""

import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sitegen.storage.extras import install_hint
from tests.campaigns.bench.registry import generate
from tests.support import buckets, sites
from tests.support.clusters import CLUSTER, Started, started
from tests.support.options import ROOT
from tests.support.previews import PATIENCE, waited
from tests.support.registries import layout, write

WITHOUT = "import sys; sys.modules['sitegen'] = None\n" + CLUSTER
"""Workers on which sitegen cannot be imported."""

OTHER = """
import sys
from pathlib import Path
import sitegen.version
sitegen.version.__file__ = str(Path(__file__).parent / "another" / "version.py")
"""
"""Workers that have the code of another sitegen."""

FIRST_PAGE = """
import os, signal, time
from contextlib import suppress
from pathlib import Path
from sitegen.storage.output import FolderOutput

def write(self, path, data, real=FolderOutput.write):
    real(self, path, data)
    if path.count("/") == 3:
        with suppress(FileExistsError):
            (Path(__file__).parent / "first page").touch(exist_ok=False)
            {}

FolderOutput.write = write
"""
"""Workers of which the first to write a version's page does something else then."""

DIES = FIRST_PAGE.format("os.kill(os.getpid(), signal.SIGKILL)") + CLUSTER
STAYS = FIRST_PAGE.format("time.sleep(10**6)") + CLUSTER


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that is there may answer late: its machine has much to do."""
    monkeypatch.setattr("sitegen.build.dask.ANSWER", PATIENCE)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Two worker processes; one that dies is followed by another, as a cluster does it."""
    with started(tmp_path_factory.mktemp("cluster"), 2) as found:
        yield found


def test_the_sample_has_the_same_bytes(cluster: Started, sample: Path, tmp_path: Path) -> None:
    """And a second build does nothing."""
    flags = ("--executor", cluster.address)
    sites.built(ROOT / "sample_registry", tmp_path / "site", *flags)
    assert sites.contents(tmp_path / "site") == sites.contents(sample)
    done = sites.sitegen("build", ROOT / "sample_registry", "--output", tmp_path / "site", *flags)
    assert "(0 files written)" in done.err


def test_templates_travel_by_their_place(cluster: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's folder is named by the settings, relative to them."""
    page = '{% extends "sitegen/model.html" %}{% block versions %}<p>MARK</p>{% endblock %}'
    write(tmp_path, layout("m", "1") | {"sitegen.toml": "[site]\ntemplates = 'theme'\n", "theme/model.html": page})
    monkeypatch.chdir(tmp_path)
    sites.built(Path("."), tmp_path / "site", "--executor", cluster.address)
    assert "MARK" in (tmp_path / "site/models/m/index.html").read_text()


def test_workers_read_and_write_buckets_themselves(sample: Path, tmp_path: Path) -> None:
    """Nothing but the addresses travels; the credentials are the workers' own."""
    with buckets.served(), started(tmp_path, 2) as cluster:
        place = buckets.bucket()
        registry = buckets.upload(ROOT / "sample_registry", f"{place}/registry")
        done = sites.sitegen("build", registry, "--output", f"{place}/site", "--executor", cluster.address)
        assert (done.code, done.err.count("\n")) == (0, 1), done.err
        assert buckets.contents(f"{place}/site") == sites.contents(sample)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many versions that building them takes a while."""
    root = tmp_path_factory.mktemp("wide") / "registry"
    generate(root, 12, 40)
    return root


@pytest.fixture(scope="module")
def expected(registry: Path) -> dict[str, bytes]:
    """Its site, made in one process."""
    return sites.contents(sites.built(registry, registry.with_name("site"), "--jobs", "1"))


def command(registry: Path, site: Path, cluster: Started) -> "subprocess.Popen[str]":
    """A build in a process of its own."""
    arguments = ("build", str(registry), "--output", str(site), "--executor", cluster.address)
    return subprocess.Popen([*sites.SITEGEN, *arguments], stderr=subprocess.PIPE, text=True)


def test_a_worker_that_is_killed_changes_nothing(registry: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    """In the middle of its work; the other one and its successor do the rest."""
    with started(tmp_path, 2, DIES) as cluster, command(registry, tmp_path / "site", cluster) as process:
        assert process.stderr
        said = process.stderr.read()
    assert (tmp_path / "first page").exists()
    assert (process.returncode, said.count("\n")) == (0, 1), said
    assert sites.contents(tmp_path / "site") == expected


def test_a_cluster_that_ends_leaves_the_rest_to_the_build(
    registry: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    """Scheduler, workers and all."""
    with started(tmp_path, 1, STAYS) as cluster:
        process = command(registry, tmp_path / "site", cluster)
        waited((tmp_path / "first page").exists)
        assert process.poll() is None
    with process:
        assert process.stderr
        said = process.stderr.read()
    assert (process.returncode, said.count("\n")) == (0, 1), said
    assert sites.contents(tmp_path / "site") == expected


# --- one sentence ----------------------------------------------------------------------------------------------


def refused(*flags: str) -> str:
    """What is said of these flags before anything is read."""
    done = sites.sitegen("build", ROOT / "sample_registry", "--output", "nowhere", *flags)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert not Path("nowhere").exists()
    return done.err.removeprefix("sitegen: ").rstrip("\n")


def test_a_scheduler_that_does_not_answer_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody there, nobody of that name, and somebody who says nothing."""
    monkeypatch.setattr("sitegen.build.dask.ANSWER", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silence = f"dask://127.0.0.1:{silent.getsockname()[1]}"
        for address in ("dask://127.0.0.1:1", "dask://no-such-host.invalid:8786", silence):
            assert refused("--executor", address) == f"no Dask scheduler answers at {address}"


STRANGERS = (
    b"",
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"\0" * 1000,
    b"\xff" * 1000,
    struct.pack("<QQQ", 19, 1, 3) + b"\x93\1\2",
)


@pytest.mark.parametrize("said", STRANGERS)
def test_whatever_else_answers_is_one_sentence(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A web server, and others whose first bytes are the lengths of something for Dask."""
    monkeypatch.setattr("sitegen.build.dask.ANSWER", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        threading.Thread(target=answer, args=(stranger, said), daemon=True).start()
        address = f"dask://127.0.0.1:{stranger.getsockname()[1]}"
        assert refused("--executor", address) == f"no Dask scheduler answers at {address}"


def answer(server: socket.socket, said: bytes) -> None:
    """Say the same to all who come, and nothing more."""
    with suppress(OSError):  # the test has ended
        while True:
            with server.accept()[0] as caller:
                caller.sendall(said)


@pytest.mark.parametrize("address", ["dask://", "dask://host", "tcp://127.0.0.1:8786", "dask://host:port", "local"])
def test_an_address_that_is_none_is_one_sentence(address: str) -> None:
    """With the form that it must have."""
    assert refused("--executor", address) == f"--executor {address}: it must look like dask://HOST:PORT"


def test_flags_that_contradict_each_other_are_refused() -> None:
    """Processes of this machine, and what only this process sees."""
    assert refused("--executor", "dask://127.0.0.1:1", "--jobs", "2").startswith("--jobs sets local processes")
    done = sites.sitegen("build", "memory://registry", "--executor", "dask://127.0.0.1:1")
    assert done.err == "sitegen: memory:// exists in this process only; a cluster cannot reach it\n"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refused("--executor", "dask://127.0.0.1:1").endswith(f": {install_hint('dask')}")


@pytest.mark.parametrize(
    ("workers", "code", "reason"),
    [
        (0, CLUSTER, "has no workers"),
        (1, WITHOUT, "has no sitegen: it needs this one"),
        (1, OTHER + CLUSTER, "has another sitegen: it needs this one"),
    ],
)
def test_workers_that_cannot_do_the_work_are_one_sentence(workers: int, code: str, reason: str, tmp_path: Path) -> None:
    """Known before anything is read or written."""
    (tmp_path / "another").mkdir()
    with started(tmp_path, workers, code) as cluster:
        assert reason in refused("--executor", cluster.address)


def test_workers_that_do_not_see_the_registry_are_one_sentence(tmp_path: Path) -> None:
    """They would find no file of it."""
    write(tmp_path / "registry", layout("m", "1"))
    blind = "import os\nreal = os.path.exists\n"
    blind += "os.path.exists = lambda path: not str(path).endswith('/registry') and real(path)\n"
    with started(tmp_path, 1, blind + CLUSTER) as cluster:
        done = sites.sitegen(
            "build", tmp_path / "registry", "--output", tmp_path / "site", "--executor", cluster.address
        )
    assert done.code == 2
    assert "does not see" in done.err
    assert "workers need the same file system, or URLs" in done.err

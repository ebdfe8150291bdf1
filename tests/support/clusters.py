"""Dask clusters for tests and benchmarks: a scheduler and worker processes on loopback, in a process of their own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support import sites

CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    options = {"threads_per_worker": 1, "processes": True, "host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(n_workers=int(sys.argv[1]), silence_logs=50, **options) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()  # until the tests end, however they do
"""


class Started(NamedTuple):
    """A cluster: its address as sitegen takes it, and the processes of its workers."""

    address: str
    workers: tuple[int, ...]


@contextmanager
def started(folder: Path, workers: int, code: str = CLUSTER) -> Iterator[Started]:
    """A cluster with so many worker processes. They import its program, which lies in the folder."""
    program = folder / "cluster.py"
    program.write_text(code)
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, str(program), str(workers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=folder,
        env=sites.locale_free(PYTHONPATH=root),
    ) as process:
        assert process.stdin
        assert process.stdout
        address, *pids = process.stdout.readline().split()
        yield Started(address.replace("tcp://", "dask://"), tuple(map(int, pids)))
        process.stdin.close()

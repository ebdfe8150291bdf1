"""Editing through the preview: who may, and what is refused."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sitegen.authoring.edit import EditableFacts, edit
from sitegen.authoring.safe_files import EditError
from sitegen.serve.http.requests import MAX_BODY_BYTES
from tests.support import previews, sites
from tests.support.previews import Preview, built
from tests.support.registries import SIGNED, write
from tests.unit.authoring.test_edit import subject


@pytest.mark.parametrize("place", ["wine", "wine/1", "wine/1/tags"])
def test_a_folder_that_becomes_a_link_during_an_edit_leads_nowhere(place: str, tmp_path: Path) -> None:
    """Another process swaps it for a link and back all the time."""
    root, outside = tmp_path / "registry", tmp_path / "outside"
    write(root, {"wine/1/MLmodel": SIGNED, "wine/1/tags/team": "0", "wine/model.yaml": "description: '0'\n"})
    shutil.copytree(root / place, outside)
    before = sites.contents(outside)
    swapping = (
        "import os, sys\n"
        "place, aside, outside = sys.argv[1:]\n"
        "while True:\n"
        "    os.rename(place, aside); os.symlink(outside, place)\n"
        "    os.unlink(place); os.rename(aside, place)\n"
    )
    command = [sys.executable, "-c", swapping, str(root / place), str(tmp_path / "aside"), str(outside)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as swapper:
        done = 0
        for number in range(400):
            with suppress(EditError, OSError):
                edit(subject(root, "1"), EditableFacts(str(number), (), {"team": str(number)}))
                done += 1
        swapper.kill()
    assert done
    assert sites.contents(outside) == before


# --- the server ----------------------------------------------------------------------------------------------------


@contextmanager
def editing(folder: Path, tags: str = '{\n  "team": "red"\n}\n') -> Iterator[Preview]:
    files = dict.fromkeys(("wine/1/MLmodel", "wine/2/MLmodel", "loose/MLmodel"), SIGNED)
    write(folder / "registry", files | {"wine/1/tags.json": tags})
    with previews.preview(folder / "registry", "--edit", cwd=folder) as server:
        built(server)
        yield server


def test_only_a_page_of_ours_that_knows_the_token_may_write(tmp_path: Path) -> None:
    with editing(tmp_path) as server:
        page = "models/wine/1/index.html"
        facts = json.loads(server.ask(f"/~sitegen/edit?page={page}").body)
        assert facts["tags"] == {"team": "red"}
        body = json.dumps(
            {"page": page, "digest": facts["digest"], "description": "", "aliases": [], "tags": {}}
        ).encode()
        right = {
            "Content-Type": "application/json",
            "Origin": server.url.rstrip("/"),
            "X-Sitegen-Token": facts["token"],
            "Sec-Fetch-Site": "same-origin",
        }
        before = sites.contents(tmp_path / "registry")
        for wrong, status in (
            ({"X-Sitegen-Token": "guessed"}, 403),
            ({"X-Sitegen-Token": ""}, 403),
            ({"Origin": "https://evil.example"}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Host": "evil.example"}, 421),
            ({"Content-Type": "text/plain"}, 415),
            ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ):
            assert server.ask("/~sitegen/edit", "POST", body, **right | wrong).status == status
        without = {name: value for name, value in right.items() if name not in ("Origin", "Sec-Fetch-Site")}
        assert server.ask("/~sitegen/edit", "POST", body, **without).status == 403
        assert server.ask("/", "POST", body, **right).status == 405
        listed = json.dumps(json.loads(body) | {"tags": []}).encode()
        for strange in (b"", b"[]", b"{}", b'{"page": 1}', b"\xff", b"[" * 99_999, listed):
            assert server.ask("/~sitegen/edit", "POST", strange, **right).status == 400
        for size in (MAX_BODY_BYTES + 1, 8 * MAX_BODY_BYTES):
            assert server.ask("/~sitegen/edit", "POST", bytes(size), **right).status == 413
        assert sites.contents(tmp_path / "registry") == before
        assert server.ask("/~sitegen/edit", "POST", body, **right).status == 200
        assert server.ask("/~sitegen/edit", "POST", body, **right).status == 409  # the files are others now
        assert (tmp_path / "registry/wine/1/tags.json").read_text() == "{}\n"


def test_what_is_not_of_the_layout_has_no_form(tmp_path: Path) -> None:
    with editing(tmp_path) as server:
        for page in ("index.html", "models/loose/index.html", "models/wine/9/index.html", "models/../index.html", ""):
            answer = server.ask(f"/~sitegen/edit?page={page}")
            assert (answer.status, json.loads(answer.body)["editable"]) == (200, False)

"""Links to the parts of a version page: every row has one, none leads nowhere, and no id occurs twice."""

import json
import re
from collections import Counter

import pytest

from tests.support import sites
from tests.support.registries import NAMES, layout, mlmodel, write

KINDS = ("metric", "param", "tag", "file", "input", "output", "call-param", "package")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A version whose keys, columns and files have names of all kinds, some of them twice."""
    folder = tmp_path_factory.mktemp("anchors")
    columns = [{"name": name, "type": "double"} for name in (*NAMES, "twice", "twice")]
    params = [{"name": name, "type": "double", "default": 1.0, "shape": None} for name in NAMES]
    pairs = json.dumps(dict.fromkeys(NAMES, 1))
    tables = {f"{kind}_json": pairs for kind in ("metrics", "params", "tags")}
    files = layout("m", "1", MLmodel=mlmodel(columns, [{"type": "double"}], params), **tables)
    files |= {f"m/1/data/{name}.txt": "x" for name in ("a b", "a-b", "A", "a")}
    return (sites.built(write(folder / "registry", files), folder / "site") / "models/m/1/index.html").read_text(
        "utf-8"
    )


def test_every_row_has_a_link_to_itself(page: str) -> None:
    """One a metric, param, tag, package, file, column and line of MLmodel."""
    ids = re.findall(r'<tr id="([^"]+)"', page)
    counts = Counter(next(kind for kind in KINDS if id.startswith(f"{kind}-")) for id in ids)
    files = {"file": 8}
    names = len(NAMES)
    assert counts == files | dict.fromkeys(KINDS[:3], names) | {
        "input": names + 2,
        "output": 1,
        "call-param": names,
        "package": 1,
    }
    assert {id for id in ids if f'<a class="k" href="#{id}">' not in page} == set()
    lines = re.findall(r'<a id="L(\d+)" href="#L(\d+)">(\d+)</a>', page)
    assert len(lines) > 5 and all(line == (str(number),) * 3 for number, line in enumerate(lines, 1))


def test_no_id_occurs_twice_and_every_link_has_a_target(page: str) -> None:
    """On the whole page."""
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert [id for id, count in Counter(ids).items() if count > 1] == []
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)

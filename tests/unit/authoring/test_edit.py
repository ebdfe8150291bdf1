"""Editing a registry: what is written to which file, what stays, and what is refused."""

import difflib
import json
import os
import re
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen.authoring.edit import EditableFacts, EditTarget, edit, read_facts
from sitegen.authoring.safe_files import MAX_BYTES, EditError
from sitegen.authoring.text_patch import patch_text
from sitegen.domain.diagnostic import Loaded
from sitegen.formats.key_values import parse_pairs
from sitegen.serve.edit_api import TOKEN, Editor
from sitegen.serve.http.messages import Request
from sitegen.serve.live_listing import LiveListing
from tests.support import sites
from tests.support.registries import SIGNED, mlmodel, write

# --- texts ---------------------------------------------------------------------------------------------------------

JSON = '{\n    "team": "red",\n    "rank": 1.50,\n    "note": "a\\/b"\n}\n'
YAML = "# who\ntags:\n  team: red   # the first\n  rank: 1.50\n\n# more\ndescription: |\n  One.\n\n  Two.\nowner: me\n"
CSV = 'key,value\r\nteam,red\r\nnote,"a, b"\r\n'

REWRITTEN = {
    "json: changed": ("tags.json", JSON, ("team",), "blue", JSON.replace("red", "blue")),
    "json: a number stays one": ("tags.json", JSON, ("rank",), "2.50", JSON.replace("1.50", "2.50")),
    "json: a number becomes a text": ("tags.json", JSON, ("rank",), "high", JSON.replace("1.50", '"high"')),
    "json: added": ("tags.json", JSON, ("zeal",), "é", JSON.replace('b"\n}', 'b",\n    "zeal": "é"\n}')),
    "json: first removed": ("tags.json", JSON, ("team",), None, JSON.replace('"team": "red",\n    ', "")),
    "json: last removed": ("tags.json", JSON, ("note",), None, JSON.replace(',\n    "note": "a\\/b"', "")),
    "json: on one line": ("tags.json", '{"a": "b"}', ("c",), "d", '{"a": "b", "c": "d"}'),
    "json: the only one": ("tags.json", '{"a": "b"}', ("a",), None, "{}"),
    "json: into nothing": ("tags.json", "{}\n", ("a",), "b", '{\n  "a": "b"\n}\n'),
    "json: into no file": ("tags.json", "", ("a",), "b", '{\n  "a": "b"\n}\n'),
    "yaml: changed": ("model.yaml", YAML, ("tags", "team"), "blue", YAML.replace("red", "blue")),
    "yaml: what looks like a number": ("tags.yaml", "rank: 1\n", ("rank",), "1e-5", "rank: 1e-5\n"),
    "yaml: added": (
        "model.yaml",
        YAML,
        ("tags", "zeal"),
        "no: yes",
        YAML.replace("1.50\n", "1.50\n  zeal: 'no: yes'\n"),
    ),
    "yaml: removed": ("model.yaml", YAML, ("tags", "rank"), None, YAML.replace("  rank: 1.50\n", "")),
    "yaml: the only one of a mapping": ("model.yaml", "owner: me\ntags:\n  a: b\n", ("tags", "a"), None, "owner: me\n"),
    "yaml: the first of a mapping": ("model.yaml", "owner: me", ("tags", "a"), "b", "owner: me\ntags:\n  a: b\n"),
    "yaml: into an empty mapping": (
        "model.yaml",
        "tags:\nowner: me\n",
        ("tags", "a"),
        "b",
        "tags:\n  a: b\nowner: me\n",
    ),
    "yaml: lines": (
        "model.yaml",
        YAML,
        ("description",),
        "New.\n\nLines.",
        YAML.replace("One.\n\n  Two.", "New.\n\n  Lines.").replace("|\n", "|-\n"),
    ),
    "yaml: lines removed": (
        "model.yaml",
        YAML,
        ("description",),
        None,
        YAML.replace("description: |\n  One.\n\n  Two.\n", ""),
    ),
    "yaml: after lines": ("tags.yaml", "a: |\n  b\n", ("c",), "d", "a: |\n  b\nc: d\n"),
    "yaml: in braces": ("tags.yaml", "{a: b, c: d}\n", ("e",), "f, g", '{a: b, c: d, e: "f, g"}\n'),
    "yaml: out of braces": ("tags.yaml", "{a: b, c: d}\n", ("a",), None, "{c: d}\n"),
    "yaml: into no file": ("model.yaml", "", ("aliases", "champion"), "3", "aliases:\n  champion: '3'\n"),
    "csv: changed": ("tags.csv", CSV, ("team",), "blue", CSV.replace("red", "blue")),
    "csv: added": ("tags.csv", CSV, ("zeal",), 'a "b", c', CSV + 'zeal,"a ""b"", c"\r\n'),
    "csv: removed": ("tags.csv", CSV, ("note",), None, CSV.replace('note,"a, b"\r\n', "")),
    "csv: into no file": ("tags.csv", "", ("a",), "b", "key,value\na,b\n"),
}


@pytest.mark.parametrize("case", REWRITTEN)
def test_one_key_changes_and_nothing_else(case: str) -> None:
    path, text, place, value, expected = REWRITTEN[case]
    assert patch_text(text, path, place, value) == expected


KEYS = st.text("ab :/é-", min_size=1, max_size=4).filter(lambda key: key == key.strip())
VALUES = st.text(st.sampled_from("ab 1.:#'\"{}[],|>-\n\té\U0001f600\\&*!%@`?~"), max_size=8)


def as_yaml(style: str | None, flow: bool) -> Callable[[dict[str, str]], str]:
    """A way to write YAML."""
    return lambda tags: yaml.safe_dump(tags, default_style=style, default_flow_style=flow, allow_unicode=True)


WAYS = {
    "tags.json": [lambda tags: json.dumps(tags), lambda tags: json.dumps(tags, indent=1, ensure_ascii=False)],
    "tags.yaml": [as_yaml(style, flow) for style in (None, "'", '"', "|") for flow in (True, False)],
}


@given(
    way=st.sampled_from([(path, write) for path, ways in WAYS.items() for write in ways]),
    before=st.dictionaries(KEYS, VALUES, max_size=4),
    key=KEYS,
    value=st.none() | VALUES,
)
def test_what_is_written_reads_as_was_meant(
    way: tuple[str, Callable[[dict[str, str]], str]], before: dict[str, str], key: str, value: str | None
) -> None:
    """And what the other keys say stays."""
    path, write = way
    text = write(before)
    assume(parse_pairs(text, path) == Loaded(tuple(sorted(before.items()))))
    others = {name: said for name, said in before.items() if name != key}
    expected = others | ({} if value is None else {key: value})
    assert parse_pairs(patch_text(text, path, (key,), value), path) == Loaded(tuple(sorted(expected.items())))


# --- files ---------------------------------------------------------------------------------------------------------


def subject(root: Path, version: str | None, *names: str) -> EditTarget:
    """A version, or the model `wine`, below a folder."""
    model = root / "wine"
    others = tuple(model / name for name in names or (version or "1",))
    return EditTarget(root, model, model / version, version, others) if version else EditTarget(root, model)


def changed(root: Path, one: EditTarget, **facts: Any) -> str:
    """The lines that an edit takes away and adds, by file, as git shows them."""
    known = read_facts(one)
    wanted = {"description": known.description, "aliases": known.aliases, "tags": known.tags} | facts
    with git_shows(root) as lines:
        edit(one, EditableFacts(**wanted))
    assert read_facts(one) == EditableFacts(**wanted)
    return "\n".join(lines)


@contextmanager
def git_shows(root: Path) -> Iterator[list[str]]:
    """The lines that change in the files below a folder; they are there at the end."""
    before = {path: data.decode() for path, data in sites.contents(root).items()}
    lines: list[str] = []
    yield lines
    after = {path: data.decode() for path, data in sites.contents(root).items()}
    for path in sorted(before.keys() | after.keys()):
        diff = difflib.ndiff(before.get(path, "").splitlines(), after.get(path, "").splitlines())
        lines += [f"{path} {line}" for line in diff if line[0] in "+-"]


EDITS: dict[str, tuple[dict[str, str], str, dict[str, Any], str]] = {
    "a tag where it is": (
        {"wine/1/tags.csv": "key,value\nteam,red\n", "wine/1/tags.json": '{"kind": "dry"}'},
        "1",
        {"tags": {"kind": "sweet", "team": "red"}},
        'wine/1/tags.json - {"kind": "dry"}\nwine/1/tags.json + {"kind": "sweet"}',
    ),
    "a new tag beside the others": (
        {"wine/1/tags.csv": "key,value\nteam,red\n"},
        "1",
        {"tags": {"kind": "dry", "team": "red"}},
        "wine/1/tags.csv + kind,dry",
    ),
    "a tag in a folder": (
        {"wine/1/tags/team": "red", "wine/1/tags/kind": "dry"},
        "1",
        {"tags": {"team": "blue", "land": "Pfalz"}},
        "wine/1/tags/kind - dry\nwine/1/tags/land + Pfalz\nwine/1/tags/team - red\nwine/1/tags/team + blue",
    ),
    "the first tag": (
        {},
        "1",
        {"tags": {"team": "red"}},
        'wine/1/tags.json + {\nwine/1/tags.json +   "team": "red"\nwine/1/tags.json + }',
    ),
    "a tag that two files have": (
        {"wine/1/tags.json": '{"team": "red"}', "wine/1/model.yaml": "tags: {team: blue}\n"},
        "1",
        {"tags": {}},
        'wine/1/model.yaml - tags: {team: blue}\nwine/1/tags.json - {"team": "red"}\nwine/1/tags.json + {}',
    ),
    "a description": (
        {"wine/1/model.yaml": "# ours\nowner: me\n"},
        "1",
        {"description": "Dry, mostly"},
        "wine/1/model.yaml + description: Dry, mostly",
    ),
    "an alias": (
        {"wine/model.yaml": "# ours\naliases:\n  champion: 1\n", "wine/2/MLmodel": SIGNED},
        "2",
        {"aliases": ("champion", "newest")},
        "wine/model.yaml -   champion: 1\nwine/model.yaml +   champion: '2'\nwine/model.yaml +   newest: '2'",
    ),
    "an alias that a version names itself": (
        {"wine/1/model.yaml": "owner: me\naliases: [champion, old]\n"},
        "1",
        {"aliases": ("old",)},
        "wine/1/model.yaml - aliases: [champion, old]\nwine/1/model.yaml + aliases: [old]",
    ),
    "a tag below lines that end in one": (
        {"wine/1/model.yaml": "description: |\n  One.\n\n  Two.\ntags:\n  team: red\n"},
        "1",
        {"tags": {"team": "blue"}},
        "wine/1/model.yaml -   team: red\nwine/1/model.yaml +   team: blue",
    ),
    "a tag below a description between blanks": (
        {"wine/1/model.yaml": "description: '  One. '\ntags:\n  team: red\n"},
        "1",
        {"tags": {"team": "blue"}},
        "wine/1/model.yaml -   team: red\nwine/1/model.yaml +   team: blue",
    ),
    "a tag beside one with another system's lines": (
        {"wine/1/tags.json": '{"note": "a\\r\\nb\\rc"}', "wine/1/tags/poem": "x\r\ny", "wine/1/tags/team": "red"},
        "1",
        {"tags": {"note": "a\nb\nc", "poem": "x\ny", "team": "blue"}},
        "wine/1/tags/team - red\nwine/1/tags/team + blue",
    ),
    "a description between lines": (
        {"wine/1/model.yaml": "description: One.\n"},
        "1",
        {"description": "Two."},
        "wine/1/model.yaml - description: One.\nwine/1/model.yaml + description: Two.",
    ),
    "the tags of a model": (
        {"wine/model.yaml": "tags:\n  team: red\n"},
        "",
        {"tags": {"team": "red", "kind": "dry"}},
        "wine/model.yaml +   kind: dry",
    ),
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edit_is_a_small_change_of_the_right_file(case: str, tmp_path: Path) -> None:
    files, version, facts, expected = EDITS[case]
    write(tmp_path, {"wine/1/MLmodel": SIGNED, **files})
    assert changed(tmp_path, subject(tmp_path, version or None, "1", "2"), **facts) == expected


@pytest.mark.parametrize("case", EDITS)
def test_a_form_that_is_sent_changes_what_was_changed_in_it(case: str, tmp_path: Path) -> None:
    """A browser gives back the other fields with line breaks of its own."""
    files, version, facts, expected = EDITS[case]
    write(tmp_path, {"wine/1/MLmodel": SIGNED, **files})
    inventory = LiveListing(str(tmp_path))
    inventory.walk()
    editor = Editor(lambda: (str(tmp_path), inventory.discovery()))
    page = "/".join(part for part in ("models/wine", version, "index.html") if part)
    known = json.loads(editor.answer(Request(method="GET", path="", query=f"page={page}")).body)
    token = {TOKEN: known.pop("token")}
    wanted = known | facts
    wanted["description"] = re.sub("\r\n?", "\n", wanted["description"])
    wanted["tags"] = {key: re.sub("\r\n?", "\n", value) for key, value in wanted["tags"].items()}
    body = json.dumps(wanted | {"page": page}).encode()
    with git_shows(tmp_path) as lines:
        assert editor.answer(Request(method="POST", path="", headers=token, body=body)).status == 200
    assert "\n".join(lines) == expected


FOREIGN = mlmodel(flavors={"openai": {"data": "model.yaml"}})
REFUSED: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "a tag without a name": ({}, {"tags": {"": "x"}}, "'' is no name for a tag"),
    "a tag with a line break": ({}, {"tags": {"a\nb": "x"}}, "'a\\nb' is no name for a tag"),
    "an alias that MLflow refuses": ({}, {"aliases": ("v2",)}, "'v2' is no alias: letters"),
    "an alias of two words": ({}, {"aliases": ("my best",)}, "'my best' is no alias: letters"),
    "a path for a tag": ({"tags/a": "b"}, {"tags": {"a": "b", "../c": "d"}}, "'../c' is no name for a file of tags"),
    "half a character": ({"tags/a": "b"}, {"tags": {"a": "new", "c": "\ud800"}}, "tags/c would hold half a character"),
    "half a character in a description": ({}, {"description": "\udfff"}, "model.yaml: found invalid"),
    "a nested tag": ({"tags.json": '{"a": {"b": "c"}}'}, {"tags": {"a/b": "d"}}, "the tag a/b is written"),
    "a broken file": ({"tags.json": '{"a": '}, {"tags": {"a": "b"}}, "the file is written in a way"),
    "a file that is no text": ({"model.yaml": "a\0b"}, {"description": "x"}, "model.yaml: the file holds NUL"),
    "a flavor's own file": (
        {"MLmodel": FOREIGN, "model.yaml": "model: gpt\n"},
        {"description": "x"},
        "model.yaml is a file of the model",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_said_and_nothing_changes(case: str, tmp_path: Path) -> None:
    files, facts, message = REFUSED[case]
    write(tmp_path, {f"wine/1/{path}": text for path, text in {"MLmodel": SIGNED, **files}.items()})
    before = sites.contents(tmp_path)
    with pytest.raises(EditError) as error:
        changed(tmp_path, subject(tmp_path, "1"), **facts)
    assert str(error.value).startswith(message)
    assert sites.contents(tmp_path) == before


def test_an_edit_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    """Neither the files that come before the one that is too large for the disk, nor folders for new ones."""
    write(tmp_path, {"wine/1/MLmodel": SIGNED, "wine/1/tags/a": "old"})
    before = sorted(tmp_path.rglob("*"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            changed(tmp_path, subject(tmp_path, "1"), tags={"a": "new", "b/c": "x" * 200})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / "wine/1/tags/a").read_text() == "old"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path: Path) -> None:
    write(tmp_path, {"wine/1/MLmodel": SIGNED, "wine/1/tags/a": "old"})
    name = "é" * 127
    assert changed(tmp_path, subject(tmp_path, "1"), tags={"a": "old", name: "x"}) == f"wine/1/tags/{name} + x"


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    write(tmp_path, {"wine/1/MLmodel": SIGNED, "elsewhere": "{}"})
    (tmp_path / "wine/1/tags.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EditError, match=r"tags\.json is a link"):
        read_facts(subject(tmp_path, "1"))


@pytest.mark.parametrize("link", ["a", "a/b"])
def test_a_link_to_a_folder_is_not_written_through(link: str, tmp_path: Path) -> None:
    """Whichever part of a path it is: the reader follows none."""
    write(tmp_path, {"wine/1/MLmodel": SIGNED, "wine/1/tags/team": "red", "outside/x": "kept", "outside/b/x": "kept"})
    (tmp_path / "wine/1/tags" / link).parent.mkdir(exist_ok=True)
    (tmp_path / "wine/1/tags" / link).symlink_to(tmp_path / "outside")
    before = sites.contents(tmp_path)
    one = subject(tmp_path, "1")
    assert read_facts(one).tags == {"team": "red"}
    for key in ("a/b/x", "a/b/new"):
        with pytest.raises(EditError, match=rf"tags/{link} is a link"):
            changed(tmp_path, one, tags={"team": "red", key: "x"})
    assert sites.contents(tmp_path) == before


def test_a_link_with_the_name_of_a_temporary_file_is_not_followed(tmp_path: Path) -> None:
    """A registry may come with links for the numbers of many processes; in a container that number is 1."""
    write(tmp_path, {"registry/wine/1/MLmodel": SIGNED, "registry/wine/model.yaml": "description: old\n"})
    (tmp_path / "victim").write_text("precious")
    for number in range(9):
        (tmp_path / f"registry/wine/.sitegen-{os.getpid()}-{number}").symlink_to(tmp_path / "victim")
    one = subject(tmp_path / "registry", None)
    edit(one, EditableFacts("new", None, {}))
    assert (tmp_path / "registry/wine/model.yaml").read_text() == "description: new\n"
    assert not (tmp_path / "registry/wine/model.yaml").is_symlink()
    assert (tmp_path / "victim").read_text() == "precious"


@pytest.mark.parametrize("place", ["wine", "wine/1"])
def test_a_folder_that_is_a_link_is_not_edited(place: str, tmp_path: Path) -> None:
    """What it leads to lies outside of the registry; the registry itself may be a link."""
    write(tmp_path, {"outside/1/MLmodel": SIGNED, "outside/MLmodel": SIGNED, "registry/other": ""})
    (tmp_path / "registry" / place).parent.mkdir(exist_ok=True)
    (tmp_path / "registry" / place).symlink_to(tmp_path / "outside")
    (tmp_path / "link").symlink_to(tmp_path / "registry")
    before = sites.contents(tmp_path / "outside")
    with pytest.raises(EditError, match=f"{place} is a link; change what it leads to"):
        edit(subject(tmp_path / "link", "1"), EditableFacts("new", (), {}))
    assert sites.contents(tmp_path / "outside") == before


@pytest.mark.parametrize("kind", ["a pipe", "a folder", "a large file"])
def test_what_is_no_file_that_a_build_reads_is_said(kind: str, tmp_path: Path) -> None:
    write(tmp_path, {"wine/1/MLmodel": SIGNED})
    place = tmp_path / "wine/1/model.yaml"
    if kind == "a pipe":
        os.mkfifo(place)
    elif kind == "a folder":
        place.mkdir()
    else:
        place.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(EditError, match=r"is no file|has more than 8,388,608 bytes"):
        read_facts(subject(tmp_path, "1"))

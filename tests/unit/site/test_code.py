"""Code on version pages: tabs, and the address in all of them."""

import re

import pytest
from markupsafe import Markup

from sitegen.analysis.usage.address import Address
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.model import Flavor, LoggedFile, MLmodel, Version
from sitegen.domain.signature import Column, Scalar, Signature, Tensor
from sitegen.site.views.code import CodeView, Tab, code_view, fill_places

TABLE = Signature(inputs=(Column(name="age", type=Scalar("long")),))
REGISTRY, ALIAS = Address("version", "models:/m/3"), Address("alias", "models:/m@best")
FOLDER = Address("folder", "it's <b>")
PINS = Environment(requirements=(Requirement(name="numpy", text="numpy==2.0"),))


def version(signature: Signature | None = TABLE, *flavors: str) -> Version:
    """A version with code of all kinds."""
    known = tuple(Flavor(name=name, keys={}) for name in flavors or ("python_function", "sklearn"))
    mlmodel = MLmodel(flavors=known, signature=signature)
    return Version(
        name="3", mlmodel=mlmodel, environment=PINS, files=(LoggedFile(path="requirements.txt", size=1, role=""),)
    )


def all_tabs(view: CodeView) -> tuple[Tab, ...]:
    """The tabs as a page shows them."""
    return view.tabs + view.environment


def texts(view: CodeView) -> dict[str, list[str]]:
    """The code of each tab, with addresses, without elements."""
    return {
        tab.title: [Markup(re.sub("<[^>]*>", "", fill_places(block.text, view))).unescape() for block in tab.blocks]
        for tab in all_tabs(view)
    }


def test_each_way_to_use_a_version_has_a_tab() -> None:
    view = code_view("m", version(), (REGISTRY,))
    assert [tab.title for tab in all_tabs(view)] == [
        "Python",
        "sklearn",
        "Spark",
        "Fabric",
        "REST",
        "CLI",
        "Azure ML",
        "Environment",
    ]


def test_code_has_the_first_address() -> None:
    """As a literal of its language, escaped for the page; commands for a folder have that of the folder."""
    found = texts(code_view("m", version(), (FOLDER, REGISTRY)))
    assert 'load_model("it\'s <b>")' in found["Python"][0]
    assert "--model-uri 'it'\"'\"'s <b>' " in found["REST"][0]
    folder, registry = found["Environment"][0], found["Environment"][2]
    assert "pip install -r 'it'\"'\"'s <b>'/requirements.txt" in folder and "# run this code in the folder" in folder
    assert "--path 'it'\"'\"'s <b>'" in found["Azure ML"][0] and "--path model" in found["Azure ML"][1]
    assert "--artifact-uri models:/m/3 --dst-path model" in registry and "MLFLOW_TRACKING_URI" in registry


def test_the_commands_for_another_kind_of_address_are_hidden_at_first() -> None:
    blocks = all_tabs(code_view("m", version(), (REGISTRY, ALIAS, FOLDER)))[-1].blocks
    assert [(one.title, one.source, one.first) for one in blocks] == [
        ("uv", "registry", True),
        ("venv", "registry", True),
        ("uv", "folder", False),
        ("venv", "folder", False),
    ]
    assert {one.source for one in all_tabs(code_view("m", version(), (REGISTRY, ALIAS)))[-1].blocks} == {""}


def test_versions_of_one_content_share_their_tabs() -> None:
    """The address and the names in clouds alone differ."""
    one = version()
    first, second = (code_view("m", one, (Address("version", f"models:/m/{number}"),)) for number in (1, 2))
    assert first.tabs is second.tabs
    assert "models:/m/2" in texts(second)["Python"][0]
    other = code_view("other", one, (REGISTRY,))
    assert other.tabs is first.tabs and 'modelName="other", modelVersion=3' in texts(other)["Fabric"][0]
    assert "model: azureml:other:3" in texts(other)["Azure ML"][1]


@pytest.mark.parametrize("name", ["a\0 python\0", "\0 shell\0", "</code><b>"])
def test_names_cannot_break_out_of_code(name: str) -> None:
    """Neither out of their element, nor into the place of an address."""
    signature = Signature(inputs=(Column(name=name, type=Scalar("long")), Column(name=f"{name}2", type=Scalar("any"))))
    for one in (signature, Signature(inputs=(Column(name=name, type=Tensor("complex64", (-1,))),))):
        view = code_view("m", version(one), (REGISTRY,))
        tabs = all_tabs(view)
        html = "".join(str(fill_places(block.text, view)) for tab in tabs for block in tab.blocks)
        assert "\0" not in html and "<b>" not in html and not any("\0" in tab.note for tab in tabs)


def test_without_files_the_packages_are_listed() -> None:
    """And there is nothing to load."""
    assert list(texts(code_view("m", version(), ()))) == ["Environment"]
    assert all_tabs(code_view("m", Version(name="1"), ())) == ()

"""The shape of the package: which room may import which, and how long modules and functions may be."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "sitegen"

ROOMS = (
    ("version", "core"),
    ("domain", "settings"),
    ("formats",),
    ("privacy",),
    ("storage",),
    ("sources",),
    ("analysis",),
    ("authoring",),
    ("site", "registry"),
    ("build",),
    ("serve",),
    ("cli",),
    ("__main__",),
)
"""A room imports from the rows above its own, and from itself."""

BACK = {"sitegen.domain.model": "sitegen.domain.table"}
"""The one import, late, of a module that stands on the importer: a model makes a table of itself."""

SOURCES_BELOW = {
    "directory": set(),
    "filestore": set(),
    "database": set(),
    "site": set(),
    "server": {"database", "directory"},
}
"""The sub-rooms of `sources`, each with those it may import from: a server's mirror is a database with parsed files."""

LONGEST_MODULE = 300

LONGEST_FUNCTION = 40
LONGER_FUNCTIONS: dict[str, str] = {}
"""With the reason for each."""

ROW = {room: number for number, row in enumerate(ROOMS) for room in row}
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


@cache
def tree(module: str) -> ast.Module:
    """The syntax of a module."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[str]:
    """The modules of the package that a module imports, wherever in it, and however late."""
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(func=ast.Name("import_module"), args=[ast.Constant(str(late))]) if late in MODULES:
                yield late
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module


def room(module: str) -> str:
    """The room of a module: its first name below the package."""
    return module.split(".")[1]


@pytest.mark.parametrize("module", [module for module in MODULES if module != "sitegen"])
def test_imports_point_to_rooms_above(module: str) -> None:
    """A room that is not in the table has no place yet."""
    own = room(module)
    below = {
        name for name in imports(module) if name != "sitegen" and room(name) != own and ROW[room(name)] >= ROW[own]
    }
    assert not below


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("sitegen.sources.")])
def test_kinds_of_sources_do_not_import_each_other(module: str) -> None:
    """A sub-room of `sources` imports from the modules of `sources` and from itself; the table has the exceptions."""
    own = sub_room_of_sources(module)
    others = {sub_room_of_sources(name) for name in imports(module)} - {None, own}
    assert own is None or others <= SOURCES_BELOW[own]


def sub_room_of_sources(module: str) -> str | None:
    """The sub-room of `sources` that a module lies in; None for all other modules."""
    parts = module.split(".")
    is_below = parts[1:2] == ["sources"] and (len(parts) > 3 or MODULES[module].name == "__init__.py")
    return parts[2] if is_below and len(parts) > 2 else None


def test_the_table_of_rooms_is_true() -> None:
    """Every room of the table exists, every room of the package is in the table."""
    assert set(ROW) == {room(module) for module in MODULES if module != "sitegen"}


def test_no_module_imports_itself_on_a_detour() -> None:
    """Inside of a room, too, imports make no cycle."""
    graph = {module: set(imports(module)) - {module, BACK.get(module)} for module in MODULES}
    while leaves := {module for module, needed in graph.items() if not needed & graph.keys()}:
        graph = {module: needed for module, needed in graph.items() if module not in leaves}
    assert not graph


@pytest.mark.parametrize("module", MODULES)
def test_imports_are_absolute(module: str) -> None:
    """No `from . import x`."""
    assert not [node for node in ast.walk(tree(module)) if isinstance(node, ast.ImportFrom) and node.level]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short(module: str) -> None:
    """A module that grows beyond this has two reasons to exist."""
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def functions(module: str) -> Iterator[tuple[str, int]]:
    """The functions and methods of a module with their lines, docstrings not counted."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            said = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) else 0
            yield f"{module}.{node.name}", node.end_lineno - node.lineno + 1 - said


def test_functions_are_short() -> None:
    """Those that are one long value stand in a list; the list names no function that is short."""
    long = {name for module in MODULES for name, lines in functions(module) if lines > LONGEST_FUNCTION}
    assert long == set(LONGER_FUNCTIONS)

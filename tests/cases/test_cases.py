"""Cases: a registry as a folder, and what it must become: values, problems, and the main part of some pages.

Each folder here holds `registry/`, `case.txt` (a line about the case, then the pages to compare, one a line) and
`expected/`, which `pytest tests/cases --update-cases` writes. Read its diff like code.
"""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sitegen
from sitegen.domain.model import LoggedFile, Metric, Origin
from sitegen.domain.signature import Column, ParamSpec, Tensor, type_name
from sitegen.formats.times import iso
from tests.support import sites

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/registry"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """The registry becomes what is expected, and nothing else is expected."""
    found = outcome(case, tmp_path / "site")
    expected = case / "expected"
    if pytestconfig.getoption("--update-cases"):
        for path in expected.glob("*"):
            path.unlink()
        expected.mkdir(exist_ok=True)
        for name, text in found.items():
            (expected / name).write_text(text, encoding="utf-8")
    assert {path.name: unhashed(path.read_text(encoding="utf-8")) for path in expected.glob("*")} == found


def outcome(case: Path, site: Path) -> dict[str, str]:
    """Everything that is compared, by the name of its file."""
    registry = case / "registry"
    models = "".join(line + "\n" for line in dump(registry))
    found = {"models.txt": models, "check.txt": sites.sitegen("check", registry, *sites.READING).out}
    built = sites.sitegen("build", registry, "--output", site)
    assert built.code == 0
    assert counts(built.err) == counts(found["check.txt"].splitlines()[-1])
    for page in (case / "case.txt").read_text(encoding="utf-8").splitlines()[1:]:
        found[page.replace("/", "_")] = main_of(site / page)
    return found


def counts(line: str) -> list[str]:
    """How many errors, warnings and notes a line names."""
    return re.findall(r"(\d+) (?:error|warning|note)", line)


def main_of(page: Path) -> str:
    """The main part of a page, without blank lines."""
    [found] = re.findall(r"<main.*</main>", page.read_text(encoding="utf-8"), re.DOTALL)
    return unhashed(re.sub(r"\n\s*\n", "\n", found) + "\n")


def unhashed(text: str) -> str:
    """A page without the hashes in names of assets: those of charts depend on the version of Vega."""
    return re.sub(r"(?<=-)[0-9a-f]{10}(?=\.(?:js|css)\b)", "0" * 10, text)


# --- values as text --------------------------------------------------------------------------------------------

APART = {"digest", "problems", "versions", "texts"}
HEADINGS = {"name", "kind"}
TIMES = {"created", "updated", "start", "end", "timestamp"}


def dump(registry: Path) -> Iterator[str]:
    """Every model with its versions; what has its default is left out, and problems are in check.txt."""
    for model in sitegen.read(str(registry)).models:
        yield f"{model.kind} {model.name!r}"
        yield from fields(model, 1, APART | HEADINGS)
        for version in model.versions:
            yield f"  version {version.name!r}"
            yield from fields(version, 2, APART | HEADINGS)


def fields(value: object, depth: int, apart: set[str] = APART) -> Iterator[str]:
    """The fields of a value that say something."""
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        inner = getattr(value, field.name)
        if inner not in (field.default, None, (), {}) and field.name not in apart:
            yield from named(field.name, iso(inner) if field.name in TIMES else inner, depth)


def named(name: str, value: object, depth: int) -> Iterator[str]:
    """A value with its name: on one line, or on lines of its own below."""
    pad = "  " * depth
    if isinstance(value, tuple) and value and not isinstance(value[0], str | int):
        yield f"{pad}{name}"
        yield from (f"{pad}  {item(inner)}" for inner in value)
    elif dataclasses.is_dataclass(value):
        yield f"{pad}{name}"
        yield from fields(value, depth + 1)
    else:
        yield f"{pad}{name}: {item(value)}"


def item(value: object) -> str:
    """A value on one line."""
    match value:
        case Column():
            shape = f" {list(value.type.shape)}" if isinstance(value.type, Tensor) else ""
            required = {True: "", False: " optional", None: " not said whether required"}[value.required]
            return f"{value.name!r} {type_name(value.type)}{shape}{required}"
        case ParamSpec():
            return f"{value.name!r} {type_name(value.type)}{' list' if value.shape else ''} = {value.default!r}"
        case Metric():
            history = f" at step {value.step}, {value.logged} points {value.points}" if value.points else ""
            origin = f" ({item(value.origin)})" if value.origin else ""
            return f"{value.key!r} = {value.value!r}{history}{origin}"
        case Origin():
            return ", ".join(f"{name}={part!r}" for name, part in value._asdict().items() if part)
        case LoggedFile():
            return f"{value.path!r} {value.size} B, {value.role}"
        case (str(key), str(text)):
            return f"{key!r} = {text!r}"
    if dataclasses.is_dataclass(value):
        return ", ".join(f"{name}={item(getattr(value, name))}" for name in said(value))
    return repr(value)


def said(value: object) -> list[str]:
    """The names of the fields that do not have their default."""
    return [
        field.name for field in dataclasses.fields(value) if getattr(value, field.name) not in (field.default, None)
    ]  # type: ignore[arg-type]

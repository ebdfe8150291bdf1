"""Environments: the packages and the Python that requirements.txt, conda.yaml and python_env.yaml ask for."""

import packaging.requirements
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.domain.environment import Environment, Requirement
from sitegen.formats.requirements import (
    merge_environments,
    parse_conda,
    parse_python_env,
    parse_requirement,
    parse_requirements,
)

LINES = {
    "scikit-learn==1.5.0": ("scikit-learn", "1.5.0"),
    "scikit-learn === 1.5.0": ("scikit-learn", "1.5.0"),
    "numpy>=1.20,==1.26.4": ("numpy", "1.26.4"),
    "numpy==1.*": ("numpy", None),
    "numpy>=1.20": ("numpy", None),
    "numpy": ("numpy", None),
    "mlflow[extras]==2.13.1": ("mlflow", "2.13.1"),
    'pywin32==306; sys_platform == "win32"': ("pywin32", "306"),
    "torch @ https://host/torch-2.0.whl": ("torch", None),
    "git+https://host/x/repo.git@main#egg=mine": ("mine", None),
    "https://host/x/package.whl": ("package.whl", None),
    "./local": ("local", None),
}


@pytest.mark.parametrize("text", LINES)
def test_a_requirement_has_a_name_and_maybe_a_version(text: str) -> None:
    """The version that it is pinned to; the text stays as written."""
    name, version = LINES[text]
    assert parse_requirement(text, "f") == Requirement(name=name, text=text, version=version, stated_in="f")


@given(st.from_regex(r"\A[A-Za-z0-9._-]{1,8}(==[0-9.]{1,5})?\Z"))
def test_plain_lines_are_what_the_library_reads(text: str) -> None:
    """The same name and version; what it refuses is refused."""
    try:
        known = packaging.requirements.Requirement(text)
    except packaging.requirements.InvalidRequirement:
        assert parse_requirement(text, "f") is None
        return
    pins = [clause.version for clause in known.specifier]
    assert parse_requirement(text, "f") == Requirement(
        name=known.name, text=text, version=pins[0] if pins else None, stated_in="f"
    )


@pytest.mark.parametrize("text", ["==1.0", "a b", "numpy=1.20", "<script>", "a==", "a; (", "a; " + "(" * 10_000])
def test_what_is_no_requirement_is_a_problem(text: str) -> None:
    """pip would refuse it, too."""
    loaded = parse_requirements(f"ok==1\n{text}\n", "requirements.txt")
    assert [one.name for one in loaded.value] == ["ok"]
    assert [(found.rule, found.line) for found in loaded.problems] == [("requirement-syntax", 2)]


FILES: dict[str, tuple[str, list[str], list[tuple[str, int]]]] = {
    "comments and options": (
        "# made by pip\n--index-url https://host/simple\n-r other.txt\n-e .\na==1  # why\n\nb==2\n",
        ["a==1", "b==2"],
        [],
    ),
    "hashes": ("a==1 --hash=sha256:00\nb==2\n", ["a==1", "b==2"], []),
    "a line that goes on": (
        "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\nb\n",
        ["a==1", "b"],
        [("requirement-loose", 4)],
    ),
    "Windows": ("a==1 \\\r\n  --hash=sha256:00\r\nb\r\n", ["a==1", "b"], [("requirement-loose", 3)]),
    "loose": ("a\nb>=1\nc==1\n", ["a", "b>=1", "c==1"], [("requirement-loose", 1), ("requirement-loose", 2)]),
    "addresses need no version": (
        "a @ https://host/a.whl\ngit+https://host/b.git\n",
        ["a @ https://host/a.whl", "git+https://host/b.git"],
        [],
    ),
    "nothing": ("", [], []),
}


@pytest.mark.parametrize(("text", "lines", "problems"), FILES.values(), ids=FILES)
def test_a_requirements_file(text: str, lines: list[str], problems: list[tuple[str, int]]) -> None:
    """One package a line; problems have the line at which the package stands."""
    loaded = parse_requirements(text, "requirements.txt")
    assert [one.text for one in loaded.value] == lines
    assert [(found.rule, found.line) for found in loaded.problems] == problems


def test_a_conda_file() -> None:
    """Python, conda's own packages, and the list for pip inside."""
    text = """
channels: [conda-forge, defaults]
dependencies:
- python=3.10.4
- pip<=23
- conda-forge::numpy=1.26.4=py310_0
- scipy >=1.0
- pandas
- pip:
  - mlflow==2.13.1
  - scikit-learn
name: mlflow-env
"""
    loaded = parse_conda(text, "conda.yaml")
    assert not loaded.problems
    assert loaded.value.python == "3.10.4"
    assert [(one.name, one.version) for one in loaded.value.requirements] == [
        ("numpy", "1.26.4"),
        ("scipy", None),
        ("pandas", None),
        ("mlflow", "2.13.1"),
        ("scikit-learn", None),
    ]


def test_a_python_env_file() -> None:
    """What building needs stands apart; `-r requirements.txt` is no package. Versions are texts."""
    text = """
python: 3.10
build_dependencies: [pip==23.0, setuptools]
dependencies: [-r requirements.txt, numpy==1.26.4]
"""
    environment = parse_python_env(text, "python_env.yaml").value
    assert environment.python == "3.10"
    assert [one.text for one in environment.build] == ["pip==23.0", "setuptools"]
    assert [one.text for one in environment.requirements] == ["numpy==1.26.4"]


@pytest.mark.parametrize(
    "text", ["", "5", "- a", "dependencies: 5", "dependencies: [[5], {pip: 7}, {pip: [[8]]}, null]", "python: [3]"]
)
def test_odd_files_hold_nothing(text: str) -> None:
    """And stop nothing."""
    assert parse_conda(text, "conda.yaml").value.requirements == ()
    assert parse_python_env(text, "python_env.yaml").value.requirements == ()


def test_the_first_file_that_names_a_package_counts() -> None:
    """Whatever the case, the dashes and the dots of its name."""
    environment = merge_environments(
        (Requirement(name="scikit-learn", text="scikit-learn==1.5.0"),),
        Environment(requirements=(Requirement(name="numpy", text="numpy==1.26.4", stated_in="python_env.yaml"),)),
        Environment(
            python="3.10.4",
            requirements=(
                Requirement(name="Scikit_Learn", text="Scikit_Learn", stated_in="conda.yaml"),
                Requirement(name="scikit.-learn", text="scikit.-learn", stated_in="conda.yaml"),
                Requirement(name="numpy", text="numpy", stated_in="conda.yaml"),
                Requirement(name="pandas", text="pandas", stated_in="conda.yaml"),
            ),
        ),
        python="3.9.0",
    )
    assert [one.text for one in environment.requirements] == ["scikit-learn==1.5.0", "numpy==1.26.4", "pandas"]
    assert environment.python == "3.10.4"

"""Environments: the packages and the Python that requirements.txt, conda.yaml and python_env.yaml ask for."""

import packaging.requirements
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen.domain.environment import Environment, Requirement
from sitegen.formats.conda_spec import CondaSpec, parse_conda_spec
from sitegen.formats.package_location import has_location
from sitegen.formats.requirements import (
    merge_environments,
    parse_conda,
    parse_python_env,
    parse_requirement,
    parse_requirements,
    requirement_form,
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
    "git+ssh://git@host/x/repo.git@v1#egg=mine&subdirectory=py": ("mine", None),
    "git+https://host/x/repo.git@main": ("repo", None),
    "https://host/x/archive/refs/tags/v1.0.zip": ("x", None),
    "https://host/mine-1.0%2Bcpu-py3-none-any.whl#sha256=00": ("mine", "1.0+cpu"),
    "wheels/my_lib-1.0.0-py3-none-any.whl": ("my_lib", "1.0.0"),
    "mine-1.0-1-cp311-cp311-linux_x86_64.whl": ("mine", "1.0"),
    'code/mine-1.0-py3-none-any.whl ; python_version < "3.12"': ("mine", "1.0"),
    "mine-2.1.tar.gz": ("mine", "2.1"),
    "/opt/mine.zip": ("mine", None),
    "./local": ("local", None),
    "./local[extra]": ("local", None),
    "a==1;": ("a", "1"),
}


@pytest.mark.parametrize("text", LINES)
def test_a_requirement_has_a_name_and_maybe_a_version(text: str) -> None:
    """The version that it is pinned to; the text stays as written."""
    name, version = LINES[text]
    assert parse_requirement(text, "f") == Requirement(name=name, text=text, version=version, stated_in="f")


@given(st.from_regex(r"\A[A-Za-z0-9._-]{1,8}(==[0-9.]{1,5})?\Z"))
def test_plain_lines_are_what_the_library_reads(text: str) -> None:
    """The same name and version; what it refuses is refused. Folders and archives are pip's business."""
    assume(not has_location(text))
    try:
        known = packaging.requirements.Requirement(text)
    except packaging.requirements.InvalidRequirement:
        assert parse_requirement(text, "f") is None
        return
    pins = [clause.version for clause in known.specifier]
    assert parse_requirement(text, "f") == Requirement(
        name=known.name, text=text, version=pins[0] if pins else None, stated_in="f"
    )


REFUSED = (
    *("==1.0", "a b", "numpy=1.20", "<script>", "a==", "a; (", "a; " + "(" * 10_000, "a>=1/2"),
    *("package.whl", "https://host/package.whl", "--foo", "-q", "-e", "a==1 --install-option=x", "--pre 'x"),
)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_requirement_is_a_problem(text: str) -> None:
    """pip would refuse it, too."""
    loaded = parse_requirements(f"ok==1\n{text}\n", "requirements.txt")
    assert [one.name for one in loaded.value] == ["ok"]
    assert [(found.rule, found.line) for found in loaded.problems] == [("requirement-syntax", 2)]


FILES: dict[str, tuple[str, list[str], list[tuple[str, int]]]] = {
    "comments and options": (
        "# made by pip\n--index-url https://host/simple\n-r other.txt\n-e .\na==1  # why\n\nb==2\t# tab\n",
        ["-e .", "a==1", "b==2"],
        [],
    ),
    "all options": (
        "-i https://host\n--extra-index-url=https://host\n--extra-index https://host\n-f wheels\n--find-links ./x\n"
        "--trusted-host h\n--no-binary :all:\n--only-binary=a\n--pre\n--prefer-binary\n--no-index\n-rother.txt\n"
        "--constraint=c.txt\n--require-hashes\n--use-feature x\n",
        [],
        [],
    ),
    "options of a requirement": (
        'a==1 --hash=sha256:00\nb==2 --global-option="-x y"\nc==3 --config-settings "k=v" -C k=v\n',
        ["a==1", "b==2", "c==3"],
        [],
    ),
    "editable": (
        '-e git+https://host/a.git@1#egg=a\n--editable=./p[x]\n-e "./my p"\n',
        ["-e git+https://host/a.git@1#egg=a", "-e ./p[x]", "-e ./my p"],
        [],
    ),
    "markers": (
        "a==1; python_version < '3.12'\na==2; python_version >= '3.12'\n",
        ["a==1; python_version < '3.12'", "a==2; python_version >= '3.12'"],
        [],
    ),
    "a comment ends a line that goes on": ("a==1 \\\n# why \\\nb==2\n", ["a==1", "b==2"], []),
    "the last line goes on": ("a==1 \\", ["a==1"], []),
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
    "a key among them": (
        "a==1\n-----BEGIN RSA PRIVATE KEY-----\nAbc\ndEf\n-----END RSA PRIVATE KEY-----\nb==2\n",
        ["a==1", "b==2"],
        [("requirement-syntax", 2)],
    ),
    "a key without an end": ("a==1\n-----BEGIN CERTIFICATE-----\nAbc\n", ["a==1"], [("requirement-syntax", 2)]),
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
python: '3.10'
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
    """Whatever the case, the dashes and the dots of its name, with all its lines."""
    environment = merge_environments(
        (Requirement(name="scikit-learn", text="scikit-learn==1.5.0"),),
        Environment(requirements=(Requirement(name="numpy", text="numpy==1.26.4", stated_in="python_env.yaml"),)),
        Environment(
            python="3.10.4",
            requirements=(
                Requirement(name="Scikit_Learn", text="Scikit_Learn", stated_in="conda.yaml"),
                Requirement(name="scikit.-learn", text="scikit.-learn", stated_in="conda.yaml"),
                Requirement(name="scipy", text="scipy==1; python_version<'3'", stated_in="conda.yaml"),
                Requirement(name="scipy", text="scipy==2; python_version>'3'", stated_in="conda.yaml"),
                Requirement(name="numpy", text="numpy", stated_in="conda.yaml"),
                Requirement(name="pandas", text="pandas", stated_in="conda.yaml"),
            ),
        ),
        python="3.9.0",
    )
    assert [one.text for one in environment.requirements] == [
        "scikit-learn==1.5.0",
        "numpy==1.26.4",
        "scipy==1; python_version<'3'",
        "scipy==2; python_version>'3'",
        "pandas",
    ]
    assert environment.python == "3.10.4"


SAME = (
    ("Scikit_Learn==1.0", "scikit-learn==1.0", "scikit.learn ==1.0", "scikit-learn (==1.0)"),
    ("a[y,x]>=1,<2", "A[x, y] <2,>=1"),
    ("a==1; python_version<'3'", 'a==1 ; python_version < "3"'),
    ("a", "A"),
)


@pytest.mark.parametrize("texts", SAME)
def test_ways_to_write_a_requirement_have_one_form(texts: tuple[str, ...]) -> None:
    """So that only what pip would install differs between versions."""
    assert len(set(map(requirement_form, texts))) == 1


DIFFERENT = (
    "a==1",
    "a==1.0",
    "a==2",
    "a",
    "b",
    "a==1; python_version < '3'",
    "-e ./a",
    "./a",
    "a @ https://host/a.zip",
)


def test_other_requirements_have_other_forms() -> None:
    assert len(set(map(requirement_form, DIFFERENT))) == len(DIFFERENT)


SPECS = {
    "numpy": CondaSpec("numpy"),
    "numpy *": CondaSpec("numpy"),
    "numpy=1.2": CondaSpec("numpy", "1.2"),
    "numpy==1.2": CondaSpec("numpy", "1.2", True),
    "numpy 1.2": CondaSpec("numpy", "1.2", True),
    "numpy=1.2=py3_0": CondaSpec("numpy", "1.2", True),
    "numpy 1.2 py3_0": CondaSpec("numpy", "1.2", True),
    "numpy=1.2.*": CondaSpec("numpy", "1.2.*"),
    "numpy 1.2.*": CondaSpec("numpy", "1.2.*"),
    "numpy>=1.2,<2": CondaSpec("numpy", ">=1.2,<2"),
    "numpy 1.2|1.3": CondaSpec("numpy", "1.2|1.3"),
    "python>=3.9": CondaSpec("python", ">=3.9"),
    "conda-forge::NumPy=1.2": CondaSpec("numpy", "1.2"),
    "conda-forge/linux-64::numpy==1.2": CondaSpec("numpy", "1.2", True),
    "numpy[version='>=1.2']": CondaSpec("numpy", ">=1.2"),
    "numpy[build=py3_0]": CondaSpec("numpy"),
    "numpy=1.2 # why": CondaSpec("numpy", "1.2"),
    "": CondaSpec(""),
    "=1.2": CondaSpec(""),
}


@pytest.mark.parametrize(("text", "spec"), SPECS.items())
def test_specifications_of_conda(text: str, spec: CondaSpec) -> None:
    """One `=` asks for any version that begins so, unless a build follows."""
    assert parse_conda_spec(text) == spec


NUMBERS = {
    "python: 3.10\n": [("python is written as 3.10, read as the number 3.1, and must be a text", 1, 9)],
    "python: 3.9\n": [("python is written as 3.9, read as the number 3.9, and must be a text", 1, 9)],
    "python: '3.10'\n": [],
    "python: 3.10.4\n": [],
    "python: '3.9'\ndependencies: [a, 5]\n": [
        ("dependencies.1 is written as 5, read as the number 5, and must be a text", 2, 19)
    ],
    "python: '3.9'\nbuild_dependencies:\n- pip==23\n- 1.20 # why\n": [
        ("build_dependencies.1 is written as 1.20, read as the number 1.2, and must be a text", 4, 3)
    ],
    "dependencies: [a]\nother: 5\n": [],
}


@pytest.mark.parametrize(("text", "problems"), NUMBERS.items())
def test_numbers_in_place_of_texts_are_problems(text: str, problems: list[tuple[str, int, int]]) -> None:
    """MLflow refuses a python_env.yaml whose Python is a number, and `3.10` is the number 3.1."""
    found = [one for one in parse_python_env(text, "python_env.yaml").problems if one.rule == "yaml-number"]
    assert [(one.message, one.line, one.column) for one in found] == problems


def test_numbers_in_a_conda_file_are_problems() -> None:
    text = "name: 5\nchannels: [defaults]\ndependencies:\n- python=3.10\n- 3.10\n- pip:\n  - 7\n"
    found = parse_conda(text, "conda.yaml").problems
    assert [(one.rule, one.line) for one in found] == [("yaml-number", 5), ("yaml-number", 7)]

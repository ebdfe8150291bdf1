"""Which tests run which lines of a tree, and running some of them."""

import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Outcome = Literal["killed", "survived", "undecided"]

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")


@dataclass(frozen=True)
class Tests:
    """The tests of a tree that pass: their seconds by id, and by path and line the ids of those that run it."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, frozenset[str]]]

    def covering(self, path: str, lines: Iterable[int]) -> list[str]:
        """The tests that run any of some lines, the quickest first."""
        known = self.lines.get(path, {})
        found = frozenset[str]().union(*(known.get(line, frozenset()) for line in lines))
        return sorted(found, key=lambda test: (self.seconds[test], test))


def find_tests(tree: Path, tests: Sequence[str], sources: Sequence[str], work: Path) -> Tests:
    """Run tests once without a fault, and note what they run of the sources. Tests that fail are left out."""
    data, report, settings = work / "coverage", work / "report.xml", work / "coveragerc"
    include = "".join(f"\n  {tree / path}" for path in sources)
    settings.write_text(f"[run]\ndata_file = {data}\ndynamic_context = test_function\ninclude ={include}\n")
    if not report.exists():
        command = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", *PYTEST[1:]]
        command += [f"--junitxml={report}", f"--basetemp={work / 'tests'}", *tests]
        with open(work / "log", "wb") as log:
            subprocess.run(command, cwd=tree, env=environment(tree), stdout=log, stderr=log, check=False)
    seconds = _seconds(tree, report)
    return Tests(seconds, _lines(tree, data, sources, seconds.keys()))


def _seconds(tree: Path, report: Path) -> dict[str, float]:
    """The seconds of each test function whose cases all pass."""
    seconds: dict[str, float] = {}
    failing = set()
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        test = _id(tree, f"{case.get('classname')}.{str(case.get('name')).partition('[')[0]}")
        seconds[test] = seconds.get(test, 0.0) + float(case.get("time") or 0)
        if case.find("failure") is not None or case.find("error") is not None:
            failing.add(test)
    return {test: time for test, time in seconds.items() if test and test not in failing}


def _id(tree: Path, name: str) -> str:
    """The id of a test by its dotted name: `tests/unit/test_x.py::test_y`; empty where there is no such file."""
    module, _, function = name.rpartition(".")
    path = f"{module.replace('.', '/')}.py"
    return f"{path}::{function}" if (tree / path).is_file() else ""


def _lines(
    tree: Path, data: Path, sources: Sequence[str], known: Iterable[str]
) -> dict[str, dict[int, frozenset[str]]]:
    from coverage import CoverageData

    coverage, tests = CoverageData(str(data)), frozenset(known)
    coverage.read()
    ids = {name: _id(tree, name) for name in coverage.measured_contexts()}
    lines: dict[str, dict[int, frozenset[str]]] = {}
    for path in sources:
        contexts = coverage.contexts_by_lineno(str(tree / path))
        lines[path] = {
            line: covering
            for line, names in contexts.items()
            if (covering := tests.intersection(ids[name] for name in names if name in ids))
        }
    return lines


def environment(tree: Path) -> dict[str, str]:
    """The variables of tests of a tree: they import its package."""
    return {**os.environ, "PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": str(tree.parent / f"{tree.name}-pyc")}


def run_tests(tree: Path, tests: Sequence[str], work: Path, limit: float) -> Outcome:
    """Run tests until one fails, for so many seconds at most."""
    names = work / "tests.txt"
    names.write_text("\n".join(tests))
    command = [*PYTEST, "-x", f"--basetemp={work / 'tests'}", f"@{names}"]
    with subprocess.Popen(
        command,
        cwd=tree,
        env=environment(tree),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            return "undecided"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return "killed" if code else "survived"

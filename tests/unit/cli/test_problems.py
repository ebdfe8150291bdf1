"""Problems as text: each once, with its version; on a terminal many of one rule are one line."""

from dataclasses import replace

from sitegen.analysis.check_policy import Finding
from sitegen.cli.report.check_result import CheckResult
from sitegen.cli.report.problems import render_check
from sitegen.domain.diagnostic import problem

LOOSE = [
    Finding(problem("requirement-loose", f"package {line} has no fixed version", f"{path}/requirements.txt", line), who)
    for path, who in (("m/1", "m v1"), ("m/2", "m v2"))
    for line in (1, 2)
]
BROKEN = Finding(replace(problem("yaml-syntax", "it ends too early", "m/3/MLmodel", 1), hint=""), "m v3")


def lines(*findings: Finding, group: bool = True, color: bool = False) -> list[str]:
    """What is printed."""
    return render_check(CheckResult(findings, 1, 3, group=group, color=color)).splitlines()


def test_problems_of_one_rule_are_one_line_behind_errors() -> None:
    first, second, *rest = lines(*LOOSE, BROKEN)
    assert first == "m/3/MLmodel:1: error[yaml-syntax]: m v3: it ends too early"
    example = "m/1/requirements.txt:1: m v1: package 1 has no fixed version  (hint: "
    assert second.startswith(f"note[requirement-loose]: 4 problems in 2 files, e.g. {example}")
    assert rest == ["--verbose lists all.", "1 model, 3 versions: 1 error, 0 warnings, 4 notes"]


def test_few_problems_are_listed() -> None:
    """Nothing is hidden, so nothing is said about it."""
    assert [line.partition(": ")[0] for line in lines(*LOOSE[:3])[:-1]] == [one.diagnostic.place for one in LOOSE[:3]]


def test_equal_problems_are_printed_and_counted_once() -> None:
    for group in (True, False):
        assert lines(BROKEN, BROKEN, group=group) == lines(BROKEN, group=group)
    assert len(lines(BROKEN, BROKEN._replace(model="other v3"))) == 3


def test_problems_that_stand_for_several_count_as_several() -> None:
    more = Finding(replace(LOOSE[0].diagnostic, message="and 7 more", count=7), "m v1")
    assert lines(*LOOSE, more)[0].startswith("note[requirement-loose]: 11 problems in 2 files, e.g. ")


def test_control_characters_of_a_registry_colour_nothing() -> None:
    """The colours are ours alone."""
    strange = Finding(replace(BROKEN.diagnostic, message="\x1b[31mred"), "m\x1b[0m v3")
    [line, _] = lines(strange, color=True)
    assert line == "m/3/MLmodel:1: \x1b[1;31merror\x1b[0m[yaml-syntax]: m\\x1b[0m v3: \\x1b[31mred"

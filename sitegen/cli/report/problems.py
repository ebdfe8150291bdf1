"""Problems as text: one line each or, on a terminal, those of one rule together."""

from collections.abc import Iterator

from sitegen.analysis.check_policy import Finding
from sitegen.cli.report.check_result import CheckResult
from sitegen.cli.report.words import count_of, severities
from sitegen.core.text import visible
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic, Severity, count_problems

_COLORS: dict[Severity, str] = {"error": "\x1b[1;31m", "warning": "\x1b[33m", "info": "\x1b[36m"}
_PLAIN = "\x1b[0m"

_WORDS: dict[Severity, str] = {"info": "note"}
"""Severities that people know by another word, in the counts and on pages, too."""

_MAX_EXAMPLES = 3
"""Problems of one rule that are listed; of more there is one example."""


def render_check(result: CheckResult) -> str:
    """The problems, each once, and a last line that counts what was read and found."""
    findings = list(dict.fromkeys(result.findings))
    lines = _groups(findings, result.color) if result.group else (_line(one, result.color) for one in findings)
    return "\n".join([*lines, _summary(result, findings), ""])


def diagnostic_line(diagnostic: Diagnostic, subject: str = "", color: bool = False) -> str:
    """A problem on one line: its place, severity, rule, subject, message and hint."""
    return f"{_place(diagnostic)}: {_head(diagnostic, color)}: {_message(diagnostic, subject)}{_hint(diagnostic)}"


def count_line(result: CheckResult) -> str:
    """How many models and versions were read, and how many problems they have: the last line of the text."""
    return _summary(result, list(result.findings))


def _summary(result: CheckResult, findings: list[Finding]) -> str:
    diagnostics = [one.diagnostic for one in findings]
    counts = {level: count_problems(one for one in diagnostics if one.severity == level) for level in SEVERITIES}
    sizes = f"{count_of(result.models, 'model')}, {count_of(result.versions, 'version')}"
    aside = [(result.ignored, "ignored"), (result.known, "known before")]
    counted = "".join(f"; {count:,} {word}" for count, word in aside if count)
    return f"{sizes}: {severities(counts)}{counted}"


def _line(finding: Finding, color: bool) -> str:
    return diagnostic_line(finding.diagnostic, finding.subject, color)


def _groups(findings: list[Finding], color: bool) -> Iterator[str]:
    """The problems by rule, errors first; a rule with many is one example and a count."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((SEVERITIES.index(one.diagnostic.severity), one.diagnostic.rule), []).append(one)
    hidden = False
    for _, group in sorted(groups.items()):
        if len(group) <= _MAX_EXAMPLES:
            yield from (_line(one, color) for one in group)
            continue
        hidden = True
        first, subject = group[0].diagnostic, group[0].subject
        example = f"{_place(first)}: {_message(first, subject)}{_hint(first)}"
        yield f"{_head(first, color)}: {_extent(group)}, e.g. {example}"
    if hidden:
        yield "--verbose lists all."


def _extent(group: list[Finding]) -> str:
    """How many files have the problem, and how many problems there are where that is more."""
    files = len({one.diagnostic.path for one in group})
    problems = count_problems(one.diagnostic for one in group)
    return count_of(files, "file") if problems == files else f"{problems:,} problems in {count_of(files, 'file')}"


def _head(diagnostic: Diagnostic, color: bool) -> str:
    before, after = (_COLORS[diagnostic.severity], _PLAIN) if color else ("", "")
    return f"{before}{_WORDS.get(diagnostic.severity, diagnostic.severity)}{after}[{diagnostic.rule}]"


def _message(diagnostic: Diagnostic, subject: str) -> str:
    """The message, with the version that it is about in front of it."""
    message = visible(diagnostic.message)
    return f"{visible(subject)}: {message}" if subject else message


def _hint(diagnostic: Diagnostic) -> str:
    return f"  (hint: {visible(diagnostic.hint)})" if diagnostic.hint else ""


def _place(diagnostic: Diagnostic) -> str:
    """The place of a problem. A line that begins with two colons would be a command of GitHub Actions."""
    place = visible(diagnostic.place)
    return f"./{place}" if place.lstrip().startswith("::") else place

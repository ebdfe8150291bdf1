"""Reviews as a report of JUnit: a test a version, alias and setting; what fails in it is its failure."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sitegen.analysis.review.policy import Decision, Review
from sitegen.analysis.review.values import ModelReview
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.words import (
    hint_of,
    located_message_of,
    message_of,
    move_text,
    pointer_name,
    setting_text,
    status_text,
    verdict_line,
    version_label,
)
from sitegen.core.text import reveal, visible

_SUITE = "sitegen diff"


def render_review(review: Review, _: Context) -> str:
    """One suite; the verdict is its first test. The report has no times but the day of the review."""
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite")
    SubElement(suite, "properties")
    _add_test(suite, "verdict", verdict_line(review), [] if review.passes else [verdict_line(review)])
    for change in review.setting_changes:
        _add_test(suite, "settings", setting_text(*change), [])
    registry = review.by_model.get((), [])
    if registry:
        _add_test(suite, "registry", "stores", _failures(registry))
    for model in review.models:
        _add_pointers(suite, review, model)
    for model in review.models:
        _add_versions(suite, review, model)
    SubElement(suite, "system-out")
    SubElement(suite, "system-err")
    failures = len(suite.findall("testcase/failure"))
    suite.attrib.update(
        {"id": "0", "package": "sitegen", "name": _SUITE, "hostname": "localhost", "time": "0", "errors": "0"}
        | {"timestamp": f"{review.day}T00:00:00", "tests": str(len(suite.findall("testcase")))}
        | {"failures": str(failures)}
    )
    indent(suites)
    document: bytes = tostring(suites, encoding="us-ascii", xml_declaration=True)
    return document.decode() + "\n"


def _add_pointers(suite: Element, review: Review, model: ModelReview) -> None:
    for move in model.pointers:
        decisions = [
            one
            for one in review.decisions_about(model)
            if one.finding.about == "pointer" and one.finding.pointer == move.name
        ]
        _add_test(suite, model.name, f"{pointer_name(move.name)} {move_text(move)}", _failures(decisions))


def _add_versions(suite: Element, review: Review, model: ModelReview) -> None:
    own = review.decisions_about(model)
    itself = [one for one in own if one.finding.about == "model"]
    if itself:
        _add_test(suite, model.name, f"model {model.status}", _failures(itself))
    for version in model.versions:
        decisions = [one for one in own if one.finding.about == "version" and one.finding.version == version.name]
        name = f"{version_label(version.name, model.kind)} {status_text(version)}"
        _add_test(suite, model.name, name, _failures(decisions))


def _failures(decisions: Sequence[Decision]) -> list[str]:
    found = []
    for decision in decisions:
        if decision.fails:
            one = decision.finding
            hint, message = hint_of(one), located_message_of(one) if one.diagnostic else message_of(one)
            found.append(f"{message} [{one.rule}]" + (f" ({hint})" if hint else ""))
    return found


def _add_test(suite: Element, group: str, name: str, failures: Sequence[str]) -> None:
    test = SubElement(suite, "testcase", classname=_text(group), name=_text(name), time="0")
    if failures:
        failure = SubElement(test, "failure", message=_text(failures[0]), type="sitegen")
        failure.text = "\n".join(map(_text, failures))


def _text(text: str) -> str:
    """A text without the characters that XML does not allow."""
    return visible(reveal(text)).encode("utf-8", "backslashreplace").decode()

"""The policy of `sitegen check`: levels, what is ignored until a day, and what was known before."""

import pytest

from sitegen.analysis.check_policy import Finding, decide
from sitegen.domain.diagnostic import problem
from sitegen.settings.accept import Accept
from sitegen.settings.settings import Check

TODAY = "2026-06-15"
LOOSE = Finding(problem("requirement-loose", "numpy has no fixed version", "m/1/requirements.txt", 3), "m", "v1")
OTHER = Finding(problem("requirement-loose", "scipy has no fixed version", "m/1/requirements.txt", 4), "m", "v1")
SECRET = Finding(problem("secret", "a text looks like a token", "m/1/tags.json"), "m", "v1")


def accept(**globs: str) -> Accept:
    """What is ignored until the end of the year."""
    return Accept(**{"reason": "known", "expires": "2026-12-31"} | globs)


def test_a_rule_has_the_level_of_the_settings() -> None:
    settings = Check(levels=(("requirement-loose", "error"), ("secret", "off")))
    found = decide([LOOSE, SECRET], settings, {}, TODAY)
    assert [(one.diagnostic.rule, one.diagnostic.severity) for one in found.findings] == [
        ("requirement-loose", "error")
    ]
    assert (found.ignored, found.known) == (0, 0)


@pytest.mark.parametrize("globs", [{"rule": "secret"}, {"model": "m*", "where": "m/*/tags.json"}, {"where": "*.json"}])
def test_what_is_ignored_does_not_count(globs: dict[str, str]) -> None:
    found = decide([LOOSE, SECRET], Check(ignore=(accept(**globs),)), {}, TODAY)
    assert found.findings == (LOOSE,) and found.ignored == 1


@pytest.mark.parametrize(
    "globs", [{"rule": "secre"}, {"model": "other"}, {"version": "v2"}, {"rule": "secret", "where": "x"}]
)
def test_what_an_entry_does_not_name_counts(globs: dict[str, str]) -> None:
    assert decide([SECRET], Check(ignore=(accept(**globs),)), {}, TODAY).findings == (SECRET,)


def test_an_expired_entry_ignores_nothing_and_fails() -> None:
    """From the day after its last."""
    entry = accept(rule="secret", expires=TODAY)
    assert decide([SECRET], Check(ignore=(entry,)), {}, TODAY).findings == ()
    first, second = decide([SECRET], Check(ignore=(entry,)), {}, "2026-06-16").findings
    assert first.diagnostic.rule == "ignore-expired" and first.diagnostic.severity == "error"
    assert first.diagnostic.message == "rule secret: expired on 2026-06-15 (known)" and second == SECRET


def test_what_was_known_is_set_aside_by_its_number() -> None:
    """Moved lines and other words are the same finding; one more of a kind in the same file is new."""
    assert LOOSE.key == OTHER.key != SECRET.key
    found = decide([LOOSE, OTHER, SECRET], Check(), {LOOSE.key: 1}, TODAY)
    assert found.findings == (OTHER, SECRET) and found.known == 1
    assert decide([LOOSE], Check(), {LOOSE.key: 5}, TODAY).findings == ()


def test_names_cannot_break_the_lines_of_known_findings() -> None:
    finding = Finding(problem("secret", "x", "a\tb\nc\\d"), "m\r\n1\tsecret\tm\tx", "v1")
    assert finding.key.count("\t") == 2 and not set("\r\n") & set(finding.key)
    assert finding.key != finding._replace(model=r"m\r\n1\tsecret\tm\tx").key

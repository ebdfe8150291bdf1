"""The scripts that judge two signatures in the browser: for all cases and random pairs they say what Python says."""

import itertools
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sitegen.analysis.compat.compare import UNREADABLE, compare_signatures
from sitegen.analysis.compat.rules.table import CHANGE_RULES, fix, reason
from sitegen.domain.comparison import Comparison
from sitegen.domain.signature import Signature
from sitegen.site.assets import join_script
from sitegen.site.compat_script import compat_rules
from sitegen.site.json_api import dumps
from sitegen.site.signature_data import Contract, contract_data
from sitegen.site.theme import load_theme
from tests.mlflow.oracle.agreement import signature as parse
from tests.mlflow.oracle.pairs import pairs
from tests.support import shorthand
from tests.support.options import LONG
from tests.unit.analysis.compat.test_compat import CASES

PAIRS = 20_000 if LONG else 1500
SEED = 3

Pair = tuple[Signature | None, Signature | None, bool]
"""Two signatures, and whether the first comes from type hints."""

JUDGE = """(pairs) => pairs.map(([old, next]) => {
    const { compareSignatures, reasonOf, fixOf } = window.sitegen.compat;
    const { python, rest, outputs, changes } = compareSignatures(old, next);
    const texts = changes.map((one) => [one.rule, one.area, one.where, one.old, one.new, one.python, one.rest,
        one.outputs, one.forms, reasonOf(one), fixOf(one)]);
    return { verdict: [python, rest, outputs], changes: texts };
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with the scripts alone."""
    page = browser.new_page()
    theme = load_theme("")
    for script in (join_script(theme, "common"), compat_rules(), join_script(theme, "compat")):
        page.evaluate(script.decode())
    yield page
    page.close()


def cases() -> Iterator[Pair]:
    """The cases of Python's test, and signatures that are missing or cannot be read."""
    for case in CASES:
        yield shorthand.signature(case.old), shorthand.signature(case.new), False
    one = shorthand.signature("a: long, b?: string -> double")
    special = (None, UNREADABLE, one, Signature(inputs=(), outputs=()))
    yield from ((old, new, hinted) for old in special for new in special for hinted in (False, True))


def random_pairs() -> Iterator[Pair]:
    """Pairs that differ by edits, and pairs that have nothing to do with each other."""
    made = [(parse(pair.old), parse(pair.new)) for pair in itertools.islice(pairs(SEED), PAIRS)]
    for number, (old, new) in enumerate(made):
        yield old, new, number % 29 == 0
    strangers = random.Random(SEED).sample([old for old, _ in made], len(made))
    yield from ((old, new, False) for (old, _), new in zip(made[::3], strangers, strict=False))


@pytest.mark.parametrize("source", [cases, random_pairs], ids=["cases", "random"])
def test_the_browser_judges_signatures_as_python_does(page: Page, source: Any) -> None:
    """The verdict, each change with its levels and forms, and the sentences about it."""
    judged = list(source())
    assert len(judged) > 150
    asked = json.loads(dumps([[_data(old, hinted), _data(new, False)] for old, new, hinted in judged]))
    rules = set()
    for pair, answer in zip(judged, page.evaluate(JUDGE, asked), strict=True):
        old, new, hinted = pair
        expected = compare_signatures(old, new, type_hints=hinted)
        rules |= {change.rule for change in expected.changes}
        assert answer == _facts(expected), pair
    if source is cases:
        assert rules >= {name for name, rule in CHANGE_RULES.items() if rule.others is None}


def _data(signature: Signature | None, hinted: bool) -> dict[str, Any]:
    return contract_data(Contract(signature, hinted))


def _facts(comparison: Comparison) -> dict[str, Any]:
    verdict = comparison.verdict
    changes = [
        [
            *(change.rule, change.area, change.where, change.old, change.new),
            *(change.python, change.rest, change.outputs, list(change.forms), reason(change), fix(change)),
        ]
        for change in comparison.changes
    ]
    return {"verdict": [verdict.python, verdict.rest, verdict.outputs], "changes": changes}

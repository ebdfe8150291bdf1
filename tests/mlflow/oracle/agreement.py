"""Compares our verdicts with MLflow's answers, and counts where they differ and by which rule."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sitegen.analysis.compat.compare import compare_signatures
from sitegen.analysis.compat.rules.table import HARSHER
from sitegen.domain.comparison import PYTHON_FORMS, REST_FORMS, Change, Comparison, Form, Level, worst
from sitegen.domain.signature import Signature
from sitegen.formats.signature import parse_signature
from tests.mlflow.oracle.pairs import Pair
from tests.mlflow.oracle.signatures import Texts

ENFORCEMENT = Path(__file__).with_name("mlflow_enforcement.py")

MEANINGS: dict[str, Level] = {
    "accepted": "safe",
    "lossy": "lossy",
    "altered": "breaking",
    "partly": "breaking",
    "refused": "breaking",
}
"""What MLflow's answers mean; `untried` means nothing."""

WEIGHTS: dict[Level, int] = {"safe": 0, "behaviour": 0, "lossy": 1, "unknown": 2, "breaking": 3}
"""How bad a level is for a call that MLflow is asked about: `behaviour` is a call that it takes whole."""

FORMS_OF: dict[str, tuple[Form, ...]] = {
    "python": PYTHON_FORMS,
    "rest": REST_FORMS,
    "python_params": (),
    "rest_params": (),
}
"""The forms that each answer is the worst of."""

Answers = dict[str, Any]


def ask(pairs: Iterable[Pair], python: str, *oracle: Path) -> Iterator[Answers]:
    """MLflow's answers, in order. `python` is an interpreter that has MLflow, `oracle` another script to run in it."""
    lines = "".join(json.dumps(asdict(pair)) + "\n" for pair in pairs)
    command = [python, *(oracle or (ENFORCEMENT,))]
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return map(json.loads, done.stdout.splitlines())


def signature(texts: Texts | None) -> Signature | None:
    """A signature as the site reads it."""
    return parse_signature(texts["inputs"], texts["outputs"], texts["params"])[0] if texts else None


@dataclass
class Tally:
    """What came out of a campaign. A pair that MLflow cannot load says nothing and does not count as judged."""

    judged: int = 0
    unloadable: int = 0
    harsher: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    milder: list[str] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    milder_forms: list[str] = field(default_factory=list)
    harsher_forms: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)

    def add(self, pair: Pair, answers: Answers) -> None:
        """Counts one pair: inputs and params apart, for both kinds of callers."""
        if answers["python"] == "unloadable":
            self.unloadable += 1
            return
        self.judged += 1
        found = compare_signatures(signature(pair.old), signature(pair.new))
        rules: set[str] = set()
        for route in ("python", "rest"):
            for area, key in (("inputs", route), ("params", f"{route}_params")):
                if answers[key] != "untried":
                    levels = {change: getattr(change, route) for change in found.changes if change.area == area}
                    rules |= self._judge(pair, answers, levels, key, FORMS_OF[key])
        self.harsher += bool(rules)
        self.rules.update(rules)
        self._judge_forms(pair, answers, found)

    def _judge(
        self, pair: Pair, answers: Answers, levels: dict[Change, Level | None], key: str, forms: tuple[Form, ...]
    ) -> set[str]:
        """Judges one question; yields the rules by which the verdict is harsher."""
        truth = WEIGHTS[MEANINGS[answers[key]]]
        case = f"{key}: {answers[key]}, {[(c.rule, c.where) for c in levels]}, {answers['why']}\n  {pair}"
        if WEIGHTS[worst(levels.values())] < truth:
            self.milder.append(case)
        unsent = set.intersection(*(set(answers["unsent"].get(form, ())) for form in forms)) if forms else set()
        harsh = {c.rule for c, level in levels.items() if level and WEIGHTS[level] > truth and not _lies_in(c, unsent)}
        if harsh and not harsh & HARSHER.keys():
            self.unexplained.append(case)
        return harsh & HARSHER.keys() or harsh

    def _judge_forms(self, pair: Pair, answers: Answers, found: Comparison) -> None:
        """Judges the verdict for each form; one that we do not take for accepted has that of its kind of caller."""
        ours = {
            **dict.fromkeys(PYTHON_FORMS, worst(one.python for one in found.changes if one.area == "inputs")),
            **dict.fromkeys(REST_FORMS, worst(one.rest for one in found.changes if one.area == "inputs")),
            **dict(found.forms),
        }
        for form, answer in answers["forms"].items():
            if answer == "untried":
                continue
            self.forms[form] += 1
            truth = WEIGHTS[MEANINGS[answer]]
            level = ours[form]
            if WEIGHTS[level] < truth:
                changes = [(change.rule, change.where, change.forms) for change in found.changes]
                self.milder_forms.append(f"{form}: {answer}, not {level}, {changes}, {answers['why']}\n  {pair}")
            elif WEIGHTS[level] > truth:
                self.harsher_forms[form] += 1


def _lies_in(change: Change, parts: set[str]) -> bool:
    """Whether a change concerns a part that no caller of the old model can send, so that MLflow was not asked."""
    return any(change.where == part or change.where.startswith((part + ".", part + "[")) for part in parts)

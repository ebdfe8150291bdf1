"""No name ends in a participle: a function is an imperative verb, a value a noun."""

import ast
import re
from collections.abc import Iterator

from tests.unit.test_layers import MODULES, tree

IRREGULAR = frozenset(
    re.findall(
        r"\w+",
        """
        begun born bound broken brought built cast caught chosen come cost cut dealt done drawn driven fallen fed
        felt forgotten fought found frozen given gone grown heard held hidden hit hung hurt kept known laid led left
        lent let lost made meant met paid put read run said seen sent set shown shut sold spent split spoken spread
        stolen struck swept taken taught thought thrown told torn understood won worn wound written
        """,
    )
)
"""Participles that do not end in -ed."""

NOT_PARTICIPLES = frozenset(["feed", "need", "seed", "speed", "embed", "red"])

FREE = {
    "put": "an imperative verb",
    "read": "an imperative verb",
    "run": "MLflow's noun, or an imperative verb",
    "Run": "MLflow's noun",
    "parse_run": "MLflow's noun",
    "NO_RUN": "MLflow's noun",
    "deleted": "a boolean of MLflow's",
    "Loaded": "a value with the problems of loading it, as the field `value` says",
    "markdown_cost": "a noun",
    "is_valid_set": "a noun",
    "why_read": "a verb in the past tense: why a model was read",
}
"""Names that may end like a participle, and why."""


def is_participle(word: str) -> bool:
    """Whether a word reads like the participle of a verb."""
    return word in IRREGULAR or (word.endswith("ed") and word not in NOT_PARTICIPLES)


def last_word(name: str) -> str:
    """The last word of a name in any case style."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return words[-1].lower() if words else ""


def names(module: str) -> Iterator[str]:
    """The name of a module, of its functions, methods and classes, and of its constants."""
    yield module.rpartition(".")[2]
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
    for statement in tree(module).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in filter(None, targets):
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def test_no_name_ends_in_a_participle() -> None:
    """The list of exceptions holds no name that is gone."""
    found = {name for module in MODULES for name in names(module) if is_participle(last_word(name))}
    found = {name.lstrip("_") for name in found}
    assert found - FREE.keys() == set()
    assert FREE.keys() - found == set()


def test_participles_are_recognized() -> None:
    assert [
        name
        for name in ("_kept", "is_parsed", "MAX_LISTED", "Shown", "make_plan", "feed")
        if is_participle(last_word(name))
    ] == [
        "_kept",
        "is_parsed",
        "MAX_LISTED",
        "Shown",
    ]

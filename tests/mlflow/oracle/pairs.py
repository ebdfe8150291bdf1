"""Makes pairs of signatures from a seed: edits of each other, unrelated ones, equal ones, missing ones."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.mlflow.oracle.edits import EDITS
from tests.mlflow.oracle.signatures import Texts, draft, texts


@dataclass(frozen=True)
class Pair:
    """Two signatures as an MLmodel file states them, None where it states none, and how they were made."""

    old: Texts | None
    new: Texts | None
    made_by: str


def pairs(seed: int) -> Iterator[Pair]:
    """Pairs without end; the same seed gives the same ones."""
    random = Random(seed)
    while True:
        yield pair(random)


def pair(random: Random) -> Pair:
    """One pair: mostly edits of one signature, one in seven unrelated, few equal, or with a side missing."""
    old = draft(random)
    kind = random.random()
    if kind < 0.15:
        return Pair(texts(old), texts(draft(random)), "unrelated")
    if kind < 0.18:
        return Pair(texts(old), texts(old), "equal")
    if kind < 0.188:
        sides = [None, texts(old)]
        random.shuffle(sides)
        return Pair(*sides, "missing")
    new = copy.deepcopy(old)
    made_by = []
    wanted = 1 if random.random() < 0.55 else random.randint(2, 4)
    while len(made_by) < wanted:
        before = texts(new)
        edit = random.choice(EDITS)
        edit(new, random)
        if texts(new) != before:
            made_by.append(edit.__name__)
    return Pair(texts(old), texts(new), "+".join(made_by))

"""What a comparison found: how many fields were compared, and which of them differ."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.mlflow.truth.known import reason


@dataclass(frozen=True)
class Difference:
    """One field that we and MLflow state differently. `reason` is there where we know why."""

    place: str
    field: str
    ours: Any
    theirs: Any
    reason: str | None

    def __str__(self) -> str:
        """One line."""
        said = f"{self.place}: {self.field}: ours {_short(self.ours)}, MLflow's {_short(self.theirs)}"
        return f"{said}  (known: {self.reason})" if self.reason else said


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 160 else f"{text[:80]} ... {text[-70:]}"


@dataclass
class Outcome:
    """Fields compared, by name, and the differences among them."""

    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def compare(self, place: str, field: str, ours: Any, theirs: Any) -> None:
        """Compare one field."""
        self.compared[field] += 1
        if ours != theirs:
            self.differences.append(Difference(place, field, ours, theirs, reason(field, ours, theirs)))

    def compare_members(self, place: str, field: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        """Compare two mappings, each member as a field of its own."""
        for key in sorted(ours.keys() | theirs.keys()):
            self.compare(f"{place} {key}", field, ours.get(key), theirs.get(key))

    def add(self, others: Iterable["Outcome"]) -> "Outcome":
        """This and all others."""
        for other in others:
            self.compared += other.compared
            self.differences += other.differences
        return self

    def unknown(self) -> list[Difference]:
        """The differences that nothing explains."""
        return [one for one in self.differences if one.reason is None]

    def summary(self) -> str:
        """The counts in one line."""
        fields = ", ".join(f"{name} {count:,}" for name, count in sorted(self.compared.items()))
        known = len(self.differences) - len(self.unknown())
        return f"{self.compared.total():,} fields compared, {len(self.unknown())} differ, {known} known: {fields}"

"""Where in a signature a change is, and short texts for types and columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.analysis.compat.rules.table import change
from sitegen.domain.comparison import Area, Change
from sitegen.domain.signature import Column, Tensor, Type, type_name

MANY = 12
"""The largest number of columns that are listed by name."""


@dataclass(frozen=True)
class SignaturePath:
    """A place in a signature. `nested`: inside another type, where the scoring server casts nothing."""

    area: Area
    where: str
    nested: bool = False

    def inside(self, step: str) -> "SignaturePath":
        """The place one step deeper."""
        return SignaturePath(self.area, self.where + step, nested=True)

    def change(self, rule: str, old: str | None = None, new: str | None = None) -> Change:
        """A change at this place."""
        return change(rule, self.area, self.where, old, new)


def type_text(type: Type) -> str:
    """A type as one line, a tensor with its shape: `float64 (-1, 10)`."""
    return f"{type.dtype} {shape_text(type)}" if isinstance(type, Tensor) else type_name(type)


def shape_text(tensor: Tensor) -> str:
    """A shape as numpy users write it: `(-1, 10)`."""
    return f"({', '.join(map(str, tensor.shape))})"


def columns_text(columns: Sequence[Column]) -> str:
    """Columns as one line: the first names, or types if they have no names."""
    first = [type_text(column.type) if column.name is None else column.name for column in columns[:MANY]]
    return ", ".join(first) + (f" and {len(columns) - MANY} more" if len(columns) > MANY else "")

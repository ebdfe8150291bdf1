"""What a build came to."""

from dataclasses import dataclass
from typing import NamedTuple

from sitegen.domain.diagnostic import Severity


class Counts(NamedTuple):
    """What was done, in items: folders parsed, pages rendered, files written."""

    parsed: int = 0
    rendered: int = 0
    written: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The sum."""
        return Counts(self.parsed + other.parsed, self.rendered + other.rendered, self.written + other.written)


NO_COUNTS = Counts()


@dataclass(frozen=True)
class Report:
    """Sizes of the site, problems by severity, and the work that was done."""

    models: int
    versions: int
    pages: int
    problems: dict[Severity, int]
    counts: Counts = NO_COUNTS

"""The input and the result of one build."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sitegen.build.state import State
from sitegen.domain.diagnostic import Severity
from sitegen.settings.settings import Settings
from sitegen.sources.discovery import Discovery

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.site.earlier_site import EarlierSite

Progress = Callable[[int], None]
"""Receives the number of versions that were built since the last call."""

Workers = Callable[[int], AbstractContextManager["Executor | None"]]
"""Starts workers for a number of versions; None means that the calling process does the work."""


class Counts(NamedTuple):
    """Numbers of bundles parsed, pages rendered and files written."""

    parsed: int = 0
    rendered: int = 0
    written: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The sum."""
        return Counts(self.parsed + other.parsed, self.rendered + other.rendered, self.written + other.written)


NO_COUNTS = Counts()


@dataclass(frozen=True)
class BuildReport:
    """Sizes of the site, problems by severity, and the work that the build did.

    `explanation` has one line a model, bundle and page if the request asks for it. The state keeps neither the work nor
    its explanation.
    """

    models: int
    versions: int
    pages: int
    problems: dict[Severity, int]
    counts: Counts = NO_COUNTS
    explanation: tuple[str, ...] = ()


@dataclass(frozen=True)
class BuildRequest:
    """One build of a discovered registry.

    `root` is the output: a folder or a URL. `cache` is the folder for local state. `started` is when the command began,
    in nanoseconds since 1970. `threads` is the number of jobs that the workers run at the same time. `allow_empty` says
    whether the site may lose all of its models, `explain` whether the report has the reasons of the work. `earlier` is
    the site with which the catalog compares this one.
    """

    discovery: Discovery
    settings: Settings
    root: str
    cache: Path
    state: State
    started: int
    workers: Workers = lambda _: nullcontext()
    progress: Progress = lambda _: None
    threads: int = 1
    allow_empty: bool = False
    explain: bool = False
    earlier: "EarlierSite | None" = None

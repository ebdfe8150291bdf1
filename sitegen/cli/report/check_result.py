"""`CheckResult`: what `sitegen check` found, for all formats."""

from typing import NamedTuple

from sitegen.analysis.check_policy import Finding
from sitegen.domain.diagnostic import Diagnostic


class CheckResult(NamedTuple):
    """The problems of a registry, and how many models and versions were read.

    `folder` is the registry's folder, relative to the current one. `group`: problems of one rule are to be shown
    together; `color`: with colours. Formats for programs list all, without colours. `ignored` and `known` count the
    problems that were set aside.
    """

    findings: tuple[Finding, ...]
    models: int = 0
    versions: int = 0
    folder: str = ""
    group: bool = False
    color: bool = False
    ignored: int = 0
    known: int = 0

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """The problems alone."""
        return [finding.diagnostic for finding in self.findings]

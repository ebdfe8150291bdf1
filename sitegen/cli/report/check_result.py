"""`CheckResult`: what `sitegen check` found, for all formats."""

from typing import NamedTuple

from sitegen.domain.diagnostic import Diagnostic


class Finding(NamedTuple):
    """A problem, and the model or version that has it, as people call it; empty for the registry itself."""

    diagnostic: Diagnostic
    subject: str = ""


class CheckResult(NamedTuple):
    """The problems of a registry, and how many models and versions were read.

    `folder` is the registry's folder, relative to the current one. `group`: problems of one rule are to be shown
    together; `color`: with colours. Formats for programs list all, without colours.
    """

    findings: tuple[Finding, ...]
    models: int = 0
    versions: int = 0
    folder: str = ""
    group: bool = False
    color: bool = False

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """The problems alone."""
        return [finding.diagnostic for finding in self.findings]

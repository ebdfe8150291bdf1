"""The compatibility verdict: what changes between two versions, and whether callers of the old one break."""

from sitegen.analysis.compat.beyond_signature import version_changes
from sitegen.analysis.compat.signatures import compare_signatures
from sitegen.domain.comparison import Comparison
from sitegen.domain.model import Version
from sitegen.domain.signature import Signature

UNREADABLE = Signature(unreadable=("inputs", "outputs", "params"))
"""Stands for the signature of a version whose MLmodel cannot be read."""


def compare(old: Version, new: Version) -> Comparison:
    """What changes from one version to another. The verdict speaks of the signature alone."""
    signatures = compare_step(old, new)
    others = tuple(version_changes(old, new))
    return Comparison(changes=signatures.changes + others, verdict=signatures.verdict) if others else signatures


def compare_step(old: Version, new: Version) -> Comparison:
    """What the step from one version to the next does to the signature alone."""
    return compare_signatures(_signature(old), _signature(new), type_hints=_has_type_hints(old) or _has_type_hints(new))


def _has_type_hints(version: Version) -> bool:
    return version.mlmodel is not None and version.mlmodel.signature_from_type_hint


def _signature(version: Version) -> Signature | None:
    return version.signature if version.mlmodel else UNREADABLE

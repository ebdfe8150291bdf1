"""Models as they are published: first redacted, then checked."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sitegen.analysis.checks import add_findings, add_version_findings
from sitegen.domain.model import Model, Version
from sitegen.privacy.values import redact_model, redact_version
from sitegen.settings.settings import Privacy

NO_VERSIONS: Mapping[bytes, Version] = MappingProxyType({})


def redact_and_check(model: Model, privacy: Privacy, known: Mapping[bytes, Version] = NO_VERSIONS) -> Model:
    """Redact and check a model. `known` has earlier results for versions with the same privacy, by digest."""
    without_versions = add_findings(redact_model(replace(model, versions=()), privacy))
    return replace(
        without_versions,
        versions=tuple(
            known.get(version.digest) or _redact_and_check_version(version, privacy) for version in model.versions
        ),
    )


def _redact_and_check_version(version: Version, privacy: Privacy) -> Version:
    return add_version_findings(redact_version(version, privacy))

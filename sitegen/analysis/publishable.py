"""Models as they are published: what must not leave is taken out first, then the rules look at what is left."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sitegen.analysis.checks import add_findings, add_version_findings
from sitegen.domain.model import Model, Version
from sitegen.privacy.values import redact_model, redact_version
from sitegen.settings.settings import Privacy

NO_VERSIONS: Mapping[bytes, Version] = MappingProxyType({})


def redact_and_check(model: Model, privacy: Privacy, known: Mapping[bytes, Version] = NO_VERSIONS) -> Model:
    """The model, redacted and checked. `known` has versions that came out of here with this privacy, by digest."""
    whole = add_findings(redact_model(replace(model, versions=()), privacy))
    return replace(
        whole,
        versions=tuple(known.get(one.digest) or _redact_and_check_version(one, privacy) for one in model.versions),
    )


def _redact_and_check_version(version: Version, privacy: Privacy) -> Version:
    return add_version_findings(redact_version(version, privacy))

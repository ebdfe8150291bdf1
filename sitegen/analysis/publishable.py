"""Models as they are published: what must not leave is taken out first, then the rules look at what is left."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sitegen.analysis.checks import checked, checked_version
from sitegen.domain.model import Model, Version
from sitegen.privacy.values import redact_model, redact_version
from sitegen.settings.settings import Privacy

NONE_KNOWN: Mapping[bytes, Version] = MappingProxyType({})


def cleared(model: Model, privacy: Privacy, known: Mapping[bytes, Version] = NONE_KNOWN) -> Model:
    """The model, redacted and checked. `known` has versions that came out of here with this privacy, by digest."""
    whole = checked(redact_model(replace(model, versions=()), privacy))
    return replace(whole, versions=tuple(known.get(one.digest) or _cleared(one, privacy) for one in model.versions))


def _cleared(version: Version, privacy: Privacy) -> Version:
    return checked_version(redact_version(version, privacy))

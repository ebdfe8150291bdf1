"""What a process that builds again and again keeps of the models that it built last, so that an edit costs one version.

Nothing of it is written down, and nothing is trusted: all is found by a digest of what it was made of.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sitegen.build.packing import OpenedParts
from sitegen.domain.model import Model, Version
from sitegen.settings.settings import Privacy

Versions = Mapping[bytes, Version]

MOST = 12_000
"""Versions that are kept. With 10,000 of a generated registry a process has 346 MB, of which a build needs most."""


class ModelMemo(NamedTuple):
    """A model as it was built last: its versions as they were loaded and as they were published with `privacy`, by
    digest, and what was parsed of it.
    """

    privacy: Privacy
    loaded: Versions
    cleared: Versions
    parts: OpenedParts


NOTHING = ModelMemo(Privacy(), {}, {}, {})


class Session:
    """The models that were built last, by their identity; all in all they have at most `most` versions."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._models: dict[str, ModelMemo] = {}

    def last(self, identity: str, privacy: Privacy) -> ModelMemo:
        """What is kept of a model that may be used with this privacy."""
        found = self._models.get(identity, NOTHING)
        return found if found.privacy == privacy else found._replace(privacy=privacy, cleared={})

    def keep(self, identity: str, last: ModelMemo) -> None:
        """Keep a model as it is now, and forget those that were built longest ago."""
        self._models.pop(identity, None)
        self._models[identity] = last
        count = sum(len(one.loaded) for one in self._models.values())
        while count > self._most:
            count -= len(self._models.pop(next(iter(self._models))).loaded)


def by_digest(model: Model) -> Versions:
    """The versions of a model by their digest."""
    return {version.digest: version for version in model.versions}

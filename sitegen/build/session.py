"""In-memory cache of a long-lived process such as `serve`: an edit of one version costs the work of one version.

Nothing of it is written to disk. Every value is found by a digest or by the value that it was made of, so that a build
without a session writes the same bytes.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sitegen.build.packing import OpenedParts
from sitegen.domain.model import Model, Version
from sitegen.settings.settings import Privacy
from sitegen.sources.refs import ModelRef

Versions = Mapping[bytes, Version]
"""Versions by their digest."""

MAX_VERSIONS = 12_000
"""Versions in memory. With 10,000 of a generated registry a process has 346 MB, of which a build needs most."""


class ModelMemo(NamedTuple):
    """A model of the last build: its versions as loaded, the same redacted with `privacy`, and its parsed values."""

    privacy: Privacy
    loaded: Versions
    redacted: Versions
    parts: OpenedParts


NO_MEMO = ModelMemo(Privacy(), {}, {}, {})


class Session:
    """State of a process between its builds.

    `stamps` holds the stamp of each model beside the values that it was computed from. `output_digest` is the
    digest of the output as it was last seen, empty if there is none. Memos of models hold at most
    `max_versions` versions together.
    """

    def __init__(self, output_digest: str = "", max_versions: int = MAX_VERSIONS) -> None:
        self.output_digest, self.max_versions = output_digest, max_versions
        self.stamps: dict[str, tuple[ModelRef, str, bytes]] = {}
        self._models: dict[str, ModelMemo] = {}

    def memo(self, identity: str, privacy: Privacy) -> ModelMemo:
        """The memo of a model, without redacted versions if the privacy settings have changed."""
        memo = self._models.get(identity, NO_MEMO)
        return memo if memo.privacy == privacy else memo._replace(privacy=privacy, redacted={})

    def save_memo(self, identity: str, memo: ModelMemo) -> None:
        """Store the memo of a model, and drop those that were stored longest ago."""
        self._models.pop(identity, None)
        self._models[identity] = memo
        count = sum(len(memo.loaded) for memo in self._models.values())
        while count > self.max_versions:
            count -= len(self._models.pop(next(iter(self._models))).loaded)


def single_build(output_digest: str = "") -> Session:
    """A session of a process that builds once: it stores no model."""
    return Session(output_digest, max_versions=0)


def by_digest(model: Model) -> Versions:
    """The versions of a model by their digest."""
    return {version.digest: version for version in model.versions}

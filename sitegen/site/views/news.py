"""The view of *What's new* on the catalog."""

from typing import NamedTuple

from sitegen.domain.comparison import Level, Verdict
from sitegen.site.feed_entries import FeedEntry
from sitegen.site.views.parts import Link


class NewsRow(NamedTuple):
    """A change since the earlier site. `kind` is one of alias, model, version, change, removal.

    `text` says what happened to `version`, or to the model where there is no version. `verdict` is the effect on users
    of `against`, and `compare` leads to the comparison; `level` stands for changes without a comparison.
    """

    kind: str
    model: Link
    version: Link
    text: str
    verdict: Verdict | None = None
    against: str = ""
    compare: str = ""
    level: Level | None = None


class News(NamedTuple):
    """What differs from an earlier site: the first rows, the number of the others, the number of changes of each kind,
    and the new versions for the feed.
    """

    rows: tuple[NewsRow, ...]
    hidden: int
    counts: tuple[tuple[str, int], ...]
    breaking: int
    entries: tuple[FeedEntry, ...]

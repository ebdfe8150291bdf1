"""A large model, whose version pages several workers render: each loads the model, and renders a share of them."""

from typing import NamedTuple

LARGE_MODEL = 1000
"""Versions of a model from which on workers share it. To load it takes a third of the time of its pages."""


class Share(NamedTuple):
    """Share `number` of `total`, counted from 0. The first one has the pages of the model as well."""

    number: int
    total: int

    def places(self, versions: int) -> range:
        """The places of the versions of this share."""
        return range(versions * self.number // self.total, versions * (self.number + 1) // self.total)


WHOLE = Share(0, 1)


def count_shares(versions: int, total: int, workers: int) -> int:
    """Among how many workers to share a model; `total` are the versions of all models to build.

    It pays where one worker would still render this model when the others have nothing left to do.
    """
    return workers if versions >= LARGE_MODEL and versions * workers > total else 1

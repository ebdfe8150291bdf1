"""The values that the pages of one model share: the model, its folders, and the comparison of each version."""

from itertools import pairwise
from typing import NamedTuple

from sitegen.analysis.compat.compare import compare_step
from sitegen.core.fingerprint import fingerprint
from sitegen.domain.comparison import Comparison
from sitegen.domain.model import Model, Version
from sitegen.settings.settings import Settings
from sitegen.site import urls
from sitegen.site.display import label
from sitegen.site.views.parts import Link, Shell, SiteView

NEWEST = 1000
"""The number of newest versions of a model that its scripts know."""


class ModelContext(NamedTuple):
    """A model with the values that its pages share. `folders` and `steps` are in the order of its versions.

    `steps` are comparisons with the version before. `known` is the index of the oldest version that scripts know.
    """

    model: Model
    slug: str
    folders: tuple[str, ...]
    steps: tuple[Comparison | None, ...]
    known: int
    settings: Settings
    site: SiteView

    def link(self, number: int, prefix: str = "") -> Link:
        """The link to a version; `prefix` leads from the page to the model's folder."""
        return Link(label(self.model.versions[number]), f"{prefix}{self.folders[number]}/index.html")

    def before(self, number: int) -> Version | None:
        """The version before, in the model's order."""
        return self.model.versions[number - 1] if number else None

    def has_neighbour(self, number: int) -> bool:
        """Whether the version can be compared with the version before or, for the first version, the next."""
        return len(self.model.versions) > 1 and max(0, number - 1) >= self.known

    def fingerprint(self) -> bytes:
        """The fingerprint of files that show the whole model: slug and digest determine all but the settings."""
        return fingerprint(self.slug, self.model.digest)

    def shell(self, path: str, title: str, description: str) -> Shell:
        """The frame of one of the model's pages."""
        return shell(self.site, self.settings, path, title, description, "models")


def shell(site: SiteView, settings: Settings, path: str, title: str, description: str, section: str) -> Shell:
    """The frame of the page at `path`."""
    base = settings.site.base_url
    return Shell(
        site=site,
        title=title,
        description=description,
        up=urls.up(path),
        section=section,
        canonical=f"{base}{path.removesuffix('index.html')}" if base else "",
    )


def model_context(model: Model, slug: str, settings: Settings, site: SiteView) -> ModelContext:
    """The context of a model. Compares each signature with the one before it."""
    versions = model.versions
    names = urls.version_slugs(version.name for version in versions)
    steps = (None, *(compare_step(old, new) for old, new in pairwise(versions)))
    return ModelContext(
        model=model,
        slug=slug,
        folders=tuple(names[version.name] for version in versions),
        steps=steps[: len(versions)],
        known=max(0, len(versions) - NEWEST),
        settings=settings,
        site=site,
    )

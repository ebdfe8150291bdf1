"""The values that the pages of one model share: the model, its folders, and the comparisons of each version."""

from itertools import pairwise
from typing import NamedTuple

from sitegen.analysis.compat.compare import compare_step
from sitegen.analysis.metric_ranking import best_rows
from sitegen.analysis.reference import Baseline, Reference, find_baseline
from sitegen.analysis.score import Score, score_of
from sitegen.core.fingerprint import fingerprint
from sitegen.domain.comparison import Comparison
from sitegen.domain.model import Model, Row, Version
from sitegen.settings.settings import Settings
from sitegen.site import urls
from sitegen.site.display import labels
from sitegen.site.views.file_tree import same_files
from sitegen.site.views.parts import Link, Shell, SiteView
from sitegen.site.views.provenance import run_neighbours


class ModelContext(NamedTuple):
    """A model with the values that its pages share.

    `folders`, `labels`, `steps`, `from_baseline`, `same_files` and `best_rows` are in the order of its versions.
    `steps` are comparisons with the version before, `from_baseline` with the baseline, empty if there is none.
    `same_files` names for each file earlier versions that have it, `run_neighbours` are the places of other versions of
    the same run, `best_rows` the metrics that no other version has better.
    """

    model: Model
    slug: str
    folders: tuple[str, ...]
    labels: tuple[str, ...]
    steps: tuple[Comparison | None, ...]
    baseline: Baseline | None
    from_baseline: tuple[Comparison, ...]
    same_files: tuple[tuple[str, ...], ...]
    run_neighbours: tuple[tuple[int, ...], ...]
    best_rows: tuple[tuple[Row, ...], ...]
    score: Score | None
    settings: Settings
    site: SiteView

    def link(self, number: int, prefix: str = "") -> Link:
        """The link to a version; `prefix` leads from the page to the model's folder."""
        return Link(self.labels[number], f"{prefix}{self.folders[number]}/index.html")

    def before(self, number: int) -> Version | None:
        """The version before, in the model's order."""
        return self.model.versions[number - 1] if number else None

    def comparison(self, number: int, reference: Reference) -> Comparison:
        """The comparison of a version with one of its references."""
        step = self.steps[number]
        return step if step and reference.baseline is None else self.from_baseline[number]

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
    """The context of a model. Compares each signature with the one before it, and with that of the baseline."""
    versions, baseline = model.versions, find_baseline(model, settings.metrics.baseline)
    names = urls.version_slugs(version.name for version in versions)
    shown = labels(versions)
    steps = (None, *(compare_step(old, new) for old, new in pairwise(versions)))
    return ModelContext(
        model=model,
        slug=slug,
        folders=tuple(names[version.name] for version in versions),
        labels=shown,
        steps=steps[: len(versions)],
        baseline=baseline,
        from_baseline=tuple(compare_step(versions[baseline.place], new) for new in versions) if baseline else (),
        same_files=same_files(versions, shown),
        run_neighbours=run_neighbours(versions),
        best_rows=best_rows(versions, settings.metrics.directions),
        score=score_of(model),
        settings=settings,
        site=site,
    )

"""The runs of a model: which versions each logged, by the id and by the name of the run."""

from sitegen.site.catalog_record import VersionLink, version_link
from sitegen.site.json_api import dumps
from sitegen.site.views.context import ModelContext


def run_index(context: ModelContext) -> bytes:
    """Each id and each name with its versions, as JSON: `[["5e...", ["v1", "v2"]], ["calm-fox-7", ["v1"]]]`."""
    found: dict[str, list[VersionLink]] = {}
    for version, label, folder in zip(context.model.versions, context.labels, context.folders, strict=True):
        for text in {version.run.id, version.run.name} if version.run else ():
            if text:
                found.setdefault(text, []).append(version_link(label, folder))
    return dumps(sorted(found.items()))

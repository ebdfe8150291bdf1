"""The runs of a model: which versions each logged, by the id and by the name of the run."""

from sitegen.site.json_api import dumps
from sitegen.site.views.context import ModelContext


def run_index(context: ModelContext) -> bytes:
    """Each id and each name with its versions, as JSON: `[["5e...", ["v1", "v2"]], ["calm-fox-7", ["v1"]]]`.

    A version is its label, or label and folder where the folder is not the label without its "v".
    """
    found: dict[str, list[str | tuple[str, str]]] = {}
    for version, label, folder in zip(context.model.versions, context.labels, context.folders, strict=True):
        shown = label if label == f"v{folder}" else (label, folder)
        for text in {version.run.id, version.run.name} if version.run else ():
            if text:
                found.setdefault(text, []).append(shown)
    return dumps(sorted(found.items()))

"""Files that changed while the last build read them, or shortly before it: their stamps may hide another change.

Their contents say whether all is as it was, before anything is loaded: that takes much less than building their models.
"""

from collections.abc import Mapping

from sitegen.build.state import RacyFiles, State
from sitegen.sources.parse_cache import is_racy
from sitegen.sources.reading import read_bundle
from sitegen.sources.refs import ModelRef
from sitegen.storage.tree import Tree


def recheck_racy(
    state: State, tree: Tree, refs: Mapping[str, ModelRef], stamps: Mapping[str, bytes], started: int
) -> None:
    """Let no stamp in `state` hide a change: a model whose contents are others than those that were read loses its own.

    `refs` and `stamps` are the models as they are now, by name; `started` is when this build began, in nanoseconds
    since 1970. Where the stamp is another, the model is built anyway.
    """
    found = [(name, refs[name], doubts) for name, stamp, doubts in state.racy_files() if stamps.get(name) == stamp]
    bundles = [bundle for _, ref, doubts in found for bundle in ref.bundles() if bundle.path in doubts]
    tree.ahead(bundle.within(file) for bundle in bundles for file in bundle.files())
    if found:
        state.save_racy({name: _still_racy(tree, ref, doubts, started) for name, ref, doubts in found})


def _still_racy(tree: Tree, ref: ModelRef, doubts: RacyFiles, started: int) -> RacyFiles | None:
    """What is still in doubt; None where a content is another, or where it cannot be told."""
    bundles = [bundle for bundle in ref.bundles() if bundle.path in doubts]
    same = all(read_bundle(tree, bundle, (), ()).digest in doubts[bundle.path] for bundle in bundles)
    if not doubts or not same or {bundle.path for bundle in bundles} != doubts.keys():
        return None
    return {bundle.path: doubts[bundle.path] for bundle in bundles if is_racy(bundle, started)}

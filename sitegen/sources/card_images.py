"""The images of a card: those that lie in the folder of its model or version and that pages may show."""

from collections.abc import Iterable
from itertools import islice

from sitegen.domain.model import CardImage
from sitegen.formats.card_images import MAX_BYTES, image_suffix
from sitegen.formats.front_matter import Card
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.reading import Contents, read_bundle
from sitegen.sources.refs import Bundle
from sitegen.storage.listing import printable
from sitegen.storage.tree import Tree

MAX_IMAGES = 20
"""Images of one card that are shown."""


def card_images(
    kind: str, card: Card, folder: str, bundles: Iterable[Bundle], recall: ParseCache
) -> tuple[CardImage, ...]:
    """The images that a card shows, in its order: ordinary files of the bundles, of which none is a link.

    `folder` is the folder of the card, `kind` that of the parsed values: a model and a version may show images of one
    folder. Nothing is read for a card without images.
    """
    if not card.images:
        return ()
    prefix = f"{folder}/" if folder else ""
    paths = frozenset(prefix + name for name in card.images)
    folders = {folder, *(prefix + name.partition("/")[0] for name in card.images)}
    found: dict[str, CardImage] = {}
    for bundle in bundles:
        if bundle.path in folders:
            images = _images_of(kind, bundle, paths, recall)
            found.update((image.path[len(prefix) :], image) for image in images)
    shown = islice((name for name in card.images if name in found), MAX_IMAGES)
    return tuple(found[name]._replace(name=name) for name in shown)


def _images_of(kind: str, bundle: Bundle, paths: frozenset[str], recall: ParseCache) -> tuple[CardImage, ...]:
    """The images of one bundle with these paths from the root."""
    files = [file.path for file in bundle.files() if not file.link and 0 < file.size <= MAX_BYTES]
    only = frozenset(path for path in files if _whole(bundle.path, path) in paths)
    return recall.value(kind, bundle._replace(only=only), _read, _parse) if only else ()


def _whole(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def _read(tree: Tree, bundle: Bundle) -> Contents:
    return read_bundle(tree, bundle, bundle.only or (), ())


def _parse(contents: Contents) -> tuple[CardImage, ...]:
    found = []
    for path, (_, content) in sorted(contents.files.items()):
        data, sha256 = content.value
        whole = _whole(contents.place, path)
        if data and sha256 and printable(whole) == whole and (suffix := image_suffix(data)):
            found.append(CardImage(path, whole, sha256, suffix))
    return tuple(found)

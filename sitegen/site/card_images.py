"""Copies of the images of cards, and of images that were logged with a version, without metadata."""

import hashlib
from collections.abc import Iterator
from functools import partial
from itertools import chain

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.model import CardImage
from sitegen.formats.card_images import MAX_BYTES
from sitegen.formats.image_metadata import remove_metadata
from sitegen.site.copy_names import has_redaction, image_file, preview_file, preview_images
from sitegen.site.file_copies import read_or_empty
from sitegen.site.model_pages import Page
from sitegen.site.views.context import ModelContext
from sitegen.storage.listing import File
from sitegen.storage.tree import Tree

_REVISION = "1"
"""Part of the fingerprint of copies: increase it if the same image is copied differently."""


def image_copies(context: ModelContext, tree: Tree) -> Iterator[Page]:
    """The copies of the images of all cards and versions of a model; equal images have one copy."""
    model = context.model
    of_cards = chain(model.images, *(version.images for version in model.versions))
    images = {image_file(image): image for image in of_cards if not has_redaction(image.path)}
    patterns = context.settings.files.preview
    logged = chain.from_iterable(preview_images(version, patterns) for version in model.versions if version.previews)
    images |= {preview_file(image): image for image in logged}
    for file, image in images.items():
        mark = fingerprint(_REVISION, image.sha256)
        yield Page(f"models/{context.slug}/{file}", mark, partial(_copy, tree, image))


def _copy(tree: Tree, image: CardImage) -> bytes:
    """The bytes to publish; empty if the file has changed since, so that it is withheld until the next build."""
    data = read_or_empty(tree, File(image.path, MAX_BYTES, 0))
    return (remove_metadata(data) or b"") if hashlib.sha256(data).hexdigest() == image.sha256 else b""

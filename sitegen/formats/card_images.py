"""The images that a card names: the paths of files, and whether a file is an image that pages may show."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Literal
from urllib.parse import unquote

from sitegen.formats.image_metadata import remove_metadata
from sitegen.formats.media import MAX_PIXELS, image_size

MAX_BYTES = 2**20
"""The largest image of a card, in bytes."""

MAX_NAMES = 200
"""Images of one card that are looked for."""

Suffix = Literal["png", "jpg", "gif", "webp"]
"""The suffix of a published image; it follows from the content."""

_ANY = re.compile(r"!\[|<img", re.IGNORECASE)
_CODE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(
    r"""!\[(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500}\]\(\s{0,9}(?:
    <(?P<angle>[^<>\n]{1,500})>
    | (?P<bare>[^\s()<>](?:[^()\n]|\([^()\n]{0,200}\)){0,500}?)(?:\s{1,9}["'][^\n]{0,500}?["'])?\s{0,9}\)
    )""",
    re.VERBOSE,
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]{1,200}\]:[ \t]{0,9}(?:<([^<>\n]{1,500})>|(\S{1,500}))", re.MULTILINE)
_TAG = re.compile(r"<img\b[^>]{0,1000}>", re.IGNORECASE)
_SOURCE = re.compile(r"""\ssrc\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def image_paths(text: str) -> tuple[str, ...]:
    """The paths of the images in a markdown text, in order, relative to its folder; without those elsewhere."""
    if not _ANY.search(text):
        return ()
    found = dict.fromkeys(filter(None, map(image_path, _addresses(_CODE.sub("", text)))))
    return tuple(found)[:MAX_NAMES]


def _addresses(text: str) -> Iterator[str]:
    """The addresses of images: in markdown, in definitions of links, in HTML."""
    places = [(one.start(), one["angle"] or one["bare"]) for one in _INLINE.finditer(text)]
    places += [(one.start(), one[1] or one[2]) for one in _DEFINITION.finditer(text)]
    for tag in _TAG.finditer(text):
        source = _SOURCE.search(tag[0])
        places += [(tag.start(), source[1] or source[2] or source[3] or "")] if source else []
    return (unescape(address) for _, address in sorted(places))


def image_path(address: str) -> str | None:
    """The path of the file that an address in a card stands for; None where it leaves the folder of the card."""
    path = unquote(re.split("[?#]", address.strip(), maxsplit=1)[0]).removeprefix("./")
    if "\\" in path or ":" in path.partition("/")[0] or not path.isprintable():
        return None
    return None if {"", ".", ".."}.intersection(path.split("/")) else path


def image_suffix(data: bytes) -> Suffix | None:
    """The suffix of a complete image of a kind that browsers show, by its content; None for anything else."""
    width, height = image_size(data) or (0, 0)
    if len(data) > MAX_BYTES or width * height > MAX_PIXELS or remove_metadata(data) is None:
        return None
    if data.startswith(b"\x89PNG"):
        return "png"
    if data.startswith(b"GIF8"):
        return "gif"
    return "jpg" if data.startswith(b"\xff\xd8") else "webp"

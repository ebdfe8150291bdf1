"""What a browser is told of a file: the media type that its name stands for, from a server and from a bucket alike."""

from posixpath import splitext

_OTHER = "application/octet-stream"
_FEED = "application/atom+xml; charset=utf-8"
_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
"""By suffix; without a type, pages of a bucket are downloaded, not shown. Of logged files only those are named that
run nothing."""


def media_type(path: str) -> str:
    """The type of a file of a site, by its path; the feed is known by its name."""
    return _FEED if path == "feed.xml" else _TYPES.get(splitext(path)[1], _OTHER)

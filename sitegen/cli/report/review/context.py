"""`Context`: where a review is shown."""

import posixpath
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.site.urls import model_page, slug, version_page


class Context(NamedTuple):
    """Where a review is shown: the registry's folder in the repository, and the address of the preview site.

    `output` is the folder for pages.
    """

    folder: str = ""
    site_url: str = ""
    output: str = ""

    def path(self, path: str | None) -> str:
        """The path of a file from the root of the repository."""
        return posixpath.normpath(posixpath.join(self.folder, path or "."))

    def model_url(self, name: str, kind: str, store: str) -> str:
        """The address of a model's page in the preview site; empty without one."""
        return self._url(model_page(slug(name, kind, store)))

    def version_url(self, name: str, kind: str, store: str, version: str) -> str:
        """The address of a version's page in the preview site; empty without one."""
        return self._url(version_page(slug(name, kind, store), slug(version, "version")))

    def _url(self, page: str) -> str:
        return self.site_url + page if self.site_url else ""


def parse_site_url(text: str | None) -> str:
    """The address of the preview site, with a slash at its end. Raises SitegenError for what is no web address."""
    if not text:
        return ""
    harmless = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>()[]\\`|")
    if not harmless or not text.startswith(("https://", "http://")):
        raise SitegenError(f"the site URL {text!r} must start with https:// or http:// and hold no blanks or brackets")
    return text.rstrip("/") + "/"

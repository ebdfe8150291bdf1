"""The fsspec file system behind a URL, and its errors as `SitegenError` in one sentence.

The libraries take endpoints and credentials from their own settings: AWS_PROFILE, AWS_ENDPOINT_URL,
GOOGLE_APPLICATION_CREDENTIALS and the like, or fsspec's (FSSPEC_S3_ANON=true). So no URL needs credentials, and none
are sent to workers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sitegen.core.errors import SitegenError
from sitegen.privacy.redactor import Redactor
from sitegen.settings.settings import Privacy
from sitegen.storage.extras import install_hint
from sitegen.storage.location import scheme, strip_credentials

EXTRAS = {
    **dict.fromkeys(("s3", "s3a"), "s3"),
    **dict.fromkeys(("gs", "gcs"), "gs"),
    **dict.fromkeys(("abfs", "abfss", "az"), "abfs"),
}
"""Schemes of object stores, each with the extra that installs its library."""

_MAX_MESSAGE_LENGTH = 300


class RemoteRoot(NamedTuple):
    """A file system of fsspec, and the path of a URL in it."""

    files: Any
    root: str

    def key(self, path: str) -> str:
        """The key of a file below the root; that of the root for the empty path."""
        return f"{self.root}/{path}" if path else self.root


def open_root(url: str) -> RemoteRoot:
    """Open the root behind a URL. Raises SitegenError for a missing package or an unknown scheme."""
    kind = scheme(url)
    try:
        core = import_module("fsspec.core")
        files, root = core.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        advice = install_hint(EXTRAS[kind]) if kind in EXTRAS else first_line(error)
        raise SitegenError(f"{kind}:// needs a package that is not installed: {advice}") from error
    except Exception as error:  # any class: each library has its own beside fsspec's ValueError and TypeError
        if "Protocol not known" in str(error):
            raise SitegenError(f"{kind}:// is no storage that fsspec knows") from error
        if not _is_address(url):  # the library repeats a piece of the password
            advice = "write / as %2F, ? as %3F and # as %23 in a password"
            raise SitegenError(f"{strip_credentials(url)} is no address: {advice}") from error
        raise SitegenError(f"{strip_credentials(url)}: {first_line(error)}") from error
    return RemoteRoot(files, root.rstrip("/"))


def _is_address(url: str) -> bool:
    """Whether a URL has a valid host and port."""
    try:
        urlsplit(url).port  # noqa: B018 - the property parses
    except ValueError:
        return False
    return True


@contextmanager
def translate_errors(url: str) -> Iterator[None]:
    """Translate exceptions of libraries to SitegenError: no network, no such bucket, no permission."""
    try:
        yield
    except SitegenError:
        raise
    except FileNotFoundError as error:
        raise SitegenError(f"{strip_credentials(url)} does not exist") from error
    except Exception as error:  # any class: the errors of botocore, aiohttp, Google and Azure share no other
        raise SitegenError(f"{strip_credentials(url)}: {first_line(error)}") from error


def first_line(error: BaseException) -> str:
    """The first line of an error message, redacted."""
    first = str(error).strip().partition("\n")[0] or type(error).__name__
    return Redactor(Privacy()).text(first)[:_MAX_MESSAGE_LENGTH]

"""The file system behind a URL, and one sentence in place of everything that its library may raise.

Where storage lies and who asks is the library's own business: AWS_PROFILE, AWS_ENDPOINT_URL,
GOOGLE_APPLICATION_CREDENTIALS and the like, or fsspec's own settings (FSSPEC_S3_ANON=true). So no credential has to
stand in a URL, and none travels to workers.
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
"""Schemes of object stores by the extra that opens them."""

_MAX_MESSAGE_LENGTH = 300


class RemoteRoot(NamedTuple):
    """A file system of fsspec's, and the path in it that a URL means."""

    files: Any
    root: str

    def key(self, path: str) -> str:
        """The whole path of a file below the root; of the root itself for the empty path."""
        return f"{self.root}/{path}" if path else self.root


def open_root(url: str) -> RemoteRoot:
    """The place behind a URL. Raises SitegenError where a package for it is missing, or nobody knows the scheme."""
    kind = scheme(url)
    try:
        core = import_module("fsspec.core")
        files, root = core.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        advice = install_hint(EXTRAS[kind]) if kind in EXTRAS else first_line(error)
        raise SitegenError(f"{kind}:// needs a package that is not installed: {advice}") from error
    except Exception as error:  # fsspec's ValueError and TypeError, and what each library has of its own
        if "Protocol not known" in str(error):
            raise SitegenError(f"{kind}:// is no storage that fsspec knows") from error
        if not _is_address(url):  # the library repeats a piece of the password
            advice = "write / as %2F, ? as %3F and # as %23 in a password"
            raise SitegenError(f"{strip_credentials(url)} is no address: {advice}") from error
        raise SitegenError(f"{strip_credentials(url)}: {first_line(error)}") from error
    return RemoteRoot(files, root.rstrip("/"))


def _is_address(url: str) -> bool:
    """Whether what stands before the first slash is a host: a port is a number."""
    try:
        urlsplit(url).port  # noqa: B018 - to look is to parse
    except ValueError:
        return False
    return True


@contextmanager
def translate_errors(url: str) -> Iterator[None]:
    """Turns what a library raises into SitegenError: no network, no such bucket, no permission."""
    try:
        yield
    except SitegenError:
        raise
    except FileNotFoundError as error:
        raise SitegenError(f"{strip_credentials(url)} does not exist") from error
    except Exception as error:  # the errors of botocore, aiohttp, Google and Azure share no other class
        raise SitegenError(f"{strip_credentials(url)}: {first_line(error)}") from error


def first_line(error: BaseException) -> str:
    """The first line of what a library says, without what is private."""
    first = str(error).strip().partition("\n")[0] or type(error).__name__
    return Redactor(Privacy()).text(first)[:_MAX_MESSAGE_LENGTH]

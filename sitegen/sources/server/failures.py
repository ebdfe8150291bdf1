"""Errors of MLflow's client as sentences that repeat nothing from the server's answer."""

import re
import ssl
from collections.abc import Iterator
from importlib import import_module

from sitegen.sources.server.limits import BudgetError, LimitError
from sitegen.storage.listing import printable

_ERRORS = re.compile(r"too many (?:\d+ )?error responses")  # urllib3's words; those around them quote the address
_UNKNOWN = (18, 19, 20, 21)
"""OpenSSL's error numbers for certificates of unknown issuers: self-signed ones, and those of a company's CA."""

_MISSING_CODES = ("RESOURCE_DOES_NOT_EXIST", "ENDPOINT_NOT_FOUND", "NOT_FOUND")


class GoneError(Exception):
    """The server cannot be reached; the text says why."""


class RefusedError(Exception):
    """The server refused one request; the text says why. `missing`: the requested item does not exist."""

    def __init__(self, message: str, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


def client_errors() -> tuple[type[Exception], ...]:
    """The exceptions of MLflow's client for failed requests.

    It raises the builtin ones for an answer that is not JSON, or JSON of another shape.
    """
    known: tuple[type[Exception], ...] = (
        import_module("mlflow.exceptions").MlflowException,
        import_module("requests").RequestException,
        import_module("google.protobuf.json_format").Error,
        LimitError,
    )
    return (*known, ValueError, TypeError, AttributeError, KeyError)


def translate_error(error: Exception) -> BudgetError | GoneError | RefusedError:
    """Translate an exception of MLflow's client."""
    requests = import_module("requests").exceptions
    causes = list(_causes(error))
    for one in causes:
        if isinstance(one, BudgetError):
            return one
        if isinstance(one, LimitError):
            return RefusedError(str(one))
        if isinstance(one, requests.RetryError):
            return RefusedError(next(filter(_ERRORS.fullmatch, map(str, causes)), "too many errors"))
        if isinstance(one, requests.ConnectionError | requests.Timeout | requests.ChunkedEncodingError):
            return GoneError(_describe_causes(causes))
        if isinstance(one, requests.RequestException):
            return RefusedError("no request can be made of it")
    code = getattr(error, "error_code", None)
    told = isinstance(error, import_module("mlflow.exceptions").RestException) or code in _MISSING_CODES
    if told and isinstance(code, str) and code.isidentifier():
        return RefusedError(f"it answers {code}", missing=code in _MISSING_CODES)
    return RefusedError("its answer cannot be understood")


def translate_status(status: int, location: str | None) -> RefusedError:
    """Translate an HTTP status. A redirect is described by the host and path of its target."""
    if 300 <= status < 400:
        target = (location or "elsewhere").partition("?")[0].rpartition("@")[2]
        return RefusedError(f"it redirects to {printable(target)[:200]}, and only the given address is asked")
    if status in (401, 403):
        variables = "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
        return RefusedError(f"it answers {status}; credentials are taken from {variables}")
    return RefusedError(f"it answers {status}", missing=status == 404)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that led to it; urllib3 keeps some as the `reason` of others."""
    todo: list[object] = [error]
    seen: set[int] = set()
    while todo:
        one = todo.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            todo += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


def _describe_causes(causes: list[BaseException]) -> str:
    """The message of the system, if there is one."""
    for one in causes:
        if isinstance(one, ssl.SSLError):
            return _describe_tls_error(one)
        if isinstance(one, OSError) and isinstance(one.strerror, str) and one.strerror:
            return one.strerror
    timed_out = any("timed out" in str(one).lower() or isinstance(one, TimeoutError) for one in causes)
    return "no answer in time" if timed_out else "the connection broke"


def _describe_tls_error(error: ssl.SSLError) -> str:
    """The message for a problem of the certificate or the TLS handshake."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS fails: {(error.reason or 'no reason given').replace('_', ' ').lower()}"
    advice = "; MLFLOW_TRACKING_SERVER_CERT_PATH names the file of one to trust"
    words = error.verify_message.rstrip(".")
    return f"its certificate is not accepted: {words}{advice if error.verify_code in _UNKNOWN else ''}"

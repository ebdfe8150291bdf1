"""Asking a tracking server through MLflow's client: patient but never for ever, and of its one address only.

Artifact URIs from the server are never followed: the client would open any host, any bucket and any file
of this machine that is named there. The server itself is asked for them, as MLflow's own pages do.
"""

import logging
import os
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sitegen.core.errors import SitegenError
from sitegen.sources.server.address import PAGE, Address
from sitegen.sources.server.failures import GoneError, RefusedError, client_errors, translate_error, translate_status
from sitegen.sources.server.limits import CHUNK_BYTES, FetchBudget, limit_answers, one_search
from sitegen.sources.server.rows import Entity
from sitegen.storage.extras import install_hint

LOGGED_PAGE = 50
"""Logged models per request."""

RUNS_AT_ONCE = 100
"""Run ids per request."""

EXPERIMENTS_AT_ONCE = 500
"""Experiments per search."""

MAX_PAGES = 100_000
"""Pages of one search, after which a server's claim of more pages is ignored."""

HISTORY_TAG = "tags.`mlflow.log-model.history` LIKE '[%'"
"""Runs that logged a model before MLflow 3, which no longer reports such models."""

_ACTIVE, _ALL = 1, 3  # MLflow's ViewType
_PATIENCE = {  # MLflow's own are two minutes for an answer, and four for its seven retries
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
}
_ALWAYS = {
    "MLFLOW_ALLOW_HTTP_REDIRECTS": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER": "false",  # a server may name any number of hours
}


@contextmanager
def connect(address: Address, page: int, minutes: float) -> Iterator["TrackingServer"]:
    """Connect to a server, for so many minutes. Raises SitegenError where none answers, or MLflow is not installed.

    MLflow takes its settings from the environment: while the server is open, those of this process are changed.
    """
    changes = {name: text for name, text in _PATIENCE.items() if name not in os.environ} | _ALWAYS
    if address.user is not None:
        changes |= {"MLFLOW_TRACKING_USERNAME": address.user, "MLFLOW_TRACKING_PASSWORD": address.password or ""}
    with _environment(changes), _silence(), limit_answers(minutes) as budget:
        yield TrackingServer(address, page, budget)


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, text in before.items():
            if text is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = text


@contextmanager
def _silence() -> Iterator[None]:
    """Suppress warnings of libraries: sitegen reports what matters itself."""
    loggers = [logging.getLogger(name) for name in ("mlflow", "urllib3")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


class TrackingServer:
    """A tracking server. Every request raises GoneError or RefusedError when it fails, and BudgetError at the end."""

    def __init__(self, address: Address, page: int, budget: FetchBudget) -> None:
        try:
            tracking, self._rest = import_module("mlflow.tracking"), import_module("mlflow.utils.rest_utils")
            credentials = import_module("mlflow.utils.credentials")
            registry = import_module("mlflow.store.model_registry.rest_store")
        except ImportError as error:
            hint = install_hint("mlflow")
            raise SitegenError(f"a tracking server is read by MLflow's client: {hint}") from error
        self.address, self.page, self._budget = address, page, budget
        try:
            self._credentials = credentials.get_default_host_creds(address.url)
        except client_errors() as error:  # two variables that exclude each other, a value that none may have
            raise SitegenError(f"MLflow's settings in the environment cannot be used: {error}") from error
        _check_files(self._credentials)
        self.greet()
        self._client = tracking.MlflowClient(address.url, address.url)
        self._registry = registry.RestStore(lambda: self._credentials)

    def greet(self) -> None:
        """Raises SitegenError when there is no MLflow at the address."""
        try:
            answer = self.probe()
        except GoneError as error:
            raise SitegenError(f"{self.address.url} cannot be reached: {error}") from error
        except RefusedError as error:
            what = "is no tracking server of MLflow's" if error.missing else "cannot be read"
            raise SitegenError(f"{self.address.url} {what}: {error}") from error
        if not isinstance(answer, dict):
            raise SitegenError(f"{self.address.url} is no tracking server of MLflow's")

    def probe(self) -> Any:
        """The answer to a minimal request; None where it is not JSON."""
        response = self._get("/api/2.0/mlflow/experiments/search", {"max_results": "1"}, max_retries=1, timeout=10)
        try:
            return response.json()
        except ValueError:
            return None

    # --- facts -------------------------------------------------------------------------------------------------

    def experiments(self) -> list[Entity]:
        """All experiments, deleted ones too."""
        return self._all_pages(self._client.search_experiments, view_type=_ALL)

    def registered_models(self) -> list[Entity]:
        """All registered models, prompts among them.

        The client would leave out prompts by a filter, by which servers that know of none leave out all models.
        """
        return self._all_pages(self._registry.search_registered_models)

    def versions(self) -> list[Entity]:
        """All versions of all registered models."""
        return self._all_pages(self._client.search_model_versions)

    def logged_models(self, experiments: Collection[str]) -> list[Entity]:
        """The logged models of experiments; none where the server is older than MLflow 3."""
        search = self._client.search_logged_models
        try:
            found = (
                self._all_pages(search, most=LOGGED_PAGE, experiment_ids=some)
                for some in _parts(experiments, EXPERIMENTS_AT_ONCE)
            )
            return [one for part in found for one in part]
        except RefusedError as error:
            if error.missing:
                return []
            raise

    def logged_model(self, id: str) -> Entity | None:
        """A logged model; None where the server has none, or it is deleted."""
        return self._get_or_none(self._client.get_logged_model, id)

    def runs(self, experiments: Collection[str], ids: Collection[str]) -> list[Entity]:
        """The runs with these ids, deleted ones too; those that are not there are left out."""
        found = []
        for some in _parts(ids, RUNS_AT_ONCE):
            named = ", ".join(f"'{id}'" for id in some if "'" not in id)
            found += self._runs(experiments, f"attributes.run_id IN ({named})", _ALL)
        return found

    def run(self, id: str) -> Entity | None:
        """A run; None where the server has none."""
        return self._get_or_none(self._client.get_run, id)

    def runs_with_models(self, experiments: Collection[str]) -> list[Entity]:
        """The runs that logged a model before MLflow 3."""
        return self._runs(experiments, HISTORY_TAG, _ACTIVE)

    def some_runs(self, experiments: Collection[str]) -> list[Entity]:
        """The newest runs of experiments, as many as fit on one page for each part of the experiments."""
        found: list[Entity] = []
        for some in _parts(experiments, EXPERIMENTS_AT_ONCE):
            with one_search():
                found += self._ask(
                    self._client.search_runs, max_results=self.page, experiment_ids=some, run_view_type=_ACTIVE
                )
        return found

    def _runs(self, experiments: Collection[str], condition: str, view: int) -> list[Entity]:
        search = self._client.search_runs
        parts = _parts(experiments, EXPERIMENTS_AT_ONCE)
        found = (
            self._all_pages(search, experiment_ids=some, filter_string=condition, run_view_type=view) for some in parts
        )
        return [one for part in found for one in part]

    def history(self, run: str, key: str) -> list[Entity]:
        """All points of a metric, in no order."""
        with one_search():
            points: list[Entity] = self._ask(self._client.get_metric_history, run, key)
        return points

    def _all_pages(self, search: Callable[..., Any], most: int = PAGE, **how: object) -> list[Entity]:
        """All results of a search, page by page."""
        with one_search():
            return self._pages(search, most, how)

    def _pages(self, search: Callable[..., Any], most: int, how: dict[str, object]) -> list[Entity]:
        found: list[Entity] = []
        token: str | None = None
        seen: set[str | None] = {None}
        for _ in range(MAX_PAGES):
            page = self._ask(search, max_results=min(self.page, most), page_token=token, **how)
            found += page
            token = page.token or None
            if token in seen:
                break
            seen.add(token)
        if token:
            raise RefusedError("its pages have no end")
        return found

    def _get_or_none(self, ask: Callable[..., Any], *arguments: object) -> Entity | None:
        try:
            return self._ask(ask, *arguments)
        except RefusedError as error:
            if error.missing:
                return None
            raise

    def _ask(self, ask: Callable[..., Any], *arguments: object, **named: object) -> Any:
        try:
            return ask(*arguments, **named)
        except client_errors() as error:
            raise translate_error(error) from error

    # --- artifacts ---------------------------------------------------------------------------------------------

    def listing(self, endpoint: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        """The entries of one folder of artifacts from the server: `path`, `is_dir`, `file_size`."""
        seen = {""}
        token = ""
        while True:
            response = self._get(endpoint, query | ({"page_token": token} if token else {}))
            try:
                answer = response.json()
                files, token = list(answer.get("files") or ()), str(answer.get("next_page_token") or "")
                yield from [one for one in files if isinstance(one.get("path"), str)]
            except (ValueError, AttributeError, TypeError) as error:
                raise RefusedError("its list of artifacts cannot be understood") from error
            if not token:
                return
            if token in seen or len(seen) > MAX_PAGES:
                raise RefusedError("its pages have no end")
            seen.add(token)

    def content(self, endpoint: str, query: dict[str, str], limit: int) -> bytes | None:
        """A file; None where it has more bytes than the limit."""
        with self._get(endpoint, query, stream=True) as response:
            data = bytearray()
            try:
                for part in response.iter_content(CHUNK_BYTES):
                    data += part
                    self._budget.add_bytes(len(part))
                    if len(data) > limit:
                        return None
            except client_errors() as error:
                raise translate_error(error) from error
        return bytes(data)

    def _get(self, endpoint: str, query: dict[str, str], **how: Any) -> Any:
        try:
            response = self._rest.http_request(self._credentials, endpoint, "GET", params=query, **how)
        except client_errors() as error:
            raise translate_error(error) from error
        if response.status_code != 200:
            raise translate_status(response.status_code, response.headers.get("Location"))
        return response


def _check_files(credentials: Any) -> None:
    """Raises SitegenError where a certificate is not there: MLflow's client says so only in the end, after retries."""
    for kind in ("server", "client"):
        path = getattr(credentials, f"{kind}_cert_path", None)
        if path and not os.path.exists(path):
            raise SitegenError(f"MLFLOW_TRACKING_{kind.upper()}_CERT_PATH names {path}, which does not exist")


def _parts(values: Collection[str], size: int) -> Iterator[list[str]]:
    """The values in batches."""
    left = list(values)
    for start in range(0, len(left), size):
        yield left[start : start + size]

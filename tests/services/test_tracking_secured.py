"""Tracking servers with a login and behind TLS: MLflow's own basic-auth app, and certificates of every kind."""

import json
import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.mlflow.truth.asking import PYTHONS
from tests.services.test_tracking import masked, needs_mlflow
from tests.support.registries import SIGNED
from tests.support.sites import Outcome, api, contents, sitegen, warm
from tests.support.tracking_servers import Relay, basic, certified, mlflow_server, speaking_tls

USER, PASSWORD = "anna", "ge:heim@27 for all"
CREDENTIALS = {"MLFLOW_TRACKING_USERNAME": USER, "MLFLOW_TRACKING_PASSWORD": PASSWORD}
IN_ADDRESS = "anna:ge%3Aheim%4027%20for%20all@"
CERTIFICATE = "MLFLOW_TRACKING_SERVER_CERT_PATH"
INSECURE = "MLFLOW_TRACKING_INSECURE_TLS"
ASKED = "it answers 401; credentials are taken from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"


class Guarded(NamedTuple):
    """A server that asks for a password and speaks TLS: its folder, its port, and its certificate."""

    root: Path
    port: int
    certificate: Path


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are asked about once more, at once."""
    for name, text in (("MAX_RETRIES", "1"), ("BACKOFF_FACTOR", "0"), ("BACKOFF_JITTER", "0")):
        monkeypatch.setenv(f"MLFLOW_HTTP_REQUEST_{name}", text)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A filled server."""
    root = tmp_path_factory.mktemp("guarded") / "root"
    root.mkdir()
    certificate, key = certified(root.parent, (2020, 2100))
    login = {"admin_username": USER, "admin_password": PASSWORD, "default_permission": "READ"}
    login["database_uri"] = f"sqlite:///{root.parent / 'users.db'}"
    login["authorization_function"] = "mlflow.server.auth:authenticate_request_basic_auth"
    lines = ["[mlflow]", *(f"{name} = {text}" for name, text in login.items())]
    (root.parent / "auth.ini").write_text("\n".join(lines))
    flags = ("--app-name", "basic-auth", "--uvicorn-opts", f"--ssl-certfile {certificate} --ssl-keyfile {key}")
    settings = {"MLFLOW_AUTH_CONFIG_PATH": str(root.parent / "auth.ini"), "MLFLOW_FLASK_SERVER_SECRET_KEY": "any"}
    with mlflow_server(PYTHONS[0], root, *flags, trust=certificate, **settings) as port:
        fill(port, certificate)
        yield Guarded(root, port, certificate)


def fill(port: int, certificate: Path) -> None:
    """Put a registered model with one version and its run on a server."""
    context = ssl.create_default_context(cafile=certificate)

    def send(method: str, path: str, body: bytes) -> Any:
        """Ask for something with the password."""
        headers = {"Authorization": basic(USER, PASSWORD), "Content-Type": "application/json"}
        request = urllib.request.Request(f"https://127.0.0.1:{port}/api/2.0/{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return json.loads(answer.read() or b"{}")

    def post(path: str, **fields: object) -> Any:
        """Make something."""
        return send("POST", f"mlflow/{path}", json.dumps(fields).encode())

    number = post("experiments/create", name="houses")["experiment_id"]
    run = post("runs/create", experiment_id=number, start_time=1, run_name="first")["run"]["info"]["run_id"]
    for step in range(3):
        post("runs/log-metric", run_id=run, key="rmse", value=3.0 - step, timestamp=step, step=step)
    send("PUT", f"mlflow-artifacts/artifacts/{number}/{run}/artifacts/model/MLmodel", SIGNED.encode())
    post("registered-models/create", name="prices")
    source = f"mlflow-artifacts:/{number}/{run}/artifacts/model"
    post("model-versions/create", name="prices", source=source, run_id=run)
    post("runs/update", run_id=run, status="FINISHED", end_time=2)


@pytest.fixture(scope="module")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a server whose certificate was good for one year, and the certificate."""
    certificate, key = certified(tmp_path_factory.mktemp("expired"), (2020, 2021))
    with speaking_tls(certificate, key) as address:
        yield address, certificate


def build(place: str, folder: Path) -> Outcome:
    """Build the site of a server; site and cache lie in the folder."""
    return sitegen("build", f"https://{place}", "--output", folder / "site", "--cache", warm(folder / "cache"))


@needs_mlflow
@pytest.mark.parametrize(
    ("how", "trusted"), [("in the address", "the certificate"), ("in the environment", "all certificates")]
)
def test_who_has_the_password_gets_the_site(
    how: str, trusted: str, guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same as from the database; the password is in no file, neither of the site nor of the cache."""
    monkeypatch.setenv(
        *((INSECURE, "true") if trusted == "all certificates" else (CERTIFICATE, str(guarded.certificate)))
    )
    for name, text in CREDENTIALS.items() if how == "in the environment" else ():
        monkeypatch.setenv(name, text)
    login = IN_ADDRESS if how == "in the address" else ""
    done = build(f"{login}127.0.0.1:{guarded.port}", tmp_path)
    assert (done.code, done.out, done.err.count("\n")) == (0, "", 1), done.err
    sitegen("build", guarded.root / "server", "--output", tmp_path / "other", "--cache", tmp_path / "cache")
    assert masked(tmp_path / "site") == masked(tmp_path / "other")
    [model] = api(tmp_path / "site").values()
    assert [(one["metrics"], one["path"] is None, one["problems"]) for one in model["versions"]] == [
        ({"rmse": 1.0}, False, [])
    ]
    written = b"".join(contents(tmp_path).values()) + done.err.encode()
    for secret in (PASSWORD, IN_ADDRESS, basic(USER, PASSWORD)):
        assert secret.encode() not in written


WRONG: tuple[tuple[str, dict[str, str]], ...] = (
    ("", {}),
    ("", CREDENTIALS | {"MLFLOW_TRACKING_PASSWORD": "wr0ng"}),
    ("anna:wr0ng@", CREDENTIALS),  # the address counts
    ("anna@", {}),
    ("", {"MLFLOW_TRACKING_TOKEN": "wr0ng"}),
)


@needs_mlflow
@pytest.mark.parametrize(("login", "settings"), WRONG)
def test_a_wrong_password_is_one_sentence(
    login: str, settings: dict[str, str], guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, the sentence says where credentials are taken from, and repeats none."""
    for name, text in {**settings, CERTIFICATE: str(guarded.certificate)}.items():
        monkeypatch.setenv(name, text)
    done = build(f"{login}127.0.0.1:{guarded.port}", tmp_path)
    assert (done.code, done.out) == (2, "")
    sentence = f"sitegen: https://127.0.0.1:{guarded.port} cannot be read: {ASKED}, or MLFLOW_TRACKING_TOKEN\n"
    assert done.err == sentence
    assert not (tmp_path / "site").exists()


@needs_mlflow
@pytest.mark.parametrize(
    ("host", "trusted", "why"),
    [
        ("127.0.0.1", False, f"self-signed certificate; {CERTIFICATE} names the file of one to trust"),
        ("localhost", True, "Hostname mismatch, certificate is not valid for 'localhost'"),
    ],
)
def test_a_certificate_that_is_not_accepted_is_one_sentence(
    host: str, trusted: bool, why: str, guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what is wrong with it, and what helps; nothing was sent before."""
    if trusted:
        monkeypatch.setenv(CERTIFICATE, str(guarded.certificate))
    done = build(f"{IN_ADDRESS}{host}:{guarded.port}", tmp_path)
    place = f"https://{host}:{guarded.port}"
    assert done.err == f"sitegen: {place} cannot be reached: its certificate is not accepted: {why}\n"
    assert (done.code, done.out) == (2, "")


def test_an_expired_certificate_is_one_sentence(
    expired: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is one that is trusted."""
    address, certificate = expired
    monkeypatch.setenv(CERTIFICATE, str(certificate))
    done = build(f"{IN_ADDRESS}{address}", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"sitegen: https://{address} cannot be reached: its certificate is not accepted: certificate has expired\n"
    )


SETTINGS = (
    ({INSECURE: "true", CERTIFICATE: "HERE"}, "MLflow's settings in the environment cannot be used: When"),
    ({INSECURE: "maybe"}, f"MLflow's settings in the environment cannot be used: {INSECURE} value must be one of"),
    ({CERTIFICATE: "nowhere.pem"}, f"{CERTIFICATE} names nowhere.pem, which does not exist"),
    ({"MLFLOW_TRACKING_CLIENT_CERT_PATH": "nowhere.pem"}, "MLFLOW_TRACKING_CLIENT_CERT_PATH names nowhere.pem, which"),
    ({CERTIFICATE: __file__}, "https://127.0.0.1:1 cannot be reached: "),
)


@pytest.mark.parametrize(("settings", "why"), SETTINGS)
def test_settings_that_make_no_sense_are_one_sentence(
    settings: dict[str, str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent."""
    for name, text in settings.items():
        monkeypatch.setenv(name, text)
    done = build("127.0.0.1:1", tmp_path)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"sitegen: {why}")


def test_a_server_that_speaks_no_tls_is_one_sentence(tmp_path: Path) -> None:
    """Its address begins with http:// in truth."""
    plain = Relay(9)
    done = build(f"127.0.0.1:{plain.port}", tmp_path)
    plain.close()
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith(f"sitegen: https://127.0.0.1:{plain.port} cannot be reached: TLS fails: ")

"""Tracking servers: a real one of MLflow's is started, if SITEGEN_MLFLOW_PYTHON names a Python that has MLflow 3."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import sitegen as package
from sitegen.core.errors import SitegenError
from sitegen.domain.model import Model
from sitegen.sources.discovery import Discovery, open_registry
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.server.address import parse_address
from sitegen.sources.server.mirror import MirrorWriter
from sitegen.storage.extras import install_hint
from tests.mlflow.truth.asking import HERE, PYTHONS, VARIABLE, ask
from tests.support.sites import READING, Outcome, catalog, contents, sitegen, stamps, warm
from tests.support.tracking_servers import Relay, Rule, basic, mlflow_server

needs_mlflow = pytest.mark.skipif(not PYTHONS, reason=f"{VARIABLE} names no Python that has MLflow")
SECRET = "ge:heim@27"


@dataclass
class Filled:
    """A server with a registry of every kind of thing: where it keeps it, its port, and who else may be asked."""

    root: Path
    port: int
    elsewhere: Relay


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are asked about once more, at once."""
    for name, text in (("MAX_RETRIES", "1"), ("BACKOFF_FACTOR", "0"), ("BACKOFF_JITTER", "0")):
        monkeypatch.setenv(f"MLFLOW_HTTP_REQUEST_{name}", text)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    root = tmp_path_factory.mktemp("tracking") / "root"
    root.mkdir()
    with mlflow_server(PYTHONS[0], root) as port:
        elsewhere = Relay(port)
        try:
            ask(PYTHONS[0], HERE / "mlflow_writer.py", f"http://127.0.0.1:{port}")
            _lead_astray(port, elsewhere)
            yield Filled(root, port, elsewhere)
        finally:
            elsewhere.close()


def _lead_astray(port: int, elsewhere: Relay) -> None:
    """An experiment whose artifacts are said to lie on another host, with a run and a logged model."""
    place = f"mlflow-artifacts://127.0.0.1:{elsewhere.port}/stolen"
    experiment = post(port, "experiments/create", name="astray", artifact_location=place)["experiment_id"]
    history = {"key": "mlflow.log-model.history", "value": '[{"artifact_path": "model"}]'}
    run = post(port, "runs/create", experiment_id=experiment, start_time=1, tags=[history])["run"]["info"]["run_id"]
    post(port, "logged-models", experiment_id=experiment, name="astray", source_run_id=run)


def post(port: int, endpoint: str, **fields: Any) -> Any:
    """Ask the server for something by hand."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/2.0/mlflow/{endpoint}",
        json.dumps(fields).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


@pytest.fixture
def relay(filled: Filled) -> Iterator[Relay]:
    """The server behind a relay."""
    one = Relay(filled.port)
    yield one
    one.close()


def build(url: str, folder: Path) -> Outcome:
    """Build the site of a server; site and cache lie in the folder."""
    return sitegen("build", url, "--output", folder / "site", "--cache", warm(folder / "cache"))


def models(discovery: Discovery) -> dict[str, Model]:
    """The models as they are loaded, nothing withheld."""
    source = discovery.source
    found = (load_model(source.stores, ref, ParseCache(source.tree, {}, 0)) for ref in discovery.models)
    return {model.name: model for model in found if model}


def comparable(model: Model) -> str:
    """All values of a model but what a server does not tell: hashes of files, and what pickles and images hold."""
    versions = [
        replace(one, digest=b"", files=tuple(file._replace(sha256=None) for file in one.files), pickles=(), previews=())
        for one in model.versions
    ]
    return repr(replace(model, digest=b"", versions=tuple(versions)))


def masked(site: Path) -> dict[str, str]:
    """The files of a site without what a server does not tell: hashes of files, and what pickles and images hold.

    The manifest is made of hashes.
    """
    untold = re.compile(
        r'<section class="s" id="files".*?</section>|<li>(?:(?!<li>).)*?<b>Pickle</b>.*?</li>'
        r'|(?<="sha256":)("[0-9a-f]{64}"|null)|(?<=B )[0-9a-f]{8}(?=")',
        re.DOTALL,
    )
    found = {path: data.decode("utf-8", "replace") for path, data in contents(site).items()}
    return {path: untold.sub("", text) for path, text in found.items() if path != "sitegen-manifest.txt"}


def on(*patterns: str, todo: int | str | bytes) -> Rule:
    """A rule for paths in which a pattern is found."""
    return lambda path: todo if any(re.search(pattern, path) for pattern in patterns) else None


# --- the same as from files ------------------------------------------------------------------------------------


@needs_mlflow
def test_a_server_and_its_database_give_the_same_site(filled: Filled, relay: Relay, tmp_path: Path) -> None:
    assert build(relay.url, tmp_path).code == 0
    assert sitegen("build", filled.root / "server", "--output", tmp_path / "other").code == 0
    ours, theirs = masked(tmp_path / "site"), masked(tmp_path / "other")
    assert ours.keys() == theirs.keys()
    assert [path for path in ours if ours[path] != theirs[path]] == []
    assert {model["name"]: model["versions"] for model in catalog(tmp_path / "site")["models"]} == {
        "prices": 3,
        "without versions": 0,
        "astray/astray": 1,
        "houses/model": 1,
        "north/south é/model": 2,
    }


@needs_mlflow
def test_every_value_from_a_server_is_the_one_from_its_database(filled: Filled, relay: Relay, tmp_path: Path) -> None:
    """Pages of one result, so that there are several of all kinds."""
    ours = models(open_registry(relay.url, tmp_path, page=1))
    theirs = models(open_registry(str(filled.root / "server")))
    assert {name: comparable(model) for name, model in ours.items()} == {
        name: comparable(model) for name, model in theirs.items()
    }
    for name, model in ours.items():
        for one, other in zip(model.versions, theirs[name].versions, strict=True):
            for file, same in zip(one.files, other.files, strict=True):
                assert file.sha256 in (None, same.sha256)
    known = {file.path for file in ours["prices"].versions[0].files if file.sha256}
    assert known == {"MLmodel", "conda.yaml", "python_env.yaml", "requirements.txt"}
    metric = next(metric for metric in ours["prices"].versions[0].metrics if metric.key == "loss")
    assert (metric.logged, len(metric.points)) == (20, 20)
    paged = {path.partition("?")[0] for path, body in relay.asked if "page_token" in path or b"page_token" in body}
    assert {path.rpartition("mlflow/")[2] for path in paged} == {
        *("experiments/search", "registered-models/search", "model-versions/search"),
        *("logged-models/search", "runs/search"),
    }


@needs_mlflow
def test_metrics_of_logged_models_are_those_of_the_servers_database(tmp_path: Path) -> None:
    """Checkpoints, datasets, later evaluations, statuses: what mlflow_evaluations.py writes."""
    (tmp_path / "root").mkdir()
    with mlflow_server(PYTHONS[0], tmp_path / "root") as port:
        ask(PYTHONS[0], HERE / "mlflow_evaluations.py", f"http://127.0.0.1:{port}")
        ours = models(open_registry(f"http://127.0.0.1:{port}", tmp_path / "cache"))
    theirs = models(open_registry(str(tmp_path / "root/server")))
    assert {name: comparable(model) for name, model in ours.items()} == {
        name: comparable(model) for name, model in theirs.items()
    }
    assert [len(version.dataset_metrics) for version in ours["net"].versions] == [2, 2, 4]


@needs_mlflow
def test_check_and_read_take_a_server(relay: Relay, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    done = sitegen("check", relay.url, *READING)
    assert (done.code, done.err) == (0, "")  # the model that is astray has no files yet: it is pending
    assert "mlmodel-missing" not in done.out
    read = package.read(relay.url)
    assert read.get_model_version_by_alias("prices", "champion").name == "2"


# --- again -----------------------------------------------------------------------------------------------------


@needs_mlflow
def test_a_server_without_models_says_how_many_runs_were_read(tmp_path: Path) -> None:
    """The newest ones: without a model nothing else of them is needed."""
    (tmp_path / "root").mkdir()
    with mlflow_server(PYTHONS[0], tmp_path / "root") as port:
        ids = [
            post(port, "runs/create", experiment_id="0", start_time=time)["run"]["info"]["run_id"] for time in (1, 2, 3)
        ]
        post(port, "runs/delete", run_id=ids[0])
        done = build(f"http://127.0.0.1:{port}", tmp_path)
    assert done.code == 0, done.err
    assert "2 runs read; none logged a model" in done.err
    assert "2 runs read; none logged a model" in (tmp_path / "site/index.html").read_text("utf-8")


@needs_mlflow
def test_what_does_not_change_is_fetched_once(relay: Relay, tmp_path: Path) -> None:
    build(relay.url, tmp_path)
    before, first = stamps(tmp_path / "site"), len(relay.asked)
    relay.asked.clear()
    done = build(relay.url, tmp_path)
    assert (done.code, "(0 files written)" in done.err) == (0, True)
    assert stamps(tmp_path / "site") == before
    again = [path for path in relay.paths() if "search" not in path]
    # the run and the model that are astray never ended
    assert [path.partition("?")[0].rpartition("/")[2] for path in again] in (
        ["list", "directories"],
        ["directories", "list"],
    )
    assert len(relay.asked) < first / 3


@needs_mlflow
def test_what_changes_is_seen_at_the_next_build(filled: Filled, relay: Relay, tmp_path: Path) -> None:
    build(relay.url, tmp_path)
    run = post(filled.port, "runs/create", experiment_id="1", start_time=5, run_name="late")["run"]["info"]["run_id"]
    source = f"mlflow-artifacts:/1/{run}/artifacts/model"
    try:
        post(filled.port, "registered-models/create", name="late")
        post(filled.port, "model-versions/create", name="late", source=source, run_id=run)
        post(filled.port, "runs/log-metric", run_id=run, key="loss", value=1.0, timestamp=10, step=1)
        build(relay.url, tmp_path)
        assert _late(tmp_path) == 1.0
        post(filled.port, "runs/log-metric", run_id=run, key="loss", value=0.5, timestamp=20, step=2)
        build(relay.url, tmp_path)
        assert _late(tmp_path) == 0.5
    finally:
        request = urllib.request.Request(
            f"http://127.0.0.1:{filled.port}/api/2.0/mlflow/registered-models/delete",
            b'{"name": "late"}',
            {"Content-Type": "application/json"},
            method="DELETE",
        )
        urllib.request.urlopen(request, timeout=60).close()
    build(relay.url, tmp_path)
    assert "late" not in {model["name"] for model in catalog(tmp_path / "site")["models"]}


def _late(folder: Path) -> float:
    (model,) = (model for model in catalog(folder / "site")["models"] if model["name"] == "late")
    value: float = model["metrics"]["loss"]
    return value


@needs_mlflow
def test_a_build_goes_on_where_the_server_broke_off(relay: Relay, tmp_path: Path) -> None:
    build(relay.url, tmp_path / "whole")
    runs = re.compile(r"metrics/get-history|artifacts/list")
    whole = sum(bool(runs.search(path)) for path in relay.paths())
    relay.asked.clear()
    relay.rule = on("logged-models/.*/files", todo="die")
    done = build(relay.url, tmp_path)
    assert (done.code, done.out) == (2, "")
    assert re.fullmatch(r"sitegen: http://\S+ stopped answering: .+; what was fetched is kept\n", done.err)
    assert not (tmp_path / "site").exists()
    relay.dead, relay.rule = False, lambda _: None
    relay.asked.clear()
    assert build(relay.url, tmp_path).code == 0
    assert sum(bool(runs.search(path)) for path in relay.paths()) < whole
    assert contents(tmp_path / "site") == contents(tmp_path / "whole" / "site")


@needs_mlflow
def test_a_site_stays_as_it_is_when_the_server_does_not_say_what_it_has(relay: Relay, tmp_path: Path) -> None:
    build(relay.url, tmp_path)
    before = stamps(tmp_path / "site")
    relay.rule = on("model-versions/search", todo=500)
    done = build(relay.url, tmp_path)
    assert done.code == 2
    assert done.err == f"sitegen: {relay.url} does not say what it has: too many 500 error responses\n"
    assert stamps(tmp_path / "site") == before


# --- a server that fails ---------------------------------------------------------------------------------------


@needs_mlflow
def test_an_item_at_which_the_server_fails_costs_one_problem(relay: Relay, tmp_path: Path) -> None:
    build(relay.url, tmp_path / "whole")
    whole = catalog(tmp_path / "whole" / "site")
    relay.rule = on("metric_key=rmse", "files.artifact_file_path=conda.yaml", todo=500)
    done = build(relay.url, tmp_path)
    assert done.code == 0, done.err
    broken = catalog(tmp_path / "site")
    assert [model["name"] for model in broken["models"]] == [model["name"] for model in whole["models"]]
    problems = sitegen("check", relay.url, *READING, "--format", "json").out
    rules = [found["rule"] for found in json.loads(problems)]
    assert (rules.count("server"), rules.count("unreadable")) == (4, 6)  # one a run, one a model with files
    relay.rule = lambda _: None
    assert build(relay.url, tmp_path).code == 0
    assert contents(tmp_path / "site") == contents(tmp_path / "whole" / "site")


@needs_mlflow
def test_files_that_cannot_be_listed_cost_one_problem(relay: Relay, tmp_path: Path) -> None:
    relay.rule = on("logged-models/.*/directories", todo=500)
    assert build(relay.url, tmp_path).code == 0
    found = open_registry(relay.url, tmp_path / "cache").problems
    assert {problem.rule for problem in found} == {"server"}
    assert {problem.message for problem in found} == {"the server does not give it: too many 500 error responses"}


@needs_mlflow
def test_what_fails_once_is_asked_again(relay: Relay, tmp_path: Path) -> None:
    seen: set[str] = set()

    def first_time(path: str) -> int | None:
        known = path in seen
        seen.add(path)
        return None if known else 503

    relay.rule = first_time
    assert open_registry(relay.url, tmp_path).problems == ()


def test_nobody_at_the_address_is_one_sentence(tmp_path: Path) -> None:
    done = build("http://127.0.0.1:9", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == "sitegen: http://127.0.0.1:9 cannot be reached: Connection refused\n"


def test_what_is_no_tracking_server_is_one_sentence(tmp_path: Path) -> None:
    other = Relay(9, rule=lambda _: 404)
    done = build(other.url, tmp_path)
    other.close()
    assert (done.code, done.err) == (2, f"sitegen: {other.url} is no tracking server of MLflow's: it answers 404\n")


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b"null", b"\xff", b'"experiments"'])
def test_an_answer_that_is_none_of_mlflows_is_one_sentence(answer: bytes, tmp_path: Path) -> None:
    other = Relay(9, rule=lambda _: answer)
    done = build(other.url, tmp_path)
    other.close()
    assert (done.code, done.err) == (2, f"sitegen: {other.url} is no tracking server of MLflow's\n")


@needs_mlflow
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"<html>", "its answer cannot be understood"),
        (b'{"registered_models": [{"name": {}}]}', "its answer cannot be understood"),
        (b'{"registered_models": 5}', "its answer cannot be understood"),
        (b'{"registered_models": [], "next_page_token": "again"}', "its pages have no end"),
    ],
)
def test_lists_that_make_no_sense_are_one_sentence(answer: bytes, why: str, relay: Relay, tmp_path: Path) -> None:
    relay.rule = on("registered-models", todo=answer)
    done = build(relay.url, tmp_path)
    assert (done.code, done.err) == (2, f"sitegen: {relay.url} does not say what it has: {why}\n")


@needs_mlflow
def test_names_of_files_that_lead_elsewhere_are_left_out(relay: Relay, tmp_path: Path) -> None:
    names = ["../../x", "/etc/passwd", "a/../MLmodel", "..", ".", "", "model/MLmodel", "\0", "\ud800", 5, None]
    files = [{"path": name, "is_dir": kind, "file_size": "3"} for name in names for kind in (True, False)]
    relay.rule = on(
        "artifacts/list", todo=json.dumps({"files": [*files, {"path": "good.txt", "file_size": "3"}]}).encode()
    )
    found = models(open_registry(relay.url, tmp_path))["prices"].versions[0]
    assert [file.path for file in found.files if file.path.startswith("..")] == [
        f"../../../{found.run.id if found.run else ''}/artifacts/good.txt"
    ]


@needs_mlflow
@pytest.mark.parametrize(
    "answer", [b"[]", b"{", b'{"files": [[]]}', b'{"files": {"a": 1}}', b'{"next_page_token": "again"}']
)
def test_lists_of_files_that_make_no_sense_are_a_problem(answer: bytes, relay: Relay, tmp_path: Path) -> None:
    relay.rule = on("artifacts/list", todo=answer)
    discovery = open_registry(relay.url, tmp_path)
    assert {found.rule for found in discovery.problems} == {"server"}
    assert len(models(discovery)) == 5


def test_without_the_extra_one_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = (
        "import sys; sys.modules['mlflow'] = None; from sitegen.cli.main import main;"
        f"sys.exit(main(['check', 'http://127.0.0.1:9', '--config', {str(tmp_path / 'none')!r}][:2]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == f"sitegen: a tracking server is read by MLflow's client: {install_hint('mlflow')}\n"


# --- nowhere else, and nothing told ----------------------------------------------------------------------------


@needs_mlflow
def test_nothing_is_fetched_from_where_the_server_says_that_it_lies(
    filled: Filled, relay: Relay, tmp_path: Path
) -> None:
    assert build(relay.url, tmp_path).code == 0
    assert filled.elsewhere.asked == []


@needs_mlflow
def test_a_redirect_is_not_followed(filled: Filled, relay: Relay, tmp_path: Path) -> None:
    relay.rule, relay.location = (lambda _: 307), f"http://user:{SECRET}@127.0.0.1:{filled.elsewhere.port}/api?x=1"
    done = build(relay.url, tmp_path)
    assert done.code == 2
    target = f"127.0.0.1:{filled.elsewhere.port}/api"
    assert f"it redirects to {target}, and only the given address is asked" in done.err
    relay.rule = on("artifacts/files", todo=307)
    assert build(relay.url, tmp_path).code == 0
    assert filled.elsewhere.asked == []


@needs_mlflow
@pytest.mark.parametrize("how", ["in the address", "in the environment"])
def test_credentials_reach_the_server_and_nothing_else(
    how: str, relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = relay.url
    if how == "in the address":
        url = url.replace("//", "//anna:ge%3Aheim%4027@")
    else:
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "anna")
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", SECRET)
    done = build(url, tmp_path)
    relay.rule = on("model-versions", todo=401)
    failed = build(url, tmp_path)
    relay.rule = on(".", todo="die")
    gone = build(url, tmp_path)
    assert (done.code, failed.code, gone.code) == (0, 2, 2)
    assert relay.authorizations == {basic("anna", SECRET)}
    assert os.environ.get("MLFLOW_TRACKING_PASSWORD") == (None if how == "in the address" else SECRET)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    said = (done.err + failed.err + gone.err + done.out).encode()
    for secret in (SECRET, "ge%3Aheim%4027", basic("anna", SECRET)):
        assert secret.encode() not in written + said
    assert b"anna:" not in said
    assert f"127.0.0.1:{relay.port}".encode() not in b"".join(contents(tmp_path / "site").values())


@pytest.mark.parametrize(
    ("text", "url", "user", "password"),
    [
        ("http://host", "http://host", None, None),
        ("https://host:5000/", "https://host:5000", None, None),
        ("HTTP://Host/prefix/#/models/x", "http://host/prefix", None, None),
        ("http://a:b%40c@[::1]:80/?q=1", "http://[::1]:80", "a", "b@c"),
        ("http://a@host", "http://host", "a", None),
    ],
)
def test_addresses(text: str, url: str, user: str | None, password: str | None) -> None:
    found = parse_address(text)
    assert (found.url, found.user, found.password) == (url, user, password)
    assert not password or password not in repr(found)


@pytest.mark.parametrize(
    "text", ["http://", "http://a:geheim@", "http://host:port", "http://ho st", "http://[::1", "http://h\n"]
)
def test_no_addresses(text: str) -> None:
    with pytest.raises(SitegenError, match="the address of a tracking server must look like https://host:port"):
        parse_address(text)


WRITES = {
    "put": lambda copy: copy.put("other", b"1", {"params": [("2", "b", "x")]}),
    "delete_others": lambda copy: copy.delete_others(()),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_copy_that_cannot_be_written_any_more_is_one_sentence(
    write: Callable[[MirrorWriter], None], tmp_path: Path
) -> None:
    """The disk is full, the file is gone: whatever SQLite says, not as a traceback."""
    copy = MirrorWriter(tmp_path / "copy.db", "")
    copy.put("run", b"1", {"params": [("1", "a", "x")]})
    copy._database.execute("pragma query_only = 1")
    with pytest.raises(SitegenError, match=r"copy\.db cannot be written: attempt to write a readonly database"):
        write(copy)
    copy.close()


@pytest.mark.parametrize("error", [sqlite3.OperationalError("disk is full"), sqlite3.DatabaseError("malformed")])
def test_a_damaged_copy_that_cannot_be_made_anew_is_one_sentence(
    error: sqlite3.Error, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt finds the damage, the second one fails."""
    (tmp_path / "copy.db").write_bytes(b"not a database" * 100)

    def _begin(_self: MirrorWriter, _form: str) -> None:
        raise error

    monkeypatch.setattr(MirrorWriter, "_begin", _begin)
    with pytest.raises(SitegenError, match=r"copy\.db cannot be written: (disk is full|malformed)"):
        MirrorWriter(tmp_path / "copy.db", "")


def test_an_item_is_put_in_whole_or_not_at_all(tmp_path: Path) -> None:
    """Whatever ends it, Ctrl-C too; what was there before stays, and the next one is taken."""

    def rows(ending: type[BaseException]) -> Iterator[tuple[object, ...]]:
        yield ("1", "a", "new")
        raise ending

    copy = MirrorWriter(tmp_path / "copy.db", "")
    copy.put("run", b"1", {"params": [("1", "a", "old")]})
    for ending in (KeyboardInterrupt, ValueError):
        with pytest.raises(ending):
            copy._put("run", b"2", b"", {"params": rows(ending)})
    copy.put("other", b"1", {"params": [("2", "b", "x")]})
    copy.close()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as database:
        assert database.execute("select value, item from params order by item desc").fetchall() == [
            ("old", "run"),
            ("x", "other"),
        ]
        assert database.execute("select hex(mark) from fetched where item = 'run'").fetchone() == ("31",)

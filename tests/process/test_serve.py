"""`sitegen serve` over HTTP: what it answers, to whom, and what it refuses."""

import http.client
import json
import re
import select
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from sitegen.serve.builder import Builder, PreviewOptions
from sitegen.serve.http.messages import Request
from sitegen.serve.http.same_origin import is_loopback, refusal_for
from sitegen.serve.http.server import MAX_CONNECTIONS
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.private_folder import private_folder
from sitegen.site import render
from sitegen.site.theme import load_theme, shipped_folder
from tests.support import previews, sites
from tests.support.previews import PATIENCE, Preview, built, waited
from tests.support.registries import SIGNED, layout, write

ROOT = Path(__file__).parents[2]
SCRIPT = re.compile(rb'<script src="/~sitegen/live\.js" data-page="[0-9a-f]{64}"></script>')
TOML = "[site]\ntitle = 'Models of a test'\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of the sample registry."""
    folder = tmp_path_factory.mktemp("serve")
    with previews.preview(ROOT / "sample_registry", cwd=folder, cache=sites.warm(folder / "cache")) as server:
        built(server)
        yield server


def test_every_file_is_served_as_it_is_built(server: Preview, sample: Path) -> None:
    """Byte for byte, but for the script that keeps a page up to date."""
    files = sites.contents(sample)
    assert sites.contents(server.site()) == files
    for path, data in files.items():
        answer = server.ask(f"/{path}")
        assert answer.status == 200, path
        if path.endswith(".html"):
            assert len(SCRIPT.findall(answer.body)) == 1, path
            assert SCRIPT.sub(b"", answer.body) == data, path
        else:
            assert answer.body == data, path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/api/catalog.json", "application/json"),
        ("/sitegen-manifest.txt", "text/plain; charset=utf-8"),
        ("/~sitegen/live.js", "text/javascript; charset=utf-8"),
        ("/~sitegen/live.css", "text/css; charset=utf-8"),
    ],
)
def test_files_have_the_right_type(server: Preview, path: str, kind: str) -> None:
    answer = server.ask(path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_folder_is_its_page(server: Preview) -> None:
    page = server.ask("/models/heart-disease-classifier/")
    assert page.status == 200
    assert server.ask("/models/heart-disease-classifier/index.html").body == page.body
    moved = server.ask("/models/heart-disease-classifier")
    assert (moved.status, moved.headers["location"]) == (301, "/models/heart-disease-classifier/")


@pytest.mark.parametrize(
    "path",
    [
        "/models/",  # no listing of a folder
        "/assets/",
        "/../../state.db",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/etc/passwd",
        "/models\\..\\..",
        "/index.html%00",
        "/~sitegen/",
        "/~sitegen/../live.js",
        "/~sitegen/own.py",
        "/~sitegen/edit",  # only with --edit
        "/~sitegen/events/",
    ],
)
def test_what_is_no_file_of_the_site_is_not_there(server: Preview, path: str) -> None:
    assert server.ask(path).status == 404


def test_a_link_in_the_site_leads_nowhere(server: Preview, tmp_path: Path) -> None:
    """Even where somebody puts it in the place of a file that belongs there."""
    target = server.site() / "feed.xml"
    kept = target.read_bytes()
    (tmp_path / "secret").write_text("secret")
    target.unlink()
    target.symlink_to(tmp_path / "secret")
    try:
        assert server.ask("/feed.xml").status == 404
    finally:
        target.unlink()
        target.write_bytes(kept)


def test_browsers_ask_once_for_what_does_not_change(server: Preview) -> None:
    page = server.ask("/")
    again = server.ask("/", If_None_Match=f'"other", W/{page.headers["etag"]}')
    assert (again.status, again.body) == (304, b"")
    asset = re.search(rb'href="(assets/[^"]+\.css)"', page.body)
    assert asset is not None
    style = server.ask(f"/{asset[1].decode()}")
    assert "immutable" in style.headers["cache-control"]
    assert page.headers["cache-control"] == "no-cache"


def test_head_says_what_get_would(server: Preview) -> None:
    whole, head = server.ask("/api/catalog.json"), server.ask("/api/catalog.json", "HEAD")
    assert head.body == b""
    assert head.headers == whole.headers


@pytest.mark.parametrize(
    ("range_", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-5", -5, None), ("bytes=5-99999999", 5, None)],
)
def test_a_part_of_a_file(server: Preview, range_: str, start: int, end: int | None) -> None:
    whole = server.ask("/feed.xml").body
    part = server.ask("/feed.xml", Range=range_)
    assert part.status == 206
    assert part.body == whole[start:end]
    first = start % len(whole)
    assert part.headers["content-range"] == f"bytes {first}-{first + len(part.body) - 1}/{len(whole)}"


def test_a_part_that_is_not_there(server: Preview) -> None:
    size = len(server.ask("/feed.xml").body)
    beyond = server.ask("/feed.xml", Range=f"bytes={size}-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for strange in ("bytes=9-3", "bytes=-0"):
        assert server.ask("/feed.xml", Range=strange).status == 416
    for strange in ("bytes=-", "lines=1-2", "bytes=0-1,4-5"):
        assert server.ask("/feed.xml", Range=strange).status == 200
    assert server.ask("/feed.xml", Range="bytes=0-1", If_Range='"old"').status == 200


KEPT = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
}
"""What keeps an answer from being shown in, loaded into or told to another site."""

ANSWERS = {
    "a page": ("/", "GET", {}, 200),
    "data": ("/api/catalog.json", "HEAD", {}, 200),
    "a part": ("/feed.xml", "GET", {"Range": "bytes=0-9"}, 206),
    "a page of before": ("/", "GET", {"If-None-Match": "*"}, 304),
    "a folder": ("/models/heart-disease-classifier", "GET", {}, 301),
    "nothing": ("/nothing", "GET", {}, 404),
    "a script of the server": ("/~sitegen/live.js", "GET", {}, 200),
    "events": ("/~sitegen/events", "GET", {}, 200),
    "a refusal": ("/", "GET", {"Host": "evil.example"}, 421),
    "another refusal": ("/", "POST", {}, 405),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_every_answer_stays_with_its_site(server: Preview, case: str) -> None:
    path, method, headers, status = ANSWERS[case]
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
    with closing(connection):  # events never end
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        assert (answer.status, {name: answer.headers[name] for name in KEPT}) == (status, KEPT)


# --- who may ask ---------------------------------------------------------------------------------------------------


REFUSED = {
    "another name leads here": ("GET", {"Host": "evil.example:8000"}, 421),
    "a name that begins like ours": ("GET", {"Host": "localhost.evil.example"}, 421),
    "an address of another machine": ("GET", {"Host": "192.0.2.7"}, 421),
    "no name": ("GET", {"Host": ""}, 421),
    "a broken name": ("GET", {"Host": "[::1"}, 421),
    "a page of another site": ("GET", {"Origin": "https://evil.example"}, 403),
    "a page of nowhere": ("GET", {"Origin": "null"}, 403),
    "another server of this machine": ("GET", {"Origin": "http://127.0.0.1:1"}, 403),
    "a script of another site": ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    "another port's script": ("GET", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    "a frame of another site": (
        "GET",
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        403,
    ),
    "posting": ("POST", {}, 405),
    "deleting": ("DELETE", {}, 405),
    "asking what may be asked": ("OPTIONS", {}, 405),
}


@pytest.mark.parametrize("case", REFUSED)
def test_strangers_are_refused(server: Preview, case: str) -> None:
    method, headers, status = REFUSED[case]
    for path in ("/", "/~sitegen/events", "/~sitegen/live.js"):
        answer = server.ask(path, method, **headers)
        assert answer.status == status
        assert b"diabetes" not in answer.body


def test_following_a_link_from_another_site_is_fine(server: Preview) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert server.ask("/", **followed).status == 200
    assert server.ask("/", Host=f"localhost:{server.port}").status == 200
    assert server.ask("/", Host=f"[::1]:{server.port}").status == 200


def test_who_listens_to_others_is_asked_by_addresses_and_own_names() -> None:
    """An address cannot be made to lead here by somebody else; a name can."""

    def status(host: str, stated: str) -> int:
        answer = refusal_for(Request(method="GET", path="/", headers={"host": stated}), host, False)
        return answer.status if answer else 200

    assert status("0.0.0.0", "192.0.2.7:8000") == 200
    assert status("0.0.0.0", "evil.example:8000") == 421
    assert status("preview.example", "preview.example:8000") == 200
    assert status("127.0.0.1", "192.0.2.7:8000") == 421


def test_what_is_no_http_ends_a_connection_and_nothing_else(server: Preview) -> None:
    long = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
    for said, status in (
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400),
        (b"GET\r\n\r\n", 400),
        (long + b"A: " + b"a" * 99_999, 431),
        (long + b"Content-Length: 2000000\r\n\r\n" + b"a" * 2_000_000, 413),
        (long + b"Transfer-Encoding: strange\r\n\r\n", 501),
    ):
        with socket.create_connection((server.host, server.port), timeout=PATIENCE) as client:
            client.sendall(said)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(99).startswith(f"HTTP/1.1 {status} ".encode())
    assert server.ask("/").status == 200


# --- many and slow clients -----------------------------------------------------------------------------------------


def test_64_pages_are_told_at_once_while_others_neither_ask_nor_listen(tmp_path: Path) -> None:
    registry = write(tmp_path / "registry", layout("wine", "1", metrics_json='{"rmse": 1.5}'))
    with previews.preview(registry, cwd=tmp_path, cache=sites.warm(tmp_path / "cache")) as server:
        built(server)
        with ExitStack() as held:
            pages = [held.enter_context(listening(server)) for _ in range(64)]
            vega = next(path.relative_to(server.site()) for path in (server.site() / "assets").glob("vega*.js"))
            for _ in range(500):
                client = held.enter_context(socket.create_connection((server.host, server.port), timeout=PATIENCE))
                client.sendall(b"GET / HTTP/1.1\r\nHost: localho")
            for _ in range(20):
                client = held.enter_context(socket.create_connection((server.host, server.port), timeout=PATIENCE))
                client.sendall(f"GET /{vega} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 20)  # and never reads
            write(registry, layout("wine", "1", metrics_json='{"rmse": 2.5}'))
            for page in pages:
                assert "models/wine/1/index.html" in next(page)["changed"]
            waited(lambda: b"2.5" in server.ask("/models/wine/1/").body)  # the first news may be of half a file


def test_connections_are_limited_however_fast_they_come(tmp_path: Path) -> None:
    """Those that come while the server does something else are accepted all at once; each takes the place of one."""
    registry = write(tmp_path / "registry", layout("wine", "1"))
    with previews.preview(registry, cwd=tmp_path, cache=sites.warm(tmp_path / "cache")) as server, ExitStack() as held:
        built(server)
        waiting = []
        for _ in range(6):
            server.process.send_signal(signal.SIGSTOP)
            for _ in range(90):  # the system keeps a hundred until they are accepted
                client = held.enter_context(socket.create_connection((server.host, server.port), timeout=PATIENCE))
                client.sendall(b"GET / HTTP/1.1\r\nHost: localho")
                waiting.append(client)
            server.process.send_signal(signal.SIGCONT)
            assert server.ask("/").status == 200
        until_few(waiting)


def until_few(clients: list[socket.socket]) -> None:
    """Wait until the server has ended all but so many connections that say nothing: the oldest ones, and no more."""
    waited(lambda: len(select.select(clients, [], [], 0)[0]) >= len(clients) - MAX_CONNECTIONS)
    ended, _, _ = select.select(clients, [], [], 0)
    assert len(ended) <= len(clients) - MAX_CONNECTIONS + 5  # who asked meanwhile
    assert not set(ended).intersection(clients[-MAX_CONNECTIONS + 5 :])


@contextmanager
def listening(server: Preview) -> Iterator[Iterator[dict[str, Any]]]:
    """The events that a page gets that was loaded just now."""
    build = server.build()
    with (
        socket.create_connection((server.host, server.port), timeout=PATIENCE) as client,
        client.makefile(encoding="utf-8") as lines,
    ):
        client.sendall(f"GET /~sitegen/events?since={build} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        first = next(line for line in lines if line.startswith("data: "))
        assert json.loads(first[6:]) == {"changed": [], "problem": None}
        yield (json.loads(line[6:]) for line in lines if line.startswith("data: "))


# --- beginning and ending ------------------------------------------------------------------------------------------


def test_one_line_says_where_and_ctrl_c_ends(tmp_path: Path) -> None:
    registry = write(tmp_path / "registry", layout("wine", "1"))
    for number in (signal.SIGINT, signal.SIGTERM):
        with previews.preview(registry, cwd=tmp_path) as server:
            assert server.line == f"Serving {registry} at {server.url} (Ctrl+C to stop)\n"
            built(server)
            with listening(server) as events:
                code, said = server.end(number)
                assert (code, [line for line in said.splitlines() if "files written" not in line]) == (0, [])
                assert list(events) == []


def test_ctrl_c_ends_in_the_middle_of_a_build(tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    for number in range(300):
        write(registry, layout(f"model-{number}", "1"))
    with previews.preview(registry, cwd=tmp_path) as server:
        assert server.ask("/").status in (200, 503)
        code, said = server.end()  # on a machine that stops meanwhile the build may have ended
        assert (code, [line for line in said.splitlines() if "files written" not in line]) == (0, [])


def test_a_port_that_is_taken_gives_way_to_the_next(tmp_path: Path) -> None:
    registry = write(tmp_path / "registry", layout("wine", "1"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with previews.preview(registry, cwd=tmp_path, port=port) as server:
            assert server.port > port
            assert server.line.endswith(f"(Ctrl+C to stop; port {port} is in use)\n")
            built(server)


def test_two_previews_of_one_registry(tmp_path: Path) -> None:
    registry = write(tmp_path / "registry", layout("wine", "1"))
    with (
        previews.preview(registry, cwd=tmp_path) as one,
        previews.preview(registry, cwd=tmp_path) as other,
    ):
        built(one)
        built(other)
        assert one.ask("/").body == other.ask("/").body


def test_the_site_of_the_last_time_is_there_before_the_build(tmp_path: Path) -> None:
    """The registry is gone in the meantime: what is shown can only be the last site."""
    registry = write(tmp_path / "registry", layout("wine", "1"))
    with previews.preview(registry, cwd=tmp_path) as server:
        built(server)
        page = server.ask("/").body
        server.end()
    shutil.rmtree(registry)
    registry.mkdir()
    with previews.preview(registry, cwd=tmp_path) as server:
        built(server)
        assert server.ask("/").body == page


def test_all_templates_are_loaded_before_something_changes(tmp_path: Path) -> None:
    """Also where the site was up to date, so that nothing had to be rendered."""
    registry = str(write(tmp_path / "registry", layout("wine", "1")))
    sites.update(Path(registry), tmp_path / "site")
    stop, said = threading.Event(), lambda _: None
    builder = Builder(
        PreviewOptions(registry, None, tmp_path, cache_folder(None), lambda _: nullcontext()), stop, said, said
    )
    render._renderer.cache_clear()
    thread = threading.Thread(target=builder.run)
    thread.start()
    try:
        waited(lambda: render._renderer.cache_info().currsize)
        loaded = render._renderer(load_theme("", str(private_folder()))).environment.cache
        assert loaded is not None
        waited(
            lambda: (
                {name for _, name in loaded}
                == {str(path.relative_to(shipped_folder())) for path in shipped_folder().rglob("*.html")}
            )
        )
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["nowhere"], "sitegen: nowhere does not exist\n"),
        ([".", "--port", "65536"], "sitegen: --port must be between 0 and 65535\n"),
        (
            [".", "--host", "0.0.0.0", "--edit"],
            "sitegen: --host 0.0.0.0 with --edit lets anybody on the network change the registry's files; "
            "add --allow-remote-edit to allow this\n",
        ),
        ([".", "--host", "127.0.0.1", "--port", "-1", "--edit"], "sitegen: --port must be between 0 and 65535\n"),
    ],
)
def test_wrong_usage_is_one_sentence(
    flags: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"wine/1/MLmodel": SIGNED})
    monkeypatch.chdir(tmp_path)
    said = sites.sitegen("serve", *flags, "--cache", str(tmp_path / "cache"))
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(message)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "sitegen: --host 192.0.2.7: anybody on the network can read the site\n"),
        (
            ["--edit", "--allow-remote-edit"],
            "sitegen: --host 192.0.2.7: anybody on the network can read the site and edit the files\n",
        ),
    ],
)
def test_a_server_that_others_can_reach_says_so(
    flags: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This address is of no machine, so it ends there."""
    write(tmp_path, {"wine/1/MLmodel": SIGNED})
    monkeypatch.chdir(tmp_path)
    said = sites.sitegen("serve", ".", "--host", "192.0.2.7", *flags, "--cache", str(tmp_path / "cache"))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"{message}sitegen: cannot listen on 192.0.2.7: ")
    assert said.err.count("\n") == 2


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("LocalHost", True),
        ("", False),  # every address of the machine
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.7", False),
        ("localhost.evil.example", False),
    ],
)
def test_loopback_is_this_machine_alone(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected

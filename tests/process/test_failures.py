"""A command that fails says why in one sentence, and its exit code is never that of a finding."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool

import pytest

from sitegen.cli import check
from sitegen.core.errors import SitegenError
from tests.support import sites


def thread() -> int:
    """A command of which a thread fails."""
    worker = threading.Thread(target=lambda: {}["nothing"])
    worker.start()
    worker.join()
    return 0


REPORT = "please report it with the output of --debug"
FAILURES: dict[str, tuple[BaseException, int, str]] = {
    "a mistake": (KeyError("place"), 70, f"internal error: KeyError: 'place'; {REPORT}"),
    "a mistake without words": (AssertionError(), 70, f"internal error: AssertionError; {REPORT}"),
    "a mistake of many lines": (ValueError("a\n  b"), 70, f"internal error: ValueError: a b; {REPORT}"),
    "no end": (RecursionError("too deep"), 70, f"internal error: RecursionError: too deep; {REPORT}"),
    "a missing package": (ImportError("no x"), 70, f"internal error: ImportError: no x; {REPORT}"),
    "no memory": (MemoryError(), 2, "out of memory"),
    "a killed worker": (
        BrokenProcessPool("x"),
        2,
        "a worker process was killed, probably for lack of memory; --jobs 1 uses the least",
    ),
    "a connection that ended": (BrokenPipeError(32, "Broken pipe"), 2, "Broken pipe"),
    "a full disk": (OSError(28, "No space left on device", "x"), 2, "x: No space left on device"),
    "wrong usage": (SitegenError("name a registry"), 2, "name a registry"),
    "Ctrl-C": (KeyboardInterrupt(), 130, "interrupted"),
}


@pytest.mark.parametrize("case", FAILURES)
@pytest.mark.parametrize("flags", [(), ("before",), ("after",)])
def test_a_failure_is_one_sentence(case: str, flags: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback is for those who ask for it, before the command or after it."""
    error, code, sentence = FAILURES[case]

    def fail(_: object) -> int:
        """What a command does that fails."""
        raise error

    monkeypatch.setattr(check, "run", fail)
    before = ["--debug"] if "before" in flags else []
    after = ["--debug"] if "after" in flags else []
    done = sites.sitegen(*before, "check", "x", *after)
    assert (done.code, done.out) == (code, "")
    assert done.err.endswith(f"sitegen: {sentence}\n")
    assert ("Traceback" in done.err) == bool(flags)
    assert flags or done.err.count("\n") == 1


@pytest.mark.parametrize("command", [lambda: thread(), lambda: thread() + 1])
def test_a_thread_that_fails_is_a_failure(command: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the command itself would say."""
    monkeypatch.setattr(check, "run", lambda _: command())
    done = sites.sitegen("check", "x")
    assert (done.code, done.err) == (70, f"sitegen: internal error: KeyError: 'nothing'; {REPORT}\n")


def test_ctrl_c_ends_a_command_with_one_sentence(tmp_path: object) -> None:
    """While it waits for a pipe, too."""
    reader, writer = os.pipe()
    command = [*sites.SITEGEN, "compare", f"/dev/fd/{reader}", "x"]
    with subprocess.Popen(command, cwd=str(tmp_path), pass_fds=[reader], stderr=subprocess.PIPE) as process:
        os.close(reader)
        threading.Timer(2.0, process.send_signal, [signal.SIGINT]).start()
        try:
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()  # or leaving the block would wait for it without end
    os.close(writer)
    assert (process.returncode, err) == (130, b"sitegen: interrupted\n")

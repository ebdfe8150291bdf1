"""The process of which worker processes of this machine are copies: it has loaded the modules of a build."""

import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext


def can_copy() -> bool:
    """Whether workers can be copies of one process; elsewhere each starts afresh."""
    return sys.platform == "linux"


def copy_context() -> "BaseContext":
    """The source of worker processes that are copies. It starts the fork server, unless that runs already."""
    context: BaseContext = import_module("multiprocessing").get_context("forkserver")
    context.set_forkserver_preload(["sitegen.build.worker"])
    return context


def start_fork_server() -> None:
    """Start the fork server ahead of the first worker: it loads modules while this process reads the registry."""
    if can_copy():
        copy_context()
        with suppress(OSError):  # the system may allow no more processes
            import_module("multiprocessing.forkserver").ensure_running()

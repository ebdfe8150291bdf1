"""`sitegen serve`: start a live preview of the site, and print its address."""

import hashlib
import os
import webbrowser
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path

from sitegen.build.executor import local_workers
from sitegen.cli.report import terminal
from sitegen.core.errors import SitegenError
from sitegen.core.text import visible
from sitegen.serve.builder import PreviewOptions
from sitegen.serve.http.same_origin import is_loopback
from sitegen.serve.preview import run as preview
from sitegen.settings.cache_folder import cache_folder
from sitegen.sources.kinds import find_root, kind_of
from sitegen.storage.lock import lock_output

MAX_PREVIEWS = 9
"""The limit of previews of one registry at once; each builds into its own folder."""


def run(options: Namespace) -> int:
    """Serve until Ctrl+C."""
    if not 0 <= options.port < 2**16:
        raise SitegenError("--port must be between 0 and 65535")
    if refusal := kind_of(options.registry).watch_refusal:
        raise SitegenError(refusal)
    _check_host(options.host, options.edit, options.allow_remote_edit)
    find_root(options.registry)
    registry, cache = os.path.abspath(options.registry), cache_folder(options.cache)

    def announce(url: str) -> None:
        """Print the address of the preview."""
        in_use = f"; port {options.port} is in use" if f":{options.port}/" not in url and options.port else ""
        terminal.write(f"Serving {visible(options.registry)} at {url} (Ctrl+C to stop{in_use})\n")
        if options.open:
            webbrowser.open(url)

    with ExitStack() as stack:
        folder = _claim_folder(cache / "previews" / _folder_name(registry, options.config), stack)
        preview_options = PreviewOptions(
            registry=options.registry,
            config=options.config,
            folder=folder,
            cache=cache,
            workers=local_workers(),
            allow_empty=options.allow_empty,
        )
        if not preview(preview_options, options.host, options.port, options.edit, terminal.print_message, announce):
            os._exit(0)  # a build may be killed at any moment, and its workers end with it
    return 0


def _check_host(host: str, edit: bool, remote_edit: bool) -> None:
    """Warn if other machines can reach the server. Raises SitegenError if they could edit without permission."""
    if is_loopback(host):
        return
    if edit and not remote_edit:
        raise SitegenError(
            f"--host {host} with --edit lets anybody on the network change the registry's files; "
            "add --allow-remote-edit to allow this"
        )
    terminal.print_message(
        f"--host {host}: anybody on the network can read the site{' and edit the files' if edit else ''}"
    )


def _folder_name(registry: str, config: str | None) -> str:
    key = f"{registry}\0{os.path.abspath(config or '')}"
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _claim_folder(folder: Path, stack: ExitStack) -> Path:
    """Lock a folder that no other preview uses; the first one usually holds the site of the last preview."""
    for number in range(MAX_PREVIEWS):
        numbered = folder.with_name(f"{folder.name}-{number}")
        try:
            stack.enter_context(lock_output(str(numbered)))
        except SitegenError:
            continue
        return numbered
    raise SitegenError(f"{MAX_PREVIEWS} previews of this registry are already running")

"""The rebuild loop of a preview: watch, rescan, build, publish."""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from sitegen.build.pipeline import build, load_stages
from sitegen.build.request import BuildReport, BuildRequest, Workers
from sitegen.build.session import Session
from sitegen.build.state import State
from sitegen.core import process
from sitegen.core.errors import SitegenError
from sitegen.serve.live_listing import LiveListing
from sitegen.serve.live_state import PublishedSite
from sitegen.serve.watcher import Watcher
from sitegen.settings.keep import MANIFEST
from sitegen.settings.private_folder import private_folder
from sitegen.settings.settings import NAME, Settings, read_settings
from sitegen.site.theme import load_theme
from sitegen.sources.database.stamp_cache import StampCache
from sitegen.sources.discovery import Discovery
from sitegen.storage.lock import lock_output
from sitegen.storage.output import FolderOutput

RESCAN_SECONDS = 2.5
"""Interval of the full rescan that catches missed events, in seconds."""

RESCAN_FACTOR = 40
"""The interval of rescans is at least this multiple of the duration of one."""


class StoppedError(Exception):
    """Raised inside a build to stop it when the server ends."""


@dataclass(frozen=True)
class PreviewOptions:
    """The options of a preview: the registry, its settings file, and the folder to build into.

    `allow_empty` allows an empty registry to remove all models from the site.
    """

    registry: str
    config: str | None
    folder: Path
    cache: Path
    workers: Workers
    allow_empty: bool = False


class Builder:
    """Builds in its own thread. `show` gets each new site, `say` one line about each build and problem."""

    def __init__(
        self, options: PreviewOptions, stop: Event, show: Callable[[PublishedSite], None], say: Callable[[str], None]
    ) -> None:
        self.options, self.stop, self.show, self.say = options, stop, show, say
        self.root = str(options.folder / "site")
        self.inventory = LiveListing(options.registry)
        self.discovery: Discovery | None = None
        self._watcher = Watcher(stop)
        self._shown = PublishedSite()
        self._inputs: tuple[Settings, bytes] | None = None
        self._last_notes: tuple[str, ...] = ()
        self._pause = RESCAN_SECONDS
        self._session = Session()

    def run(self) -> None:
        """Show the last site, then build whenever something changes, until the server ends."""
        self._show(None)
        with suppress(StoppedError), State(self.options.cache, self.options.registry, self.root) as state:
            self._run_loop(state)

    def _run_loop(self, state: State) -> None:
        self._rescan()
        self._build(state)
        self._prepare()
        process.freeze_gc()
        settled = False
        while True:
            watched = self._watch_all()
            touched = self._watcher.changes(self._pause) if watched else set()
            if self.stop.is_set():
                return
            changed = self._refresh_listing(touched) if touched else self._rescan()
            quiet = watched and not touched
            # A quiet moment after changes gets one more build: it finds changes within one tick of the clock, and
            # during the last build. After a problem each pass builds: a lock ends without a change of any file.
            if changed or (quiet and not settled) or (not touched and self._shown.problem):
                self._build(state)
                settled = quiet and not changed

    def _prepare(self) -> None:
        """Load templates and modules before the first change; a build of an unchanged site loads none."""
        from sitegen.site import render

        with suppress(SitegenError, OSError):  # the next build reports it
            theme = load_theme(self._theme_and_settings()[0].site.templates, str(private_folder() or ""))
            load_stages()
            render.load_templates(theme)

    # --- scanning ----------------------------------------------------------------------------------------------

    def _rescan(self) -> bool:
        """Scan everything. True if something changed."""
        start = time.monotonic()
        self._session.output_digest = ""
        try:
            return self.inventory.walk() or self._has_new_theme()
        except SitegenError:
            return True
        finally:
            self._pause = max(RESCAN_SECONDS, RESCAN_FACTOR * (time.monotonic() - start))

    def _refresh_listing(self, paths: set[str]) -> bool:
        """Rescan the paths that changed. True if the site may have to change."""
        return self.inventory.touch(paths) or self._has_new_theme()

    def _has_new_theme(self) -> bool:
        """Whether settings or templates differ from those of the last build."""
        try:
            return self._theme_and_settings() != self._inputs
        except (SitegenError, OSError):
            return True

    def _theme_and_settings(self) -> tuple[Settings, bytes]:
        """The settings, and the digest of the templates."""
        settings = read_settings(self.options.config)
        return settings, load_theme(settings.site.templates).edition

    def _watch_all(self) -> bool:
        """Watch the listed folders, the templates and the folder of the settings file.

        Returns False if the watched folders are new: earlier changes in them made no event, so the caller rescans.
        """
        own = Path(self.options.config or NAME).absolute().parent
        templates = [self._inputs[0].site.templates] if self._inputs and self._inputs[0].site.templates else []
        below = [folder for top in templates for folder, _, _ in os.walk(top)]
        worked = self._watcher.works
        before = self._watcher.watch(
            {*self.inventory.folders(), *below, str(own)}, [self.inventory.root, *templates, str(own)]
        )
        if worked and not self._watcher.works:
            self.say(f"the system cannot watch so many folders; changes appear after {self._pause:.0f} s")
        return before

    # --- building ----------------------------------------------------------------------------------------------

    def _build(self, state: State) -> None:
        start = time.perf_counter()
        try:
            self._inputs = self._theme_and_settings()
            report = self._run_build(state, self._inputs[0])
            self.inventory.ignore_own_reads()
        except SitegenError as error:
            self._show(str(error))
        except OSError as error:
            self._show(f"{error.filename or self.root}: {error.strerror or error}")
        else:
            self._show(None)
            if report.counts.written:
                self.say(f"{report.counts.written:,} files written in {time.perf_counter() - start:.2f} s")

    def _run_build(self, state: State, settings: Settings) -> BuildReport:
        started = time.time_ns()
        self.discovery = self.inventory.discovery(settings.registry.exclude, StampCache(self.options.cache, started))
        for note in self.discovery.notes():
            if note not in self._last_notes:
                self.say(note)
        self._last_notes = self.discovery.notes()
        with lock_output(self.root):
            return build(
                BuildRequest(
                    discovery=self.discovery,
                    settings=settings,
                    root=self.root,
                    cache=self.options.cache,
                    state=state,
                    started=started,
                    workers=self.options.workers,
                    progress=self._progress,
                    allow_empty=self.options.allow_empty,
                ),
                self._session,
            )

    def _progress(self, _versions: int) -> None:
        if self.stop.is_set():
            raise StoppedError

    def _show(self, problem: str | None) -> None:
        """Publish the site in the folder to the server, with the problem of the last build, if any."""
        manifest = b"" if problem and self._shown.build else FolderOutput(self.root).read(MANIFEST) or b""
        if manifest:
            lines = (line.split("  ", 1) for line in manifest.decode("utf-8", "replace").splitlines())
            files = {path: sha256 for sha256, path in lines} | {MANIFEST: hashlib.sha256(manifest).hexdigest()}
            shown = PublishedSite(files[MANIFEST], files, problem)
        else:
            shown = PublishedSite(self._shown.build, self._shown.files, problem)
        if problem and problem != self._shown.problem:
            self.say(problem)
        if shown != self._shown:
            self._shown = shown
            self.show(shown)

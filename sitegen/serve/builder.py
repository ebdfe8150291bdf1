"""Keeping the site of a registry up to date: looks, builds, and tells what it made."""

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
from sitegen.sources.discovery import Discovery
from sitegen.storage.lock import lock_output
from sitegen.storage.output import FolderOutput

RESCAN_SECONDS = 2.5
"""Seconds without a change after which the builder looks at everything, for what no event told of."""

RESCAN_SHARE = 40
"""Such looks take at most this part of the time: a fortieth."""


class StoppedError(Exception):
    """The server ends, and so does the build."""


@dataclass(frozen=True)
class PreviewOptions:
    """What is to be served: a registry with the settings of a file, built into `folder`.

    `allow_empty` says whether the site may lose all of its models.
    """

    registry: str
    config: str | None
    folder: Path
    cache: Path
    workers: Workers
    allow_empty: bool = False


class Builder:
    """Builds in a thread of its own. `show` is told of each new site, `say` of each build and problem in one line."""

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
        self._last_note = ""
        self._pause = RESCAN_SECONDS
        self._session = Session()

    def run(self) -> None:
        """Show what was built before, then build whenever something changes, until the server ends."""
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
            found = self._refresh_listing(touched) if touched else self._rescan()
            quiet = watched and not touched
            # What changed within the tick of a clock, or shortly before it was read, shows once all is quiet. A lock
            # ends without a change of any file.
            if found or (quiet and not settled) or (not touched and self._shown.problem):
                self._build(state)
                settled = quiet and not found

    def _prepare(self) -> None:
        """Load what the first change will need: where the site was up to date, nothing has."""
        from sitegen.site import render

        with suppress(SitegenError, OSError):  # a build will tell
            theme = load_theme(self._theme_and_settings()[0].site.templates, str(private_folder() or ""))
            load_stages()
            render.prepare(theme)

    # --- looking -----------------------------------------------------------------------------------------------

    def _rescan(self) -> bool:
        """Look at everything; whether something is new."""
        begun = time.monotonic()
        self._session.manifest_digest = ""
        try:
            return self.inventory.walk() or self._has_new_theme()
        except SitegenError:
            return True
        finally:
            self._pause = max(RESCAN_SECONDS, RESCAN_SHARE * (time.monotonic() - begun))

    def _refresh_listing(self, paths: set[str]) -> bool:
        """Look at what was touched; whether the site may have to change."""
        return self.inventory.touch(paths) or self._has_new_theme()

    def _has_new_theme(self) -> bool:
        """Whether settings or templates are others than those of the last build."""
        try:
            return self._theme_and_settings() != self._inputs
        except (SitegenError, OSError):
            return True

    def _theme_and_settings(self) -> tuple[Settings, bytes]:
        """The settings, and the edition of the templates."""
        settings = read_settings(self.options.config)
        return settings, load_theme(settings.site.templates).edition

    def _watch_all(self) -> bool:
        """Watch all that was listed, the templates and the folder of the settings; False where that is new.

        Nobody was told of what changed before it was watched.
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
        begun = time.perf_counter()
        try:
            made = self._theme_and_settings()
            self._inputs = made
            report = self._run_build(state, made[0])
            self.inventory.ignore_own_reads()
        except SitegenError as error:
            self._show(str(error))
        except OSError as error:
            self._show(f"{error.filename or self.root}: {error.strerror or error}")
        else:
            self._show(None)
            if report.counts.written:
                self.say(f"{report.counts.written:,} files written in {time.perf_counter() - begun:.2f} s")

    def _run_build(self, state: State, settings: Settings) -> BuildReport:
        self.discovery = self.inventory.discovery(settings.registry.exclude)
        if self.discovery.note not in ("", self._last_note):
            self.say(self.discovery.note)
        self._last_note = self.discovery.note
        with lock_output(self.root):
            return build(
                BuildRequest(
                    discovery=self.discovery,
                    settings=settings,
                    root=self.root,
                    cache=self.options.cache,
                    state=state,
                    started=time.time_ns(),
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
        """Tell of the site that is there now."""
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

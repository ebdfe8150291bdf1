"""One build, and what is known before anything is loaded: what may have changed, and whether what is there is whole."""

import hashlib
import marshal
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.build.racy import recheck_racy
from sitegen.build.state import State
from sitegen.core import process
from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic
from sitegen.settings.keep import MANIFEST
from sitegen.settings.private_folder import private_folder
from sitegen.settings.settings import Settings
from sitegen.site.charts.scripts import chart_key
from sitegen.site.theme import Theme, load_theme
from sitegen.site.urls import assign_slugs, identity
from sitegen.sources.discovery import Discovery
from sitegen.sources.refs import ModelRef
from sitegen.storage.manifest import verify_digest
from sitegen.storage.output import output_at

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.build.session import Session

Progress = Callable[[int], None]
"""Is told how many more versions are done."""

Workers = Callable[[int], AbstractContextManager["Executor | None"]]
"""Starts workers that can share so many versions; None means that the work is done here."""


@dataclass
class Earlier:
    """What a process that builds again and again need not find out anew: `stamps` with what they were made of by the
    name of the model, the digest of the manifest whose files were last seen to be there, and what it keeps of models.
    """

    stamps: dict[str, tuple[ModelRef, str, bytes]] = field(default_factory=dict)
    whole: str = ""
    kept: "Session | None" = None


@dataclass(frozen=True)
class Build:
    """One build: a discovered registry on its way to `root`, a folder or a URL. `cache` is the folder for local state.

    `ahead` says how many jobs workers have before them, `allow_empty` whether a site may lose all of its models.
    """

    discovery: Discovery
    settings: Settings
    root: str
    cache: Path
    state: State
    started: int
    workers: Workers = lambda _: nullcontext()
    progress: Progress = lambda _: None
    ahead: int = 8
    earlier: Earlier = field(default_factory=Earlier)
    allow_empty: bool = False


@dataclass(frozen=True)
class Plan:
    """What is known before anything is loaded.

    `refs` are the models by name. `base` is the fingerprint of what all pages share, `stamps` tell of each model
    whether it may have changed, `mark` stands for the problems of no model; `trusted` says whether the state speaks of
    this output.
    """

    theme: Theme
    refs: dict[str, ModelRef]
    slugs: dict[str, str]
    base: bytes
    stamps: dict[str, bytes]
    others: tuple[Diagnostic, ...]
    mark: bytes
    trusted: bool


@process.pause_gc()
def make_plan(one: Build) -> Plan:
    """Look at the registry's listing, the state and the output, and load nothing."""
    theme = load_theme(one.settings.site.templates, str(private_folder() or ""))
    addresses = assign_slugs(one.discovery.models)
    others = one.discovery.problems + addresses.problems
    base = fingerprint(theme.edition, repr(one.settings), chart_key())
    refs = {name_of(ref): ref for ref in one.discovery.models}
    slugs = {name: addresses.slugs[identity(ref)] for name, ref in refs.items()}
    stamps = model_stamps(one, refs, slugs)
    trusted = state_matches_output(one)
    if trusted:
        recheck_racy(one.state, one.discovery.source.tree, refs, stamps, one.started)
    return Plan(
        theme=theme,
        refs=refs,
        slugs=slugs,
        base=base,
        stamps=stamps,
        others=others,
        mark=fingerprint(base, repr(others)),
        trusted=trusted,
    )


def name_of(ref: ModelRef) -> str:
    """What tells a model from all others, as one text."""
    return "\0".join(identity(ref))


def model_stamps(one: Build, refs: dict[str, ModelRef], slugs: dict[str, str]) -> dict[str, bytes]:
    """The stamp of every model; what an earlier build made of an equal listing holds."""
    before, one.earlier.stamps = one.earlier.stamps, {}
    for name, ref in refs.items():
        slug, known = slugs[name], before.get(name)
        stamp = known[2] if known and known[:2] == (ref, slug) else _stamp(ref, slug)
        one.earlier.stamps[name] = ref, slug, stamp
    return {name: stamp for name, (_, _, stamp) in one.earlier.stamps.items()}


def _stamp(ref: ModelRef, slug: str) -> bytes:
    """What changes whenever the listing of a model's files or its facts in a store do, or what discovery found out."""
    facts = [
        (one.name, one.run_id, one.model_id, one.experiment, one.folder is None, one.run is None, one.logged is None)
        for one in ref.versions
    ]
    # The second version of the format writes equal values as equal bytes, whoever else refers to them.
    return fingerprint(marshal.dumps((slug, facts, [bundle.facts() for bundle in ref.bundles()], ref.marks()), 2))


# --- what is there already -------------------------------------------------------------------------------------


def state_matches_output(one: Build) -> bool:
    """Whether the state tells the truth about the output: nobody else built there, and no file was lost."""
    manifest = output_at(one.root).read(MANIFEST)
    if manifest is None or one.state.header("building") is not False:
        return False
    digest = hashlib.sha256(manifest).hexdigest()
    if one.state.header("manifest") != digest:
        return False
    if one.earlier.whole != digest:
        one.earlier.whole = verify_digest(one.root)
    return one.earlier.whole == digest

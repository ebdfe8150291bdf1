"""The plan of a build, made from the registry's listing, the state and the output before any model is loaded."""

import hashlib
import marshal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sitegen.build.request import BuildReport, BuildRequest
from sitegen.build.session import Session
from sitegen.build.state import RacyFiles, State
from sitegen.core import process
from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic
from sitegen.settings.keep import MANIFEST
from sitegen.settings.private_folder import private_folder
from sitegen.site.charts.scripts import chart_key
from sitegen.site.theme import Theme, load_theme
from sitegen.site.urls import assign_slugs, identity
from sitegen.sources.parse_cache import is_racy
from sitegen.sources.reading import read_bundle
from sitegen.sources.refs import ModelRef
from sitegen.storage.manifest import measure_output
from sitegen.storage.output import output_at
from sitegen.storage.tree import Tree


@dataclass(frozen=True)
class Plan:
    """The decisions of a build before any model is loaded. Mappings are by the identity of a model.

    `base` is the fingerprint of settings, theme and code. `stamps` change whenever a model may have changed.
    `problems` are those of no model. `problems_mark` is the fingerprint of them, of the number of runs of a registry
    without models, and of the earlier site. `mismatch` is the reason why the state does not describe this output, empty
    if it does. `report` is the report of the last build if nothing has changed.
    """

    theme: Theme
    refs: dict[str, ModelRef]
    slugs: dict[str, str]
    base: bytes
    stamps: dict[str, bytes]
    problems: tuple[Diagnostic, ...]
    problems_mark: bytes
    mismatch: str
    report: BuildReport | None


@process.pause_gc()
def make_plan(request: BuildRequest, session: Session) -> Plan:
    """Compare the registry's listing, the state and the output; load nothing."""
    state, settings = request.state, request.settings
    theme = load_theme(settings.site.templates, str(private_folder() or ""))
    addresses = assign_slugs(request.discovery.models)
    problems = request.discovery.problems + addresses.problems
    base = fingerprint(theme.edition, repr(settings), chart_key())
    earlier = [request.earlier.mark] if request.earlier else []
    problems_mark = fingerprint(base, repr(problems), str(request.discovery.runs), *earlier)
    refs = {identity_text(ref): ref for ref in request.discovery.models}
    slugs = {name: addresses.slugs[identity(ref)] for name, ref in refs.items()}
    stamps = model_stamps(session, refs, slugs)
    mismatch = find_mismatch(request, session)
    if not mismatch:
        recheck_racy(state, request.discovery.source.tree, refs, stamps, request.started)
    report: BuildReport | None = None
    if not mismatch and state.header("mark") == problems_mark and state.stamps() == stamps:
        report = state.header("report")
    if report and request.explain:
        report = replace(report, explanation=tuple(explain_models(slugs, {})))
    return Plan(theme, refs, slugs, base, stamps, problems, problems_mark, mismatch, report)


# --- models ----------------------------------------------------------------------------------------------------


def identity_text(ref: ModelRef) -> str:
    """The identity of a model as one text."""
    return "\0".join(identity(ref))


def model_stamps(session: Session, refs: dict[str, ModelRef], slugs: dict[str, str]) -> dict[str, bytes]:
    """The stamp of every model; the session's where listing and slug are equal to those of the last build."""
    before, session.stamps = session.stamps, {}
    for name, ref in refs.items():
        slug, last = slugs[name], before.get(name)
        stamp = last[2] if last and last[:2] == (ref, slug) else _stamp(ref, slug)
        session.stamps[name] = ref, slug, stamp
    return {name: stamp for name, (_, _, stamp) in session.stamps.items()}


def _stamp(ref: ModelRef, slug: str) -> bytes:
    """A digest that changes with the listing of a model's files, its facts in a store, or how it was discovered."""
    versions = [
        (
            version.name,
            version.run_id,
            version.model_id,
            version.experiment,
            version.folder is None,
            version.run is None,
            version.logged is None,
            version.shares_run,
            version.copy_of,
        )
        for version in ref.versions
    ]
    # The second version of the format writes equal values as equal bytes, whoever else refers to them.
    return fingerprint(marshal.dumps((slug, versions, [bundle.facts() for bundle in ref.bundles()], ref.marks()), 2))


def why_read(plan: Plan, state: State) -> dict[str, str]:
    """The reason to read each model, in order of the plan; empty where it may keep its pages."""
    if plan.mismatch:
        return dict.fromkeys(plan.refs, plan.mismatch)
    if state.header("base") != plan.base:
        return dict.fromkeys(plan.refs, "settings or templates changed")
    known = state.stamps()
    return {name: _reason(known.get(name), stamp) for name, stamp in plan.stamps.items()}


def _reason(known: bytes | None, stamp: bytes) -> str:
    if known == stamp:
        return ""
    if known is None:
        return "new"
    return "listing changed" if known else "racy file changed"


def explain_models(slugs: Mapping[str, str], reasons: Mapping[str, str]) -> Iterator[str]:
    """One line a model, by slug: whether it is read, and why. Without a reason it is not."""
    for name, slug in sorted(slugs.items(), key=lambda item: item[1]):
        reason = reasons.get(name)
        yield f"model {slug}: {f'read ({reason})' if reason else 'not read (unchanged)'}"


# --- files whose stamps may hide a change ----------------------------------------------------------------------


def recheck_racy(
    state: State, tree: Tree, refs: Mapping[str, ModelRef], stamps: Mapping[str, bytes], started: int
) -> None:
    """Hash racy files again; delete the stamps of models whose content changed.

    A file is racy if it changed while the last build read it, or shortly before. `refs` and `stamps` are the models of
    this build by identity; `started` is when it began, in nanoseconds since 1970. Models with another stamp are left
    out: the build reads them anyway.
    """
    models = [(name, refs[name], files) for name, stamp, files in state.racy_files() if stamps.get(name) == stamp]
    bundles = [bundle for _, ref, files in models for bundle in ref.bundles() if bundle.path in files]
    tree.ahead(bundle.within(file) for bundle in bundles for file in bundle.files())
    if models:
        state.save_racy({name: _still_racy(tree, ref, files, started) for name, ref, files in models})


def _still_racy(tree: Tree, ref: ModelRef, files: RacyFiles, started: int) -> RacyFiles | None:
    """The bundles that are still racy; None where a content changed or nothing is known of it."""
    bundles = [bundle for bundle in ref.bundles() if bundle.path in files]
    same = all(read_bundle(tree, bundle, (), ()).digest in files[bundle.path] for bundle in bundles)
    if not files or not same or {bundle.path for bundle in bundles} != files.keys():
        return None
    return {bundle.path: files[bundle.path] for bundle in bundles if is_racy(bundle, started)}


# --- the output ------------------------------------------------------------------------------------------------


def find_mismatch(request: BuildRequest, session: Session) -> str:
    """The reason why the state does not describe the output; empty where it does.

    It does if the last build finished, no other program wrote the manifest since, and all files of the manifest exist
    and have their sizes.
    """
    manifest = output_at(request.root).read(MANIFEST)
    if manifest is None:
        return "no site in the output"
    building = request.state.header("building")
    if building is not False:
        return "last build did not finish" if building else "no state of the output"
    if request.state.header("manifest") != hashlib.sha256(manifest).hexdigest():
        return "output changed since the last build"
    expected = request.state.header("output")
    if not expected or session.output_digest != expected:
        session.output_digest = measure_output(request.root)
    return "" if session.output_digest == expected else "files of the output are missing or damaged"

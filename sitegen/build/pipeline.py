"""An incremental build: plan, assets, models, indexes, manifest, deletions, state."""

from contextlib import suppress
from dataclasses import replace

from sitegen.build.loss_check import (
    forget_all_but_stores,
    record_sources,
    refuse_foreign,
    refuse_losses,
    require_sources,
)
from sitegen.build.plan import Plan, make_plan
from sitegen.build.request import BuildReport, BuildRequest
from sitegen.build.session import Session, single_build
from sitegen.build.state import DamagedStateError
from sitegen.settings.keep import Keep
from sitegen.storage.release import open_release


def build(request: BuildRequest, session: Session | None = None) -> BuildReport:
    """Bring the site in `request.root` up to date. The caller holds the lock.

    Raises SitegenError, and changes nothing, if a source that the last build read cannot be read now.
    """
    session = session or single_build()
    request = require_sources(request)
    plan = make_plan(request, session)
    refuse_losses(request, plan)
    report = plan.report
    if report is None:
        report = _publish(request, plan, session)
        session.output_digest = request.state.header("output") or ""
    record_sources(request)
    return report


def _publish(request: BuildRequest, plan: Plan, session: Session) -> BuildReport:
    """Build what has changed; build everything if the state is damaged or does not describe the output."""
    if not plan.mismatch:
        with suppress(DamagedStateError):
            return _release(request, plan, session)
        forget_all_but_stores(request.state)
        plan = replace(plan, mismatch="state is damaged")
    refuse_foreign(request.root, Keep(request.settings.publish.keep))
    return _release(request, plan, session)


def _release(request: BuildRequest, plan: Plan, session: Session) -> BuildReport:
    """Write new files, move them to the output, delete obsolete ones, and only then commit the state."""
    from sitegen.build import context as contexts
    from sitegen.build import index_stage, model_stage

    with open_release(request.root, Keep(request.settings.publish.keep), bool(plan.mismatch)) as release:
        context = contexts.make_context(request, plan, session, release.output)
        with model_stage.open_sources(context) as sources:
            request.state.begin()
            assets = index_stage.write_assets(context)
            context = index_stage.announce(context)
            models = model_stage.build_models(context, sources)
        indexes = index_stage.build_indexes(context, assets, models)
        release.finish(indexes.deletions)
    request.state.commit(indexes.facts)
    return indexes.report


def load_stages() -> None:
    """Load all modules of a build, templates included; a build without changes needs none of them."""
    import sitegen.build.index_stage
    import sitegen.build.model_stage  # noqa: F401

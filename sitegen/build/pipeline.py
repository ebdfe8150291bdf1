"""From a registry to a site, with as little work as its changes take."""

from importlib import import_module

from sitegen.build.loss_check import record_sources, refuse_losses, require_sources
from sitegen.build.plan import Build, make_plan
from sitegen.build.request import Report


def build(one: Build) -> Report:
    """Bring the site in `root` up to date. The caller holds the lock.

    Raises SitegenError, and changes nothing, when what the last build read cannot be read now.
    """
    one = require_sources(one)
    plan = make_plan(one)
    refuse_losses(one, plan)
    report: Report | None = one.state.header("report")
    fresh = plan.trusted and one.state.header("mark") == plan.mark and one.state.stamps() == plan.stamps
    if fresh and report:
        record_sources(one)
        return report
    publish = import_module("sitegen.build.publish")  # brings templates and the like: half of the start
    done: Report = publish.publish(one, plan)
    record_sources(one)
    one.earlier.whole = one.state.header("manifest") or ""
    return done

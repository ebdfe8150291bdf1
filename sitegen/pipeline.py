"""From a registry to a site, with as little work as its changes take."""

from importlib import import_module

from sitegen.losses import record_sources, refuse_losses, require_sources
from sitegen.outcome import Report
from sitegen.planning import Build, planned


def build(one: Build) -> Report:
    """Bring the site in `root` up to date. The caller holds the lock.

    Raises SitegenError, and changes nothing, when what the last build read cannot be read now.
    """
    one = require_sources(one)
    plan = planned(one)
    refuse_losses(one, plan)
    report: Report | None = one.state.header("report")
    fresh = plan.trusted and one.state.header("mark") == plan.mark and one.state.stamps() == plan.stamps
    if fresh and report:
        record_sources(one)
        return report
    publish = import_module("sitegen.publish")  # brings templates and the like: half of the start
    done: Report = publish.publish(one, plan)
    record_sources(one)
    one.earlier.whole = one.state.header("manifest") or ""
    return done

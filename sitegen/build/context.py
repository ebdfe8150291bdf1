"""The values that all stages of one build share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sitegen.build.plan import Plan, why_read
from sitegen.build.request import BuildRequest
from sitegen.build.session import Session
from sitegen.build.state import UNKNOWN_PAGE, Pages
from sitegen.build.worker import NO_CHANGE, WriteResult, write_changes
from sitegen.settings.keep import Keep
from sitegen.site import assets
from sitegen.site.model_pages import Page
from sitegen.site.views.parts import SiteView
from sitegen.storage.gradual import GradualWriter
from sitegen.storage.output import Output


@dataclass(frozen=True)
class BuildContext:
    """Everything that is fixed while one build writes into one output.

    `clean` builds read every model and know nothing of the pages in place. `reasons` has, by identity, why each model
    is read, empty for a model that is not. `stamps` are those of the last build. `pages` are the known pages of no
    model. `files_in_place` are the files of the old site that a clean build overwrites one by one. `assets` are to be
    written, `kept_assets` stay as they are.
    """

    request: BuildRequest
    plan: Plan
    session: Session
    output: Output
    clean: bool
    reasons: Mapping[str, str]
    stamps: Mapping[str, bytes]
    pages: Pages
    files_in_place: frozenset[str]
    site: SiteView
    assets: tuple[Page, ...]
    kept_assets: Pages

    def write(self, pages: Iterable[Page]) -> WriteResult:
        """Write pages of no model whose bytes are new."""
        gradual = None if self.output.is_invisible else GradualWriter(self.output)
        result = write_changes(pages, self.pages, self.output, gradual, self.request.explain)
        if gradual:
            gradual.flush()
        return result

    def reuse(self, pages: Pages) -> WriteResult:
        """Leave pages of no model as they are."""
        reasons = [f"page {path}: {NO_CHANGE.reason}" for path in sorted(pages)] if self.request.explain else ()
        return WriteResult(pages, reasons=tuple(reasons))


def make_context(request: BuildRequest, plan: Plan, session: Session, output: Output) -> BuildContext:
    """The context of a build: compares plan and state, and looks for the site in the output."""
    state, clean = request.state, bool(plan.mismatch)
    in_place = frozenset(output.paths(Keep(request.settings.publish.keep)) if clean else ())
    pages: Pages = {} if clean else state.header("extras") or {}
    pages |= dict.fromkeys(in_place, UNKNOWN_PAGE)
    same = not clean and state.header("base") == plan.base
    names = _asset_names(state.header("assets") if same else None)
    kept_assets = {path: pages[path] for path in names.values() if path in pages}
    new_assets: list[Page] = []
    if names and len(kept_assets) == len(set(filter(None, names.values()))):
        site = assets.site_view(request.settings, names)
    else:
        site, new_assets = assets.asset_pages(plan.theme, request.settings)
        kept_assets = {}
    return BuildContext(
        request=request,
        plan=plan,
        session=session,
        output=output,
        clean=clean,
        reasons=why_read(plan, state),
        stamps=state.stamps(),
        pages=pages,
        files_in_place=in_place,
        site=site,
        assets=tuple(new_assets),
        kept_assets=kept_assets,
    )


def _asset_names(known: object) -> dict[str, str]:
    """The paths of assets that the last build wrote, by name; none where one is no asset, as pages run them."""
    names = known if isinstance(known, dict) else {}
    return names if all(path == "" or path.startswith("assets/") for path in names.values()) else {}

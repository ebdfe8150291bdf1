"""What a preview keeps of models: an edit makes one version anew, and what must not leave stays withheld."""

from pathlib import Path
from types import ModuleType

import pytest

from sitegen.analysis import publishable
from sitegen.build.session import NO_MEMO, ModelMemo, Session, by_digest
from sitegen.core import memoize
from sitegen.domain.model import Model, Version
from sitegen.settings.settings import Privacy, Settings
from sitegen.site import json_api, script_data
from sitegen.sources import load
from tests.support import sites
from tests.support.registries import Files, auc, layout, write

CLOSED = Privacy()
KEY = "AKIA" + "Q" * 16


def built(*digests: bytes, privacy: Privacy = CLOSED) -> ModelMemo:
    """A model with these versions."""
    versions = by_digest(Model(name="m", kind="logged", versions=tuple(Version(name="1", digest=d) for d in digests)))
    return ModelMemo(privacy, versions, versions, {b"part": {}})


def several(count: int) -> Files:
    """A model with versions 1, 2, ... in the directory layout."""
    return {path: content for number in range(count) for path, content in layout("churn", str(number + 1)).items()}


def test_a_model_that_was_built_longest_ago_is_forgotten_first() -> None:
    session = Session(max_versions=4)
    for name in ("a", "b", "a", "c"):
        session.save_memo(name, built(b"1", b"2"))
    assert [len(session.memo(name, CLOSED).loaded) for name in "abc"] == [2, 0, 2]


def test_a_model_with_too_many_versions_is_not_kept() -> None:
    session = Session(max_versions=1)
    session.save_memo("a", built(b"1", b"2"))
    assert session.memo("a", CLOSED) == NO_MEMO


def test_what_was_published_is_kept_for_its_privacy_alone() -> None:
    session = Session()
    session.save_memo("a", built(b"1", privacy=Privacy(paths=True)))
    assert session.memo("a", Privacy(paths=True)) == built(b"1", privacy=Privacy(paths=True))
    assert session.memo("a", CLOSED) == built(b"1")._replace(redacted={})


STEPS: dict[str, tuple[ModuleType, str]] = {
    "put together": (load, "assemble_version"),
    "redacted": (publishable, "redact_version"),
    "checked": (publishable, "add_version_findings"),
    "written for the API": (json_api, "version_fields"),
    "made a part of columns": (script_data, "_packages"),
}


@pytest.mark.parametrize(("module", "name"), STEPS.values(), ids=STEPS)
def test_an_edit_makes_one_version_anew(
    module: ModuleType, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step of the way is taken for the version that changed alone."""
    registry, session = write(tmp_path / "registry", several(5)), Session()
    taken: list[object] = []
    real = getattr(module, name)

    def counted(*arguments: object) -> object:
        taken.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(module, name, counted)
    sites.update(registry, tmp_path / "site", session=session)
    assert len(taken) == 5
    write(registry, {"churn/3/metrics.json": auc(0.5)})
    sites.update(registry, tmp_path / "site", session=session)
    assert len(taken) == 6


def test_a_secret_that_comes_or_goes_and_settings_that_withhold_are_heeded(tmp_path: Path) -> None:
    """Whatever is kept: it was published with other settings, or of other files."""
    registry, site, session = write(tmp_path / "registry", several(2)), tmp_path / "site", Session()

    def published(*, secrets: bool) -> bool:
        sites.update(registry, site, Settings(privacy=Privacy(secrets=secrets)), session=session)
        return any(KEY.encode() in script_data for script_data in sites.contents(site).values())

    assert not published(secrets=False)
    write(registry, {"churn/2/README.md": KEY})
    assert not published(secrets=False)
    assert published(secrets=True)
    assert not published(secrets=False)
    write(registry, {"churn/2/README.md": "nothing"})
    assert not published(secrets=True)


def test_a_result_is_remembered_as_long_as_its_value_is_there() -> None:
    made: list[str] = []

    @memoize.memoize_weakly
    def name(version: Version) -> str:
        made.append(version.name)
        return version.name

    first = Version(name="1")
    assert [name(first), name(first), name(Version(name="2")), name(Version(name="3"))] == ["1", "1", "2", "3"]
    assert made == ["1", "2", "3"]

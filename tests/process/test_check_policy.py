"""`sitegen check` as a gate: levels, what is ignored until a day, and known findings, by the command line."""

import json
from pathlib import Path

import pytest

from tests.support import sites
from tests.support.registries import layout, write


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model without papers, on 31 January 2026."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769817600")
    return write(tmp_path / "registry", layout("m", "1"))


def rules(registry: Path, *flags: str) -> list[str]:
    """The rules that find something."""
    found = json.loads(sites.sitegen("check", registry, "--format", "json", *flags).out)
    return sorted({one["rule"] for one in found})


def test_what_a_model_lacks_is_told(registry: Path) -> None:
    """Notes, which fail only if asked to."""
    assert {"card-missing", "owner-missing", "licence-missing", "use-missing", "metrics-missing"} <= set(
        rules(registry)
    )
    assert sites.sitegen("check", registry).code == 0
    assert sites.sitegen("check", registry, "--fail-on", "info").code == 1


def test_levels_and_ignored_findings(registry: Path) -> None:
    Path("sitegen.toml").write_text(
        '[check]\nlevels = { card-missing = "error", owner-missing = "off" }\n'
        '[[check.ignore]]\nrule = "licence-*"\nmodel = "m"\nreason = "later"\nexpires = 2026-01-31\n',
        encoding="utf-8",
    )
    done = sites.sitegen("check", registry)
    assert done.code == 1 and "error[card-missing]" in done.out and "owner-missing" not in done.out
    assert "licence-missing" not in done.out and "; 1 ignored" in done.out.splitlines()[-1]


def test_an_entry_that_expired_fails(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the day after its last."""
    entry = '[[check.ignore]]\nrule = "licence-missing"\nreason = "later"\nexpires = 2026-01-31\n'
    Path("sitegen.toml").write_text(entry, encoding="utf-8")
    assert sites.sitegen("check", registry).code == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769904000")
    done = sites.sitegen("check", registry)
    assert (
        done.code == 1
        and "sitegen.toml: error[ignore-expired]: rule licence-missing: expired on 2026-01-31" in done.out
    )


def test_only_new_findings_fail(registry: Path) -> None:
    """Those of a day are written down, and reviewed as lines of a text."""
    done = sites.sitegen("check", registry, "--write-known", "known.txt")
    assert done.code == 0 and done.err.splitlines()[-1].startswith("sitegen: known.txt lists ")
    lines = Path("known.txt").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == sorted(lines[1:]) and "1\tcard-missing\tm\t-" in lines
    assert rules(registry, "--known", "known.txt") == []
    assert sites.sitegen("check", registry, "--known", "known.txt", "--fail-on", "info").code == 0
    write(registry, {"m/1/metrics.json": '{"rmse": "many"}'})
    done = sites.sitegen("check", registry, "--known", "known.txt", "--fail-on", "warning")
    assert done.code == 1 and "warning[metric-value]" in done.out and "card-missing" not in done.out


def test_a_new_version_does_not_make_the_problems_of_its_model_new(registry: Path) -> None:
    """What it lacks itself is new. To write the known findings again loses none of them."""
    sites.sitegen("check", registry, "--write-known", "known.txt")
    write(registry, layout("m", "2"))
    assert rules(registry, "--known", "known.txt") == ["metrics-missing"]
    done = sites.sitegen("check", registry, "--known", "known.txt", "--write-known", "known.txt")
    assert done.code == 0 and "lists 5 problems" in done.err
    assert rules(registry, "--known", "known.txt") == []


@pytest.mark.parametrize(
    ("text", "flags", "said"),
    [
        (
            "[check.levels]\ncard-mising = 'off'",
            (),
            '[check] levels: there is no rule "card-mising"; card-missing is meant?',
        ),
        ("", ("--known", "none.txt"), "none.txt: "),
        ("", ("--known", "bad.txt"), "bad.txt:1: not a line that --write-known writes"),
        ("", ("--write-known", "no/folder.txt"), "no/folder.txt: "),
    ],
)
def test_what_cannot_be_is_one_sentence(registry: Path, text: str, flags: tuple[str, ...], said: str) -> None:
    Path("sitegen.toml").write_text(text, encoding="utf-8")
    Path("bad.txt").write_text("card-missing\n", encoding="utf-8")
    done = sites.sitegen("check", registry, *flags)
    assert done.code == 2 and done.err.splitlines()[-1].startswith(f"sitegen: {said}") and done.out == ""


def test_a_score_has_a_badge(registry: Path) -> None:
    """On the page, in the API, and as an image; logged models have none."""
    write(registry, {"loose/x/MLmodel": (registry / "m/1/MLmodel").read_text(encoding="utf-8")})
    site = sites.built(registry, registry.parent / "site")
    models = {model["name"]: model for model in sites.catalog(site)["models"]}
    score = models["m"]["score"]
    assert 0 < score < 100 and models["loose/x"]["score"] is None
    badge = (site / "models/m/badge.svg").read_text(encoding="utf-8")
    assert f"<title>model score: {score}/100</title>" in badge
    page = (site / "models/m/index.html").read_text(encoding="utf-8")
    assert (
        f"{score} of 100" in page
        and 'href="../../models/m/badge.svg"' in page
        and "about/index.html#rule-card-missing" in page
    )
    assert [path.parent.name for path in site.rglob("badge.svg")] == ["m"]

"""Scores of Lighthouse for a page: npm's package in `.ci`, in the Chromium of the tests."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

from tests.support.options import ROOT

COMMAND = ROOT / ".ci/node_modules/lighthouse/cli/index.js"
FORMS = {"desktop": ("--preset=desktop",), "mobile": ()}
PERFORMANCE = {"desktop": 100, "mobile": 98}
"""The limits; all other categories have to be 100 in each run."""
OTHERS = ("accessibility", "best-practices", "seo")


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The best performance of all runs, the worst of everything else, and the audits below their best."""

    performance: int
    others: dict[str, int]
    shift: float
    failures: tuple[str, ...]
    runs: int


def measure(address: str, form: str, runs: int) -> Scores:
    """Run Lighthouse until the performance is what it has to be, at most `runs` times."""
    found: list[dict[str, Any]] = []
    while len(found) < runs and (not found or _performance(found) < PERFORMANCE[form]):
        found.append(_run(address, FORMS[form]))
    return Scores(
        performance=_performance(found),
        others={name: min(_score(one, name) for one in found) for name in OTHERS},
        shift=max(one["audits"]["cumulative-layout-shift"]["numericValue"] for one in found),
        failures=tuple(sorted({audit for one in found for audit in _failures(one)})),
        runs=len(found),
    )


def _run(address: str, options: tuple[str, ...]) -> dict[str, Any]:
    node, chromium = shutil.which("node"), shutil.which("chromium") or shutil.which("chromium-browser")
    assert node, "node is not installed: apt-get install npm"
    assert chromium, "Chromium is not installed: apt-get install chromium"
    assert COMMAND.is_file(), "Lighthouse is not installed: npm ci --prefix .ci"
    command = [node, str(COMMAND), address, "--quiet", "--output=json", *options]
    command += ["--only-categories=performance," + ",".join(OTHERS), "--chrome-flags=--headless=new --no-sandbox"]
    environment = os.environ | {"CHROME_PATH": chromium}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert not found.get("runtimeError"), found["runtimeError"]
    return found


def _score(result: dict[str, Any], category: str) -> int:
    return round(100 * (result["categories"][category]["score"] or 0))


def _performance(results: list[dict[str, Any]]) -> int:
    return max(_score(one, "performance") for one in results)


def _failures(result: dict[str, Any]) -> list[str]:
    """The audits that cost points, with the first element that each names; for performance figures alone."""
    audits, found = result["audits"], []
    for category in result["categories"].values():
        for reference in category["auditRefs"]:
            audit = audits[reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                figure = audit.get("displayValue") if category["id"] == "performance" else _element(audit)
                found.append(f"{category['id']}: {audit['id']} {figure or ''}".rstrip())
    return found


def _element(audit: dict[str, Any]) -> str:
    items = audit.get("details", {}).get("items") or [{}]
    node = items[0].get("node", {})
    return node.get("selector", "") if isinstance(node, dict) else ""

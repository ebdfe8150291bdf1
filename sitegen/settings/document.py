"""The text of a sitegen.toml in which each setting stands with what it does and its default."""

import json
from dataclasses import fields
from typing import Any

from sitegen.settings.settings import Settings

HELP = {
    "site.title": "Title of the site",
    "site.description": "A sentence below the title",
    "site.base_url": "Address of the published site; 404.html and sitemap.xml need it",
    "site.templates": "Folder of templates and styles that override the shipped ones",
    "registry.exclude": 'Folders that are left out, as globs: ["old", "**/tmp"]',
    "registry.fetch_minutes": "How long reading a tracking server may take",
    "privacy.paths": "true publishes absolute paths of this machine",
    "privacy.users": "true publishes names of users",
    "privacy.emails": "true publishes e-mail addresses",
    "privacy.secrets": "true publishes texts that look like tokens and passwords",
    "metrics.directions": 'Which direction is better, for names that do not say: { churn_score = "higher" }',
    "metrics.main": 'Metrics that are shown first: ["rmse"]',
    "metrics.baseline": "Alias of the version that newer ones are judged against; else production, prod, live",
    "metrics.tolerance": "Relative; a metric that is worse by more is a regression",
    "files.url": 'Address of logged files: "https://artifacts.example.org/{path}"',
    "files.publish": 'Files that are copied into the site, as globs: ["*.png", "*.csv"]',
    "files.preview": "Images that version pages show, as globs; [] shows none",
    "links.run": 'Address of a run: "https://mlflow.example.org/#/experiments/{experiment_id}/runs/{run_id}"',
    "links.commit": 'Address of a commit: "https://github.com/example/churn/commit/{commit}"',
    "links.edit_url": 'Form that changes a file: "https://github.com/example/registry/edit/main/{path}"',
    "publish.keep": 'Files of others in the output folder, as globs: ["pr-*/"]; also .git, .nojekyll and CNAME',
    "check.levels": 'Levels of rules, error, warning, info or off: { secret = "error", licence-missing = "off" }',
    "check.stale_days": "Newest versions that are older are stale; 0: never",
    "check.huge_mib": "Larger files are huge; 0: none",
    "check.ignore": "Findings that do not count until a day; model, version, rule and where (the file) are globs",
    "diff.accept": "Findings that do not fail `sitegen diff` until a day; model, version, rule and where are globs",
}
"""A line about each setting."""

_HEAD = """\
# Settings of sitegen. A line that begins with "#" and a name shows a default: remove the "#" to change it.
"""

_EXAMPLES = {
    "check.ignore": ("requirement-loose", "It is frozen until it is retired"),
    "diff.accept": ("input-removed", "The mobile app does not send it any more"),
}
"""Rule and reason of the example of each list of tables."""


def settings_document(keep: tuple[str, ...] = ()) -> str:
    """The text of a sitegen.toml; all of it are comments, but for the globs of `[publish] keep`, if there are any."""
    chosen = {"publish.keep": keep} if keep else {}
    return _HEAD + "".join(_section(section.name, section.default_factory, chosen) for section in fields(Settings))


def _section(name: str, kind: Any, chosen: dict[str, Any]) -> str:
    lines = [f"\n[{name}]\n"]
    for setting in sorted(fields(kind), key=lambda one: f"{name}.{one.name}" in _EXAMPLES):  # tables end a section
        key = f"{name}.{setting.name}"
        lines.append(f"# {HELP[key]}\n")
        if key in _EXAMPLES:
            lines.append(_example(key))
        elif key in chosen:
            lines.append(f"{setting.name} = {_toml(chosen[key])}\n")
        else:
            value = {} if setting.name in ("directions", "levels") else setting.default
            lines.append(f"#{setting.name} = {_toml(value)}\n")
    return "".join(lines)


def _example(key: str) -> str:
    rule, reason = _EXAMPLES[key]
    return f'#[[{key}]]\n#model = "churn"\n#rule = "{rule}"\n#reason = "{reason}"\n#expires = 2099-12-31\n'


def _toml(value: Any) -> str:
    """A default in TOML; texts, lists, booleans and empty tables are the same in JSON."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)

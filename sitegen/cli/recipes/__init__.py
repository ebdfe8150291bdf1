"""The recipes of `sitegen init`: how a host builds, reviews and publishes the site, as files that a repository gets.

The files lie in this folder. They are complete; `fill` only puts the registry and what pip installs into two lines.
"""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from sitegen.core.errors import SitegenError

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The files for a host.

    `files` has pairs: the name of a file in this folder, its path in the repository. `keep` has globs for
    `[publish] keep`. `extra` is the extra of sitegen that the recipe needs. `last` says what remains to be done there.
    """

    title: str
    files: tuple[tuple[str, str], ...]
    keep: tuple[str, ...] = ()
    extra: str = ""
    last: str


RECIPES = {
    "github": Recipe(
        title="GitHub Pages, with a comment and a preview for each pull request",
        files=(
            ("github.yml", ".github/workflows/models.yml"),
            ("github-forks.yml", ".github/workflows/models-forks.yml"),
        ),
        keep=("pr-*/",),
        last="after the first run choose the branch gh-pages under Settings > Pages > Deploy from a branch",
    ),
    "gitlab": Recipe(
        title="GitLab Pages, with code quality, tests and review pages for each merge request",
        files=(("gitlab.yml", "models.gitlab-ci.yml"), ("gitlab-include.yml", ".gitlab-ci.yml")),
        last="GitLab shows the address under Deploy > Pages",
    ),
    "bucket": Recipe(
        title="any bucket: s3://, gs:// or abfs://",
        files=(("bucket.sh", "publish.sh"),),
        extra="remote",
        last="run SITE=s3://BUCKET/models SITE_URL=https://HOST/ sh publish.sh",
    ),
    "nginx": Recipe(
        title="nginx",
        files=(("nginx.conf", "nginx.conf"),),
        last="include nginx.conf in the http section of nginx",
    ),
    "netlify": Recipe(
        title="Netlify or Cloudflare Pages",
        files=(("_headers", "_headers"),),
        keep=("_headers",),
        last="copy _headers into the site after each build, and publish the folder",
    ),
    "azure": Recipe(
        title="Azure Static Web Apps",
        files=(("staticwebapp.config.json", "staticwebapp.config.json"),),
        keep=("staticwebapp.config.json",),
        last="copy staticwebapp.config.json into the site after each build, and publish the folder",
    ),
}
"""The hosts by name."""


def read_recipe(name: str) -> str:
    """The text of a file in this folder."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def fill(text: str, registry: str, requirement: str) -> str:
    """The text with the path of the registry, and with what pip installs; empty for what is not known.

    Raises SitegenError for a path that not every file of CI can hold.
    """
    if "$" in registry or not registry.isprintable():
        raise SitegenError(f"{registry!r} has characters that files of CI cannot hold")
    for name, value in (("REGISTRY", registry), ("SITEGEN", requirement)):
        text = _replace_line(text, rf'( *){name}: ".*"', f"{name}: {json.dumps(value, ensure_ascii=False)}")  # YAML
        text = _replace_line(text, rf'(){name}=".*"', f"{name}={shlex.quote(value)}")  # shell
    return text


def _replace_line(text: str, pattern: str, line: str) -> str:
    """The text with a line in place of the one that matches; the first group is its indentation."""

    return re.sub(f"^{pattern}$", lambda found: found[1] + line, text, flags=re.MULTILINE)

"""All URLs of the site: folders of models and versions, and links between pages."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.privacy.hints import is_clean
from sitegen.privacy.redactor import Redactor
from sitegen.settings.settings import Privacy
from sitegen.sources.refs import ModelRef

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}\Z")
_DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))])
_RESERVED_NAMES = frozenset(
    ["compare", "index", "api", "assets", "models", "problems", "tags", "about", "rules", "review", "page", "versions"]
)
_NO_FOLDERS = (".", ".html", ".js")  # pages and data lie next to the folders of versions


@lru_cache(maxsize=4096)  # versions of different models have the same names
def slug(name: str, kind: str = "", store: str = "") -> str:
    """The folder of a model or version: its name if that is safe on all systems, else words and a hash.

    It depends only on the arguments, so that a URL stays when other models come and go.
    """
    plain = _PLAIN.match(name) and not name.endswith(_NO_FOLDERS) and name == _public(name)
    if plain and name.partition(".")[0] not in _DEVICES and name not in _RESERVED_NAMES:
        return name
    return hashed_slug(name, kind, store)


def hashed_slug(name: str, kind: str, store: str) -> str:
    """The ASCII words of a name, in lower case, and eight hexadecimal digits of a hash of all arguments."""
    words = "-".join(re.findall(r"[a-z0-9]+", _public(name).lower()))[:60].strip("-")
    digest = hashlib.sha256(f"{kind}\0{store}\0{name}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{words or kind or 'x'}-{digest[:8]}"


def _public(name: str) -> str:
    """The redacted name: URLs do not depend on the privacy settings."""
    return name if is_clean(name) else Redactor(Privacy()).text(name)


Identity = tuple[str, str, str]
"""Kind, store and name of a model."""


def identity(ref: ModelRef) -> Identity:
    """The identity of a model."""
    return ref.kind, ref.store, ref.name


class SlugTable(NamedTuple):
    """The folders of all models."""

    slugs: dict[Identity, str]
    problems: tuple[Diagnostic, ...]


def assign_slugs(refs: Iterable[ModelRef]) -> SlugTable:
    """Folders for all models. If two models would share a folder, the one nearest to the root gets the plain name."""
    taken: dict[str, Identity] = {}
    slugs: dict[Identity, str] = {}
    problems = []
    order = sorted(
        map(identity, refs), key=lambda name: (name[0] != "registered", name[1].count("/"), name[1], name[2])
    )
    for kind, store, name in order:
        folder = slug(name, kind, store)
        if folder in taken:
            message = f"{kind} model {name!r} of {store or 'the root'} shares its name with the one of "
            message += taken[folder][1] or "the root"
            problems.append(problem("same-name", message, store or "."))
            folder = hashed_slug(name, kind, store)
        taken.setdefault(folder, (kind, store, name))
        slugs[kind, store, name] = folder
    return SlugTable(slugs, tuple(problems))


def version_slugs(names: Iterable[str]) -> dict[str, str]:
    """Folders of a model's versions. A name that is the hashed folder of another version gets a hash, too."""
    slugs = {name: slug(name, "version") for name in names}
    hashed = {folder for name, folder in slugs.items() if folder != name}
    return {name: hashed_slug(name, "version", "") if name in hashed else folder for name, folder in slugs.items()}


def model_page(slug: str) -> str:
    """Path of a model's page."""
    return f"models/{slug}/index.html"


def version_page(model: str, version: str) -> str:
    """Path of a version's page."""
    return f"models/{model}/{version}/index.html"


def comparison_state(old: str, new: str) -> str:
    """The part of a comparison's address that names two versions, `old` being the one that callers know."""
    one, other = (quote(name, safe="", errors="replace") for name in (old, new))
    return f"#v={one}&v={other}&base={one}"


def api_file(slug: str, number: int = 1) -> str:
    """Path of a model's n-th file in the API. A folder below `api/models` could have the name of a model's file."""
    return f"api/models/{slug}.json" if number == 1 else f"api/versions/{slug}/{number}.json"


def api_catalog(number: int) -> str:
    """Path of the n-th file of the catalog in the API."""
    return "api/catalog.json" if number == 1 else f"api/catalog/{number}.json"


_SITE_PATHS = re.compile(
    r"""(?: index\.html | 404\.html | feed\.xml | sitemap(?:-\d+)?\.xml
    | (?:page/\d+|compare|problems|about)/index\.html
    | catalog/(?:index|text|(?:values|runs)-\d+)-\d+\.js
    | assets/[\w.]+-[0-9a-f]{10}\.\w+
    | api/catalog(?:/\d+)?\.json | api/(?:models|schema)/[^/]+\.json | api/versions/[^/]+/\d+\.json
    | models/[^/]+/(?:(?:[^/]+/|versions/\d+/)?index\.html|[^/]+/files/[^/]+|(?:card|preview)/[0-9a-f]{16}\.\w+
        |badge\.svg|data\.js|steps\.js
        |compare/(?:versions|steps|texts)-\d+\.js|versions/(?:index|values-\d+)\.js) )\Z""",
    re.VERBOSE,
)


def is_site_path(path: str) -> bool:
    """Whether only sitegen writes a file at this path: a killed build leaves files that no manifest names."""
    return _SITE_PATHS.match(path) is not None


def up(path: str) -> str:
    """The relative URL of the site's root from a page: `../` for each folder."""
    return "../" * path.count("/")


def anchor(prefix: str, text: str) -> str:
    """An id for a part of a page, from any text."""
    return f"{prefix}-{slug(text, prefix)}"


def external(template: str, **values: str | None) -> str | None:
    """A URL outside of the site, from a template such as `https://host/{run_id}`; only http and https."""
    if not template.startswith(("https://", "http://")) or any(value is None for value in values.values()):
        return None
    for name, value in values.items():
        template = template.replace("{" + name + "}", quote(value or "", safe="/", errors="replace"))
    return template

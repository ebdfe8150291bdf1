"""The scripts that draw charts: Vega, extracted from a package, and the chart templates, made with altair.

Both take a second to make and are the same for every site, so they are cached per machine. Pages run them, so the cache
is a private folder.
"""

import hashlib
import json
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sitegen.core.errors import SitegenError
from sitegen.core.process import call_in_fork
from sitegen.settings.private_folder import private_folder, read_private, write_private
from sitegen.version import code_digest

VEGA = "vega.js"
TEMPLATES = "charts.js"

_SNIPPET = "window.sitegenVega = { embed: vegaEmbed };"
_NOTICE = """/*! Vega {vega}, Vega-Lite, Vega-Embed and what they stand on; the licences are BSD-3-Clause, ISC and MIT.
Copyright the Vega project, the authors of d3 and others. Taken out of vl-convert-python {package}. */
"""


def chart_scripts() -> dict[str, bytes]:
    """Name and bytes of the scripts that draw charts."""
    makers = {VEGA: _vega, TEMPLATES: _templates}
    folder = private_folder()
    if folder is None:
        return {name: call_in_fork(make) for name, make in makers.items()}
    return {name: _load_or_make(folder / f"{_key(name)}-{name}", make) for name, make in makers.items()}


def chart_key() -> str:
    """A key that changes whenever one of the scripts may change."""
    return f"{_key(VEGA)} {_key(TEMPLATES)}"


def _key(name: str) -> str:
    """The key of one script: the versions of the packages that make it, and a digest of this code."""
    package = "vl_convert" if name == VEGA else "altair"
    return hashlib.sha256(f"{code_digest()} {_SNIPPET} {_NOTICE} {_edition(package)}".encode()).hexdigest()[:20]


def _edition(package: str) -> str:
    """A key of the installed version of a package: its size and time. importlib.metadata takes longer than a build."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SitegenError(f"the package {package} is not installed")
    facts = Path(spec.origin).stat()
    return f"{facts.st_size} {facts.st_mtime_ns}"


def _load_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of the file; makes the file if it is missing or damaged."""
    data = read_private(path)
    if data is not None and hashlib.sha256(data[64:]).hexdigest().encode() == data[:64]:
        return data[64:]
    made = call_in_fork(make)  # altair and Vega's compiler take 120 MB
    write_private(path, hashlib.sha256(made).hexdigest().encode() + made)
    return made


def _vega() -> bytes:
    """Vega as one classic script that sets one global name; pages cannot reach `vega` itself (CVE-2025-59840)."""
    convert = import_module("vl_convert")  # 90 MB of native code: loaded only here
    notice = _NOTICE.format(vega=convert.get_vega_version(), package=convert.__version__)
    return f"{notice}(function () {{\n{convert.javascript_bundle(_SNIPPET)}\n}})();\n".encode()


def _templates() -> bytes:
    from sitegen.site.charts import templates as charts  # loads altair

    charts_data = {"types": charts.TYPES, "templates": charts.templates()}
    return f"window.sitegenCharts = {json.dumps(charts_data, sort_keys=True)};\n".encode()

"""The scripts behind the charts: Vega, taken out of a package, and our templates, made by altair.

Both take a second to make and are the same for every site, so they are made once a machine and kept in the cache.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import orjson

from sitegen.version import VERSION

VEGA = "vega.js"
TEMPLATES = "charts.js"

_SNIPPET = "window.sitegenVega = { embed: vegaEmbed };"
_NOTICE = """/*! Vega {vega}, Vega-Lite, Vega-Embed and what they stand on; the licences are BSD-3-Clause, ISC and MIT.
Copyright the Vega project, the authors of d3 and others. Taken out of vl-convert-python {package}. */
"""


def chart_scripts(cache: Path) -> dict[str, bytes]:
    """Name and bytes of the scripts that draw charts; `cache` is the folder where they are kept."""
    makers = {VEGA: _vega, TEMPLATES: _templates}
    return {name: _kept(cache / f"{_key(name)}-{name}", make) for name, make in makers.items()}


def _key(name: str) -> str:
    """What decides about the bytes: the versions of the packages that make them, and the code here."""
    charts = Path(__file__).parent.parent / "insight" / "charts.py"
    packages = ("vl-convert-python",) if name == VEGA else ("altair",)
    parts = [VERSION, _SNIPPET, _NOTICE, *(f"{package} {version(package)}" for package in packages)]
    source = charts.read_bytes() if name == TEMPLATES else b""
    return hashlib.sha256("\0".join(parts).encode() + source).hexdigest()[:20]


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's bytes, made now where it is not there or not whole. A cache that cannot be written is no error."""
    with suppress(OSError):
        data = path.read_bytes()
        if hashlib.sha256(data[64:]).hexdigest().encode() == data[:64]:
            return data[64:]
    made = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(hashlib.sha256(made).hexdigest().encode() + made)
        temporary.replace(path)
    return made


def _vega() -> bytes:
    """Vega as one classic script that sets one name; `vega` itself stays out of reach of the page (CVE-2025-59840)."""
    convert = import_module("vl_convert")  # 90 MB of native code: loaded only here
    notice = _NOTICE.format(vega=convert.get_vega_version(), package=version("vl-convert-python"))
    return f"{notice}(function () {{\n{convert.javascript_bundle(_SNIPPET)}\n}})();\n".encode()


def _templates() -> bytes:
    charts = import_module("sitegen.insight.charts")  # imports altair
    found = {"types": charts.TYPES, "templates": charts.templates()}
    return b"window.sitegenCharts = " + orjson.dumps(found, option=orjson.OPT_SORT_KEYS) + b";\n"

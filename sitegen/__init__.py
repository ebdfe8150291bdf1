"""A static documentation site generated from a registry of ML models.

    registry = sitegen.read("mlruns")
    for model, version in registry.search("metrics.rmse < 60 AND tags.team = 'risk'"): ...
    registry.to_frame()
    sitegen.compare(old, new)

Names are loaded when they are first used: `sitegen --version` loads none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from sitegen.version import VERSION

if TYPE_CHECKING:
    from sitegen.analysis.compat.compare import compare
    from sitegen.core.errors import SitegenError
    from sitegen.domain.comparison import Change, Comparison, Verdict
    from sitegen.domain.diagnostic import Diagnostic
    from sitegen.domain.model import Model, Version
    from sitegen.domain.signature import Signature
    from sitegen.registry import Registry, read

__version__ = VERSION

_HOMES = {
    "Change": "sitegen.domain.comparison",
    "Comparison": "sitegen.domain.comparison",
    "Diagnostic": "sitegen.domain.diagnostic",
    "Model": "sitegen.domain.model",
    "Registry": "sitegen.registry",
    "Signature": "sitegen.domain.signature",
    "SitegenError": "sitegen.core.errors",
    "Verdict": "sitegen.domain.comparison",
    "Version": "sitegen.domain.model",
    "compare": "sitegen.analysis.compat.compare",
    "read": "sitegen.registry",
}

__all__ = [
    "Change",
    "Comparison",
    "Diagnostic",
    "Model",
    "Registry",
    "Signature",
    "SitegenError",
    "Verdict",
    "Version",
    "__version__",
    "compare",
    "read",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'sitegen' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__

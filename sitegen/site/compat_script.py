"""The rules and tables of verdicts as a script, for the scripts that judge two versions in the browser."""

from typing import Any

from sitegen.analysis.compat import mlflow_casts as casts
from sitegen.analysis.compat.rules.table import CHANGE_RULES
from sitegen.domain.comparison import PARAM_FORMS, PYTHON_FORMS, REST_FORMS, ChangeRule
from sitegen.site.json_api import dumps


def compat_rules() -> bytes:
    """A script that assigns the rules, MLflow's casts and the forms of calls to a global variable."""
    data = {
        "rules": {name: _rule(rule) for name, rule in CHANGE_RULES.items()},
        "casts": _casts(),
        "forms": {"python": PYTHON_FORMS, "rest": REST_FORMS, "params": PARAM_FORMS},
    }
    return b"window.sitegenCompat = %s;\n" % dumps(data)


def _rule(rule: ChangeRule) -> dict[str, Any]:
    return {
        "python": rule.python,
        "rest": rule.rest,
        "outputs": rule.outputs,
        "forms": rule.forms,
        "reason": _template(rule.reason),
        "fix": _template(rule.fix) if rule.fix else None,
    }


def _template(text: str) -> str:
    """A sentence of a rule with single braces: scripts replace only `{where}`, `{old}` and `{new}`."""
    return text.replace("{{", "{").replace("}}", "}")


def _casts() -> dict[str, Any]:
    return {
        "python": _table(casts.SCALARS_FROM_PYTHON),
        "tables": _table(casts.SCALARS_IN_TABLES),
        "lists": _table(casts.SCALARS_IN_LISTS),
        "csv": _table(casts.SCALARS_IN_CSV),
        "dtypes": _table(casts.DTYPES_OVER_REST),
        "accidents": _pairs(casts.ACCIDENTS),
        "rounding": _pairs(casts.ROUNDING_CASTS),
        "paramWidenings": _pairs(casts.PARAM_WIDENINGS),
        "paramNarrowings": _pairs(casts.PARAM_NARROWINGS),
        "dtypeOfScalar": casts.DTYPE_OF_SCALAR,
        "inJson": sorted(casts.IN_JSON),
        "ofSparse": sorted(casts.DTYPES_OF_SPARSE),
    }


def _table(table: casts.Table) -> dict[str, str]:
    return {f"{old} {new}": cell for (old, new), cell in table.items()}


def _pairs(pairs: frozenset[tuple[str, str]]) -> list[str]:
    return sorted(f"{old} {new}" for old, new in pairs)

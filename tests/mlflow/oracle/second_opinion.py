"""Asks another oracle, a module with compare(old, new), the questions that mlflow_enforcement.py answers.

Runs in an interpreter that has MLflow: `python second_opinion.py path/to/compat.py < pairs`. The answers have the
same names; the other's "why" and "unsent" are left out.
"""

import importlib.util
import json
import sys

from mlflow.models.signature import ModelSignature

NAMES = {
    None: "untried",
    "no-probe": "untried",
    "accept": "accepted",
    "accept-lossy": "lossy",
    "accept-altered": "altered",
    "data-dependent": "partly",
    "reject": "refused",
}


def main() -> None:
    """Answers each line."""
    spec = importlib.util.spec_from_file_location("other", sys.argv[1])
    other = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(other)
    for line in sys.stdin:
        pair = json.loads(line)
        try:
            old, new = (ModelSignature.from_dict(pair[side]) if pair[side] else None for side in ("old", "new"))
        except Exception:  # noqa: BLE001 - whatever MLflow raises, it does not load the signature
            print(json.dumps(dict.fromkeys(("python", "rest", "python_params", "rest_params"), "unloadable")))
            continue
        routes = other.compare(old, new)["routes"]
        answers = {route: NAMES[found["verdict"]] for route, found in routes.items()}
        params = {f"{route}_params": NAMES[found["params_verdict"]] for route, found in routes.items()}
        known = old is not None and old.inputs is not None
        print(json.dumps({**(answers if known else dict.fromkeys(answers, "untried")), **params}), flush=True)


if __name__ == "__main__":
    main()

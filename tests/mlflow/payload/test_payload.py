"""What pages say of payloads, against MLflow itself."""

import json

import pytest

from tests.mlflow.payload.campaign import campaign, report
from tests.mlflow.payload.pages import scripted
from tests.mlflow.payload.signatures import CASES
from tests.mlflow.truth.asking import PYTHONS, VARIABLE, ask
from tests.support.options import LONG

PAYLOADS = 2000 if LONG else 60
"""For each signature."""

JUDGE = (3, 18) if LONG else (3, 17)
"""The MLflow that the page judges by; the one before differs in what few payloads try."""


@pytest.mark.skipif(not PYTHONS, reason=f"{VARIABLE} names no Python that has MLflow")
def test_verdicts_are_those_of_mlflow() -> None:
    """REST as the server's status and a recording model say, Python as predict() says; casts make Python accept."""
    mlflow, pandas = ask(
        PYTHONS[0], "-c", "import mlflow, pandas; print(mlflow.__version__, pandas.__version__)"
    ).split()
    if tuple(map(int, mlflow.split(".")[:2])) < JUDGE or pandas < "3":
        pytest.skip(f"the page judges as MLflow 3.18 with pandas 3; there are MLflow {mlflow} and pandas {pandas}")
    with scripted() as page:
        tallies = campaign(PAYLOADS, seed=20, python=PYTHONS[0], page=page)
    assert not any(one.disagreements for one in tallies), report(tallies)
    assert all(one.rest["accepted"] and one.rest["refused"] for one in tallies), report(tallies)
    assert sum(one.rest["changed"] for one in tallies) and sum(one.casts for one in tallies), report(tallies)


def test_signatures_cover_every_kind() -> None:
    """The campaign's signatures hold all types, optional inputs, both kinds of tensors, params of all forms."""
    held = json.dumps([[case.inputs, case.params] for case in CASES])
    for kind in (
        "boolean",
        "integer",
        "long",
        "float",
        "double",
        "string",
        "binary",
        "datetime",
        "any",
        "object",
        "array",
        "map",
    ):
        assert f'"type": "{kind}"' in held
    assert '"required": false' in held and '"sparkml_vector"' in held and '"shape": [-1]' in held
    assert len(CASES) >= 10

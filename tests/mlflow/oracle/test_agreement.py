"""Our verdicts are never milder than MLflow's own enforcement, and harsher only by rules that say so.

Needs an interpreter that has MLflow: SITEGEN_MLFLOW_PYTHON names it. `tests.mlflow.oracle.compat_campaign` is the long
run.
"""

import itertools
import json
import subprocess
from pathlib import Path
from random import Random

import pytest
import yaml

from sitegen.analysis.compat import mlflow_casts
from sitegen.analysis.compat.compare import refuses_columns
from sitegen.formats.signature import parse_signature
from tests.mlflow.oracle.agreement import ENFORCEMENT, MEANINGS, WEIGHTS, Tally, ask
from tests.mlflow.oracle.compat_campaign import campaign, report
from tests.mlflow.oracle.pairs import Pair, pairs
from tests.mlflow.truth.asking import PYTHONS, VARIABLE

SHARED = Path(__file__).resolve().parents[4] / "shared"
"""A folder beside the checkout that not everybody has."""

pytestmark = pytest.mark.skipif(not PYTHONS, reason=f"{VARIABLE} names no Python that has MLflow")


def lines(tally: Tally) -> str:
    """The tally as text."""
    return "\n".join(report(tally))


def test_verdicts_are_never_milder_than_mlflow() -> None:
    """150 random pairs, in all forms; harsher ones have a rule that is listed, and are few."""
    tally = campaign(150, seed=20, python=PYTHONS[0])
    assert not tally.milder and not tally.milder_forms and not tally.unexplained, lines(tally)
    assert tally.harsher < 0.05 * tally.judged, lines(tally)  # 3 % over a long run


TABLES = {
    "dataframe": mlflow_casts.SCALARS_FROM_PYTHON,
    "dataframe_split": mlflow_casts.SCALARS_IN_TABLES,
    "dataframe_records": mlflow_casts.SCALARS_IN_TABLES,
    "inputs": mlflow_casts.SCALARS_IN_LISTS,
    "instances": mlflow_casts.SCALARS_IN_LISTS,
    "csv": mlflow_casts.SCALARS_IN_CSV,
}


def test_tables_are_what_mlflow_does() -> None:
    """The tables that the verdict is made from, as MLflow fills them today; a cell is taken or not."""
    command = [PYTHONS[0], ENFORCEMENT, "--matrix", "scalar", "property"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    blocks = [block.split("\n", 1) for block in done.stdout.strip().split("\n\n")]
    tables = {title: mlflow_casts.parse_table(text) for title, text in blocks}
    for form, ours in TABLES.items():
        theirs = {pair: cell for pair, cell in tables[f"scalar {form}"].items() if cell != "-"}
        milder = {pair for pair, cell in theirs.items() if ours[pair] == "yes" and cell != "yes"}
        harsher = {pair for pair, cell in theirs.items() if ours[pair] != "yes" and cell == "yes"}
        assert not milder, form
        assert harsher <= mlflow_casts.ACCIDENTS | mlflow_casts.BEFORE_3_18, form
    for title in ("property dataframe", "property dataframe_split", "property inputs"):
        for pair, cell in tables[title].items():  # what is nested goes by the table for Python callers in all forms
            if cell != "-" and pair not in mlflow_casts.ACCIDENTS:
                assert (cell == "yes") == (mlflow_casts.SCALARS_FROM_PYTHON[pair] == "yes"), (title, pair)


def test_dtypes_are_what_mlflow_does() -> None:
    """A sample of the table of dtypes; from Python only the same dtype is taken."""
    table = mlflow_casts.DTYPES_OVER_REST
    pairs = Random(2).sample(sorted(table), 40)
    asked = [Pair(array_of(old), array_of(new), "dtype") for old, new in pairs]
    for (old, new), answers in zip(pairs, ask(asked, PYTHONS[0]), strict=True):
        assert (answers["rest"] == "accepted") == (table[old, new] == "yes"), (old, new, answers)
        assert (answers["forms"]["ndarray"] == "accepted") == (old == new), (old, new, answers)


def array_of(dtype: str) -> dict[str, str | None]:
    """A signature of one array with two columns."""
    text = json.dumps([{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": [-1, 2]}}])
    return {"inputs": text, "outputs": None, "params": None}


DTYPES = (
    *("bool", "int8", "uint64", "float16", "float64", "float128", "complex64", "object", "str", "bytes", "void", "V8"),
    *("datetime64", "datetime64[ns]", "datetime64[s]", "datetime64[D]", "datetime64[Y]", "datetime64[25s]", "<M8[us]"),
    *("timedelta64", "timedelta64[ns]", "m8[D]", "datetime64[generic]", "f8,i4", "i4,f8", "<f8", "=i4", "|b1", "int_"),
    *("datetime64[foo]", "datetime64[ns, UTC]", "datetime64[]", "category", "Int64", "string", "bfloat16", "U5", "|S3"),
    *("V", "|V", "V0", "|V10", "V2147483647", "Vulcan", "Void", "void8"),
)
"""All but `datetime64[0s]`, of which numpy's process dies."""


@pytest.mark.parametrize("python", PYTHONS)
def test_tensors_have_the_dtypes_that_mlflow_loads(python: str) -> None:
    """Those of times, too, in each unit; arrays of a dtype that loads get past it. Old and new MLflow agree."""
    script = Path(__file__).with_name("mlflow_dtypes.py")
    done = subprocess.run([python, script], input=json.dumps(DTYPES), stdout=subprocess.PIPE, text=True, check=True)
    answers = dict(zip(DTYPES, json.loads(done.stdout), strict=True))
    assert answers == {dtype: [not refused(dtype)] * 2 for dtype in DTYPES}


def refused(dtype: str) -> bool:
    """Whether we say that MLflow refuses a tensor of the dtype."""
    text = json.dumps([{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": [-1, 2]}}])
    signature, findings = parse_signature(text, None, None)
    assert signature.inputs
    assert refuses_columns(signature.inputs) == bool(findings)
    return refuses_columns(signature.inputs)


def test_a_unit_of_time_of_no_length_is_refused() -> None:
    """Of `datetime64[0s]` numpy's whole process dies."""
    assert refused("datetime64[0s]")


@pytest.mark.skipif(not (SHARED / "pairs").is_dir(), reason="no folder of real pairs beside the checkout")
def test_verdicts_of_real_pairs_are_never_milder_than_mlflow() -> None:
    """Before and after, from public repositories."""
    folders = [folder for folder in sorted((SHARED / "pairs").iterdir()) if folder.is_dir()]
    real = [
        Pair(*(stated(folder / f"{side}.MLmodel") for side in ("before", "after")), folder.name) for folder in folders
    ]
    tally = Tally()
    for pair, answers in zip(real, ask(real, PYTHONS[0]), strict=True):
        tally.add(pair, answers)
    assert tally.judged > 90
    assert not tally.milder and not tally.unexplained, lines(tally)


def stated(path: Path) -> dict[str, str | None] | None:
    """The signature that an MLmodel file states."""
    found = yaml.safe_load(path.read_text()).get("signature") if path.exists() else None
    return {part: found.get(part) for part in ("inputs", "outputs", "params")} if found else None


@pytest.mark.skipif(not (SHARED / "oracle/compat.py").exists(), reason="no other oracle beside the checkout")
def test_our_oracle_agrees_with_another_one() -> None:
    """It is at least as strict, since it sends calls in more forms."""
    asked = list(itertools.islice(pairs(seed=21), 100))
    other = ask(asked, PYTHONS[0], Path(__file__).with_name("second_opinion.py"), SHARED / "oracle/compat.py")
    judged = 0
    for pair, ours, theirs in zip(asked, ask(asked, PYTHONS[0]), other, strict=True):
        for key in ("python", "rest", "python_params", "rest_params"):
            if {ours[key], theirs[key]} <= MEANINGS.keys():
                judged += 1
                ours_weigh, theirs_weigh = (WEIGHTS[MEANINGS[found[key]]] for found in (ours, theirs))
                # they send params over REST as Python objects
                assert ours_weigh >= theirs_weigh or key == "rest_params", (key, ours, theirs, pair)
    assert judged > 150

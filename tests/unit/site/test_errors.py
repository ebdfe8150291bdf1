"""The errors at the top of a version page: what each means for a reader, and which come first."""

import pytest

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Version
from sitegen.site.views.errors import ErrorRow, errors_view

ROWS = [
    (problem("file-missing", "model.pkl is missing", "m/1/MLmodel"), "Cannot be loaded", "model.pkl is missing"),
    (problem("yaml-syntax", "no colon", "m/1/MLmodel", 3), "Cannot be loaded", "MLmodel cannot be read: no colon"),
    (problem("merge-conflict", "two versions", "m/1/MLmodel", 3), "Cannot be loaded", "two versions"),
    (problem("json-syntax", "no comma", "m/1/metrics.json"), "metrics.json cannot be read", "no comma"),
    (problem("yaml-syntax", "no colon", "m/1/conda.yaml"), "conda.yaml cannot be read", "no colon"),
    (problem("signature-json", "no comma", "m/1/MLmodel"), "The signature cannot be read", "no comma"),
    (problem("pyfunc-missing", "no flavor", "m/1/MLmodel"), "mlflow.pyfunc cannot load it", "no flavor"),
    (problem("merge-conflict", "two", "m/1/README.md"), "A file holds the marks of a merge conflict", "two"),
]


@pytest.mark.parametrize(("error", "effect", "message"), ROWS)
def test_an_error_says_what_it_means(error: Diagnostic, effect: str, message: str) -> None:
    assert errors_view(Version(name="1", problems=(error,))).rows == (ErrorRow(effect, message),)


def test_errors_that_prevent_loading_come_first() -> None:
    missing = problem("file-missing", "gone", "m/1/MLmodel")
    others = tuple(problem("json-syntax", "x", f"m/1/{name}.json") for name in "abc")
    found = errors_view(Version(name="1", problems=(*others, missing)))
    assert [row.message for row in found.rows] == ["gone", "x", "x"] and found.more == 1


def test_warnings_and_notes_are_no_errors() -> None:
    problems = (problem("signature-missing", "none", "m/1/MLmodel"), problem("yaml-tag", "x", "m/1/MLmodel"))
    assert errors_view(Version(name="1", problems=problems)).rows == ()

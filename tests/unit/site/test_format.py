"""Values as people read them."""

from itertools import pairwise

import pytest

from sitegen.domain.model import MLmodel, Run, Version
from sitegen.site import display
from tests.support import numbers


@pytest.mark.parametrize(("values", "texts"), numbers.COLUMNS.items())
def test_numbers_of_a_column(values: tuple[float, ...], texts: tuple[str, ...]) -> None:
    """As many decimals as the largest needs; what is much smaller keeps digits of its own, and zero has no sign."""
    digits = display.digits_of(values)
    assert tuple(display.number(value, digits) for value in values) == texts


@pytest.mark.parametrize(("difference", "text"), numbers.DIFFERENCES.items())
def test_differences(difference: tuple[float, tuple[float, ...]], text: str) -> None:
    """With their sign, which no difference has not."""
    change, values = difference
    assert display.with_sign(change, display.digits_of(values)) == text


@pytest.mark.parametrize("seed", range(5))
def test_different_values_of_a_column_look_different(seed: int) -> None:
    """Also from the values that mean something, whether the column has these or not."""
    for column in numbers.columns(seed, 400):
        digits = display.digits_of(column)
        order = sorted({*column, *display.MEANINGFUL})
        shown = [float(display.number(value, digits).replace(display.MINUS, "-")) for value in order]
        for (a, b), (first, second) in zip(pairwise(order), pairwise(shown), strict=True):
            assert first < second or not {a, b} & {*column}, (column, a, b)


SIZES = {
    0: "0 B",
    999: "999 B",
    1000: "1.0 kB",
    999_949: "999.9 kB",
    999_950: "1.0 MB",
    999_999_999: "1.0 GB",
    10**12 - 1: "1.0 TB",
    2 * 10**15: "2000.0 TB",
}


@pytest.mark.parametrize(("count", "text"), SIZES.items())
def test_sizes(count: int, text: str) -> None:
    """In the unit that suits the rounded number."""
    assert display.size(count) == text


RUN = "1a" * 16
LABELS = {
    "4": (Version(name="4", run=Run(id=RUN, name="dashing-hen-42")), "v4"),
    "1.2.0": (Version(name="1.2.0"), "v1.2.0"),
    "id of a run, first a digit": (Version(name=RUN, run=Run(id=RUN, name="dashing-hen-42")), "dashing-hen-42"),
    "id of a run, first a letter": (Version(name="b" * 32, run=Run(id="b" * 32, name="hen")), "hen"),
    "id of a run elsewhere": (Version(name="AutoML_12_3", run=Run(id="AutoML_12_3", name="hen")), "hen"),
    "digits only": (Version(name="7" * 32, run=Run(id="7" * 32, name="hen")), "hen"),
    "id of a model": (Version(name=f"m-{RUN}", model_id=f"m-{RUN}", run=Run(id="x", name="hen")), "hen"),
    "a second one of an id": (Version(name=f"{RUN}-0badcafe", run=Run(id=RUN, name="hen")), "hen"),
    "id of a file": (Version(name=RUN, mlmodel=MLmodel(model_uuid=RUN), run=Run(id="", name="hen")), "hen"),
    "no name of a run": (Version(name=RUN, run=Run(id=RUN)), RUN[:8]),
    "model without the name of a run": (Version(name=f"m-{RUN}", model_id=f"m-{RUN}"), f"m-{RUN}"[:10]),
    "no run": (Version(name="1"), "v1"),
}


@pytest.mark.parametrize(("version", "text"), LABELS.values(), ids=LABELS)
def test_labels_of_versions(version: Version, text: str) -> None:
    """A version of a registry by its name, a logged one by that of its run, whatever its id begins with."""
    assert display.label(version) == text


A, B = "m-" + "a" * 32, "m-" + "b" * 32
EQUAL_LABELS = {
    "one name": ((A, "calm-owl"), (B, "calm-owl"), ("calm-owl m-aaaa", "calm-owl m-bbbb")),
    "two names": ((A, "calm-owl"), (B, "wise-cat"), ("calm-owl", "wise-cat")),
    "later characters": (("f" * 30 + "ab", "x"), ("f" * 30 + "ac", "x"), ("x …b", "x …c")),
    "ids": (("ab" * 20, None), ("ab" * 19 + "cd", None), ("abababab …ab", "abababab …cd")),
    "pre-releases": (("1.2.0-rc1-gpu-candidate", None), ("1.2.0", None), ("v1.2.0-rc1-gpu-candidate", "v1.2.0")),
}


@pytest.mark.parametrize(("one", "other", "labels"), EQUAL_LABELS.values(), ids=EQUAL_LABELS)
def test_equal_labels_end_in_the_characters_that_differ(
    one: tuple[str, str | None], other: tuple[str, str | None], labels: tuple[str, str]
) -> None:
    """As few as tell the ids apart."""
    versions = [Version(name=id, run=Run(id=id, name=name)) for id, name in (one, other)]
    assert display.labels(versions) == labels


def test_labels_of_many_versions_are_distinct() -> None:
    versions = [Version(name=f"m-{number:032x}", run=Run(id="", name="same")) for number in range(500)]
    assert len(set(display.labels(versions))) == 500

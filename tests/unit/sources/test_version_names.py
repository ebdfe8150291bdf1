"""Names of versions: which folders are versions, which nearly are, and the order of versions."""

import pytest

from sitegen.sources.version_names import is_similar_to_version, is_version, version_order

VERSIONS = ("1", "v2", "1.2.0", "2.5.2-bugfix", "1.0.0-alpha.1", "2.0rc1", "v1.0.0-rc.1", "2024-01-05", "1.0-x-y")
SIMILAR = (
    "version-3",
    "1.2.0+gpu",
    "1.0-rc1+5",
    "V2",
    "v 2",
    "1_2_0",
    "2.5.2b1",
    "2.5.2.dev1",
    "1.2.x",
    "1.0-",
    "1.2.",
)
OTHERS = ("", "v", "3d-unet", "2dcnn", "model-1", "run5", "churn-v3", "1a" * 16, "x" * 5000, "1" * 5000, "notes")


@pytest.mark.parametrize("name", VERSIONS)
def test_a_version_has_numbers_and_maybe_a_pre_release(name: str) -> None:
    assert is_version(name)
    assert not is_similar_to_version(name)


@pytest.mark.parametrize("name", SIMILAR)
def test_other_ways_to_write_a_version_are_known_as_such(name: str) -> None:
    assert not is_version(name)
    assert is_similar_to_version(name)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_version_is_not_taken_for_one(name: str) -> None:
    assert not is_similar_to_version(name)
    assert is_version(name) == name.isdecimal()


ORDERS = (
    "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0",  # semver.org
    "1 v2 10 v11",
    "1.2 1.9 v1.10 2",
    "2.0rc2 2.0rc10 2.0 2.0.1-rc2 2.0.1-rc10 2.0.1",
    "1.0-1 1.0-2 1.0-a 1.0",
    "1.0 1.0.0",
    "1 v1",
)


@pytest.mark.parametrize("order", ORDERS)
def test_versions_have_the_order_of_semantic_versions(order: str) -> None:
    """A pre-release comes before its release, numbers count as numbers, and ties go by text."""
    names = order.split()
    assert sorted(set(names), key=version_order) == names


def test_any_name_has_an_order() -> None:
    names = ["", "latest", "1" * 5000, "v" * 5000, "1.2.0-" + "a1." * 500, "\u0663", "m-" + "0" * 32]
    assert len(sorted(names, key=version_order)) == len(names)

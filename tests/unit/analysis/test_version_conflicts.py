"""Packages that are pinned to another release than the one that wrote the model."""

import pytest

from sitegen.analysis.version_conflicts import VersionConflict, version_conflicts
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.model import Flavor

PINS = Environment(
    requirements=(
        Requirement(name="scikit_learn", text="scikit-learn==1.5.0", version="1.5.0"),
        Requirement(name="torch", text="torch==2.1.0", version="2.1.0"),
        Requirement(name="prophet", text="prophet>=1"),
    )
)
FLAVORS = [
    ("sklearn", {"sklearn_version": "1.9.1"}, [VersionConflict("scikit-learn", "1.5.0", "1.9.1")]),
    ("sklearn", {"sklearn_version": "1.5"}, []),
    ("pytorch", {"pytorch_version": "2.1.0+cu121"}, []),
    ("pytorch", {"pytorch_version": "2.1.1+cu121"}, [VersionConflict("torch", "2.1.0", "2.1.1+cu121")]),
    ("prophet", {"prophet_version": "0.9"}, []),
    ("xgboost", {"xgb_version": "2.0"}, []),
    ("sklearn", {"sklearn_version": None, "version": "3"}, []),
]


@pytest.mark.parametrize(("name", "keys", "conflicts"), FLAVORS)
def test_the_pin_is_compared_with_the_key_of_the_flavor(
    name: str, keys: dict[str, str | None], conflicts: list[VersionConflict]
) -> None:
    """One release has several spellings; a range is not compared."""
    flavors = (Flavor(name=name, keys=dict(keys)),)
    assert list(version_conflicts(flavors, PINS)) == conflicts

"""Which versions of a large model each worker renders."""

from hypothesis import given
from hypothesis import strategies as st

from sitegen.build.shares import LARGE_MODEL, WHOLE, Share, count_shares


@given(st.integers(0, 5000), st.integers(1, 70))
def test_shares_have_each_version_once(versions: int, count: int) -> None:
    """In order; sizes differ by one at most."""
    shares = [Share(number, count).places(versions) for number in range(count)]
    assert [place for share in shares for place in share] == list(range(versions))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_one_share_is_the_whole_model() -> None:
    """That of a model that one worker renders."""
    assert WHOLE.places(7) == range(7)


def test_a_model_is_shared_where_other_workers_would_wait() -> None:
    """A large one that is more than one worker's part of all versions."""
    assert count_shares(10 * LARGE_MODEL, 10 * LARGE_MODEL, 4) == 4
    assert count_shares(LARGE_MODEL, 10 * LARGE_MODEL, 4) == 1
    assert count_shares(LARGE_MODEL - 1, LARGE_MODEL - 1, 4) == 1
    assert count_shares(10 * LARGE_MODEL, 10 * LARGE_MODEL, 1) == 1

"""The bucket of sends: a group at once, a machine slowly, and no memory without end."""

import pytest

from ui.public import pace
from ui.public.pace import Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1_000.0]
    monkeypatch.setattr(pace, "monotonic", lambda: moment[0])
    return moment


def test_a_bucket_empties_and_fills_up_again(clock: list[float]) -> None:
    bucket = Pace(at_once=3, per_second=0.5)
    assert [bucket.allows("a") for _ in range(5)] == [True, True, True, False, False]
    clock[0] += 2
    assert [bucket.allows("a") for _ in range(2)] == [True, False]


def test_a_bucket_never_holds_more_than_it_can(clock: list[float]) -> None:
    bucket = Pace(at_once=2, per_second=1)
    assert bucket.allows("a")
    clock[0] += 3_600
    assert [bucket.allows("a") for _ in range(3)] == [True, True, False]


def test_each_link_has_a_bucket_of_its_own(clock: list[float]) -> None:
    bucket = Pace(at_once=1, per_second=1)
    assert bucket.allows("a")
    assert bucket.allows("b")
    assert not bucket.allows("a")


def test_guessing_links_does_not_fill_the_memory(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MOST_BUCKETS", 10)
    bucket = Pace(at_once=1, per_second=1)
    for guess in range(50):
        bucket.allows(str(guess))
    assert len(bucket._buckets) == 10
    assert not bucket.allows("49")

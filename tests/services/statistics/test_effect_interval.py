"""The exact interval of d_z: against a figure in print, its own definition, and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from services.statistics import paired_change

# Hours of sleep gained on two drugs by the same ten people (Student 1908).
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_it_is_the_one_in_print() -> None:
    # -1.28 [-2.12, -0.41] the other way about, in the manual of R's effectsize for these data.
    found = paired_change(FIRST_DRUG, SECOND_DRUG)

    assert found.d_z == pytest.approx(1.28, abs=5e-3)
    assert (found.d_z_low, found.d_z_high) == (
        pytest.approx(0.41, abs=5e-3),
        pytest.approx(2.12, abs=5e-3),
    )


@given(scores=st.lists(st.tuples(st.integers(0, 27), st.integers(0, 27)), min_size=2, max_size=60))
def test_each_end_leaves_one_in_forty_beyond_the_t_that_was_found(
    scores: list[tuple[int, int]],
) -> None:
    found = paired_change(*zip(*scores, strict=True))

    if found.d_z is None or found.t is None:
        assert (found.d_z_low, found.d_z_high) == (None, None)
        return
    assert found.d_z_low is not None
    assert found.d_z_high is not None
    assert found.d_z_low < found.d_z < found.d_z_high or abs(found.d_z) > 1e6
    if abs(found.t) < 25:
        for end, share in ((found.d_z_low, 0.975), (found.d_z_high, 0.025)):
            below = stats.nct.cdf(found.t, found.n - 1, end * math.sqrt(found.n))
            assert below == pytest.approx(share, abs=1e-5)


def test_a_change_next_to_certain_has_an_interval_still() -> None:
    found = paired_change([0.0] * 20, [50 + 1e-4 * (n % 2) for n in range(20)])

    assert found.d_z is not None
    assert found.d_z_low is not None
    assert found.d_z_high is not None
    assert 0 < found.d_z_low < found.d_z < found.d_z_high


def test_it_covers_the_true_effect_as_often_as_it_claims() -> None:
    draw = np.random.default_rng(23)
    inside = 0
    for gains in draw.normal(0.5, 1, size=(1000, 15)):
        found = paired_change(np.zeros(15), gains)
        assert found.d_z_low is not None
        assert found.d_z_high is not None
        inside += found.d_z_low <= 0.5 <= found.d_z_high

    assert 0.93 < inside / 1000 < 0.97

"""The statistics service gives what others have printed of their own data."""

import pytest

from services.statistics import kaplan_meier, paired_change, signed_rank

# Weights of 17 girls before and after family therapy (Everitt in Hand and others 1994; means,
# spreads and t as printed in Howell, Statistical Methods for Psychology, table 7.3).
BEFORE = (83.8, 83.3, 86.0, 82.5, 86.7, 79.6, 76.9, 94.2, 73.4, 80.5, 81.6, 82.1, 77.6, 83.5,
          89.9, 86.0, 87.3)  # fmt: skip
AFTER = (95.2, 94.3, 91.5, 91.9, 100.3, 76.7, 76.8, 101.6, 94.9, 75.2, 77.8, 95.5, 90.7, 92.5,
         93.8, 91.7, 98.0)  # fmt: skip
# Hamilton depression factor IV of nine patients before and after a tranquilliser (Hollander and
# Wolfe 1973, p. 29; rank sum 40 and one-sided exact p 0.01953 as R's wilcox.test prints them).
ENTRY = (1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30)
TREATED = (0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29)
# Weeks in remission of eleven people with maintenance chemotherapy (Miller 1981; survival::aml).
WEEKS = (9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161)
RELAPSED = (True, True, False, True, True, False, True, True, False, True, False)
PRINTED = (
    (9, 11, 0.909, 0.0867), (13, 10, 0.818, 0.1163), (18, 8, 0.716, 0.1397),
    (23, 7, 0.614, 0.1526), (31, 5, 0.491, 0.1642), (34, 4, 0.368, 0.1627),
    (48, 2, 0.184, 0.1535),
)  # fmt: skip


def test_weight_after_family_therapy_is_as_howell_prints_it() -> None:
    found = paired_change(BEFORE, AFTER)

    assert found.n == 17
    assert found.mean_change == pytest.approx(7.26, abs=5e-3)
    assert found.sd_change == pytest.approx(7.16, abs=5e-3)
    assert found.t == pytest.approx(4.18, abs=1e-2)
    assert (found.ci_low, found.ci_high) == pytest.approx((3.58, 10.94), abs=1e-2)
    assert found.p == pytest.approx(0.0007, abs=5e-5)
    assert found.d_pre == pytest.approx(7.26 / 5.02, abs=5e-3)  # the printed spread at the start
    assert found.d_av == pytest.approx(7.26 / ((5.02 + 8.48) / 2), abs=5e-3)


def test_depression_after_a_tranquilliser_is_as_hollander_and_wolfe_print_it() -> None:
    found = signed_rank(ENTRY, TREATED, False)

    assert (found.better, found.worse, found.rank_sum, found.exact) == (7, 2, 40, True)
    assert found.p == pytest.approx(2 * 0.01953, abs=1e-5)


def test_maintained_remission_is_as_the_survival_package_prints_it() -> None:
    found = kaplan_meier(WEEKS, RELAPSED)

    assert found.median == 31
    printed = [(step.time, step.at_risk, step.share, step.se) for step in found.steps]
    assert [row[:2] for row in printed] == [row[:2] for row in PRINTED]
    for (*_, share, se), (*_, as_printed, se_printed) in zip(printed, PRINTED, strict=True):
        assert share == pytest.approx(as_printed, abs=5e-4)
        assert se == pytest.approx(se_printed, abs=5e-5)

"""The statistics service gives what others have printed of their own data."""

import pytest

from services.statistics import (
    AtDose,
    Clusters,
    clinical_cutoffs,
    cronbach_alpha,
    design_effect,
    kaplan_meier,
    mcnemar_exact,
    paired_change,
    signed_rank,
    trend,
    wilson_interval,
)

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

# Fish of one kind: weight, length, and height and width in per cent of the length. Alpha of the
# cube root of the weight and of the three lengths, as the manual of SAS prints it (PROC CORR,
# "Computing Cronbach's Coefficient Alpha").
BREAM = """
242 30 38.4 13.4  290 31.2 40 13.8  340 31.1 39.8 15.1  363 33.5 38 13.3
430 34 36.6 15.1  450 34.7 39.2 14.2  500 34.5 41.1 15.3  390 35 36.2 13.4
450 35.1 39.9 13.8  500 36.2 39.3 13.7  475 36.2 39.4 14.1  500 36.2 39.7 13.3
500 36.4 37.8 12  600 37.2 40.2 13.9  600 37.2 41.5 15  700 38.3 38.8 13.8
700 38.5 38.8 13.5  610 38.6 40.5 13.3  650 38.7 37.4 14.8  575 39.5 38.3 14.1
685 39.2 40.8 13.7  620 39.7 39.1 13.3  680 40.6 38.1 15.1  700 40.5 40.1 13.8
725 40.9 40 14.8  720 40.6 40.3 15  714 41.5 39.8 14.1  850 41.6 40.6 14.9
1000 42.6 44.5 15.5  920 44.1 40.9 14.3  955 44 41.1 14.3  925 45.3 41.4 14.9
975 45.9 40.6 14.7  950 46.5 37.9 13.7
"""


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


def test_two_media_for_tubercle_bacilli_differ_as_armitage_and_berry_print_it() -> None:
    """Fifty sputa: 12 grew on the first medium alone and 2 on the second (1994, p. 127)."""
    assert mcnemar_exact(12, 2) == pytest.approx(0.0129, abs=5e-5)


def test_measures_of_bream_hang_together_as_the_manual_of_sas_prints_it() -> None:
    numbers = [float(one) for one in BREAM.split()]
    fish = zip(*(iter(numbers),) * 4, strict=True)
    rows = [
        (weight ** (1 / 3), length, height * length / 100, width * length / 100)
        for weight, length, height, width in fish
    ]

    assert len(rows) == 34
    assert cronbach_alpha(rows) == pytest.approx(0.822134, abs=5e-7)


def test_the_cut_off_of_a_trial_of_antidepressants_is_as_claus_and_others_print_it() -> None:
    """BDI-II, lower is better (2024, Journal of Statistical Software 111(1): 1-39)."""
    assert clinical_cutoffs(35.48, 8.16, 7.69, 7.52).c == pytest.approx(21.02, abs=5e-3)


def test_wear_of_boys_shoes_is_as_r_prints_it() -> None:
    """Two materials, one on each foot of ten boys (Box, Hunter and Hunter 1978; MASS::shoes)."""
    one = (13.2, 8.2, 10.9, 14.3, 10.7, 6.6, 9.5, 10.8, 8.8, 13.3)
    other = (14.0, 8.8, 11.2, 14.2, 11.8, 6.4, 9.8, 11.3, 9.3, 13.6)

    found = paired_change(one, other)

    assert (found.n, found.mean_change) == (10, pytest.approx(0.41))
    assert found.sd_change == pytest.approx(0.387, abs=5e-4)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.1330461, 0.6869539), abs=5e-8)
    assert (found.t, found.p) == (
        pytest.approx(3.3489, abs=5e-5), pytest.approx(0.008539, abs=5e-7),
    )  # fmt: skip


def test_runners_with_a_new_instructor_are_no_quicker_as_printed() -> None:
    """Seconds over 100 metres (T. Logos 2009, Statistic on aiR); fewer are better."""
    before = (12.9, 13.5, 12.8, 15.6, 17.2, 19.2, 12.6, 15.3, 14.4, 11.3)
    after = (12.7, 13.6, 12.0, 15.2, 16.8, 20.0, 12.0, 15.9, 16.0, 11.1)

    found = paired_change(before, after, higher_is_better=False)

    assert found.mean_change == pytest.approx(-0.05)
    assert (found.ci_low, found.ci_high) == pytest.approx((-0.5802549, 0.4802549), abs=5e-8)
    assert (found.t, found.p) == (
        pytest.approx(-0.2133, abs=5e-5), pytest.approx(0.8358, abs=5e-5),
    )  # fmt: skip


def test_remission_without_maintenance_is_as_the_survival_package_prints_it() -> None:
    """The other arm of the same trial: all but one seen to relapse, so the curve ends at none."""
    weeks = (5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45)
    found = kaplan_meier(weeks, [week != 16 for week in weeks])

    assert found.median == 23
    shares = (0.8333, 0.6667, 0.5833, 0.4861, 0.3889, 0.2917, 0.1944, 0.0972, 0.0)
    errors = (0.1076, 0.1361, 0.1423, 0.1481, 0.1470, 0.1387, 0.1219, 0.0919)
    assert [step.at_risk for step in found.steps] == [12, 10, 8, 6, 5, 4, 3, 2, 1]
    assert [step.share for step in found.steps] == pytest.approx(shares, abs=5e-5)
    assert [step.se for step in found.steps[:-1]] == pytest.approx(errors, abs=5e-5)


@pytest.mark.parametrize(("yes", "n", "low", "high"), [(9, 10, 0.596, 0.982), (0, 25, 0.0, 0.133)])
def test_score_intervals_are_as_agresti_prints_them(
    yes: int, n: int, low: float, high: float
) -> None:
    """A trial of ten and a class of 25 without a vegetarian (2007, sections 1.4.2 and 1.4.3)."""
    found = wilson_interval(yes, n)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4)


def test_mcnemar_is_as_the_vignette_of_exact2x2_prints_it() -> None:
    assert mcnemar_exact(2, 9) == pytest.approx(0.06543, abs=5e-6)


def test_crossed_maize_is_as_fisher_prints_it() -> None:
    """Darwin's fifteen pairs (Fisher 1935, The Design of Experiments, section 17; HistData)."""
    crossed = (23.5, 12, 21, 22, 19.125, 21.5, 22.125, 20.375, 18.25, 21.625, 23.25, 21, 22.125,
               23, 12)  # fmt: skip
    selfed = (17.375, 20.375, 20, 20, 18.375, 18.625, 18.625, 15.25, 16.5, 18, 16.25, 18, 12.75,
              15.5, 18)  # fmt: skip

    found = paired_change(selfed, crossed)

    assert 8 * 15 * found.mean_change == 314  # eighths of an inch, all together
    assert (found.t, found.p) == (pytest.approx(2.148, abs=5e-4), pytest.approx(0.0497, abs=5e-5))
    assert (found.ci_low, found.ci_high) == pytest.approx((0.003899, 5.229434), abs=5e-7)


# Pups alive on the 21st day of those alive on the fourth, litter by litter (Weil 1970; table 1 of
# Rao and Scott 1992). The design effect of each arm as the manual of the R package PF prints it.
UNTREATED = "13/13 12/12 9/9 9/9 8/8 8/8 12/13 11/12 9/10 9/10 8/9 11/13 4/5 5/7 7/10 7/10"
EXPOSED = "12/12 11/11 10/10 9/9 10/11 9/10 9/10 8/9 8/9 4/5 7/9 4/7 5/10 3/6 3/10 0/7"


def litters(line: str) -> Clusters:
    pups = [(int(x), int(n)) for x, n in (litter.split("/") for litter in line.split())]
    return Clusters(
        people=len(pups),
        counts=sum(x for x, _n in pups),
        sizes=sum(n for _x, n in pups),
        counts_squared=sum(x * x for x, _n in pups),
        products=sum(x * n for x, n in pups),
        sizes_squared=sum(n * n for _x, n in pups),
    )


@pytest.mark.parametrize(("line", "printed"), [(UNTREATED, 1.232495), (EXPOSED, 3.952861)])
def test_litters_weigh_as_much_less_as_rao_and_scott_have_it(line: str, printed: float) -> None:
    assert design_effect([litters(line)]) == pytest.approx(printed, abs=5e-7)


def test_anscombes_first_quartet_has_the_line_that_is_in_print() -> None:
    """1973, The American Statistician 27(1): 17-21; the error of the slope as R prints it."""
    x = (10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5)
    y = (8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68)

    found = trend(AtDose(dose, 1, change, change**2) for dose, change in zip(x, y, strict=True))

    assert found.slope == pytest.approx(0.5001, abs=5e-5)
    assert found.at(0)[0] == pytest.approx(3.0001, abs=1e-4)
    assert (found.high - found.low) / 2 / found.t == pytest.approx(0.1179, abs=5e-5)
    assert found.spread == pytest.approx(1.237, abs=5e-4)

"""Growth over weeks against other programs, least squares and programmes it was made from."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from services.statistics import growth_model

# Six people at weeks 0 to 3 (D §3.8, case 14).
SIX_PEOPLE = """
10 12 13 15
8 8 9 11
14 17 19 24
11 11 14 14
9 13 15 17
12 13 17 18
"""

# Reaction times of 18 people on days 0 to 9 without sleep (Belenky and others 2003).
WITHOUT_SLEEP = """
249.56 258.7047 250.8006 321.4398 356.8519 414.6901 382.2038 290.1486 430.5853 466.3535
222.7339 205.2658 202.9778 204.707 207.7161 215.9618 213.6303 217.7272 224.2957 237.3142
199.0539 194.3322 234.32 232.8416 229.3074 220.4579 235.4208 255.7511 261.0125 247.5153
321.5426 300.4002 283.8565 285.133 285.7973 297.5855 280.2396 318.2613 305.3495 354.0487
287.6079 285 301.8206 320.1153 316.2773 293.3187 290.075 334.8177 293.7469 371.5811
234.8606 242.8118 272.9613 309.7688 317.4629 309.9976 454.1619 346.8311 330.3003 253.8644
283.8424 289.555 276.7693 299.8097 297.171 338.1665 332.0265 348.8399 333.36 362.0428
265.4731 276.2012 243.3647 254.6723 279.0244 284.1912 305.5248 331.5229 335.7469 377.299
241.6083 273.9472 254.4907 270.8021 251.4519 254.6362 245.4523 235.311 235.7541 237.2466
312.3666 313.8058 291.6112 346.1222 365.7324 391.8385 404.2601 416.6923 455.8643 458.9167
236.1032 230.3167 238.9256 254.922 250.7103 269.7744 281.5648 308.102 336.2806 351.6451
256.2968 243.4543 256.2046 255.5271 268.9165 329.7247 379.4445 362.9184 394.4872 389.0527
250.5265 300.0576 269.8939 280.5891 271.8274 304.6336 287.7466 266.5955 321.5418 347.5655
221.6771 298.1939 326.8785 346.8555 348.7402 352.8287 354.4266 360.4326 375.6406 388.5417
271.9235 268.4369 257.2424 277.6566 314.8222 317.2135 298.1353 348.1229 340.28 366.5131
225.264 234.5235 238.9008 240.473 267.5373 344.1937 281.1481 347.5855 365.163 372.2288
269.8804 272.4428 277.8989 281.7895 279.1705 284.512 259.2658 304.6306 350.7807 369.4692
269.4117 273.474 297.5968 310.6316 287.1726 329.6076 334.4818 343.2199 369.1417 364.1236
"""

# A distance in the jaw of 27 children at 8, 10, 12 and 14 years (Potthoff and Roy 1964).
JAWS = """
26 25 29 31
21.5 22.5 23 26.5
23 22.5 24 27.5
25.5 27.5 26.5 27
20 23.5 22.5 26
24.5 25.5 27 28.5
22 22 24.5 26.5
24 21.5 24.5 25.5
23 20.5 31 26
27.5 28 31 31.5
23 23 23.5 25
21.5 23.5 24 28
17 24.5 26 29.5
22.5 25.5 25.5 26
23 24.5 26 30
22 21.5 23.5 25
21 20 21.5 23
21 21.5 24 25.5
20.5 24 24.5 26
23.5 24.5 25 26.5
21.5 23 22.5 23.5
20 21 21 22.5
21.5 22.5 23 25
23 23 23.5 24
20 21 22 21.5
16.5 19 19 19.5
24.5 25 28 28
"""


def long_form(table: str, weeks: Sequence[float]) -> pd.DataFrame:
    """One row a score, from a table with a row for each person."""
    rows = [
        (f"person {number}", week, float(score))
        for number, line in enumerate(table.strip().splitlines())
        for week, score in zip(weeks, line.split(), strict=True)
    ]
    return pd.DataFrame(rows, columns=["person", "week", "score"])


def invented_people(
    *, people: int, weeks: int, slope_sd: float, seed: int, intercept_sd: float = 4.0
) -> pd.DataFrame:
    """Scores about 20 + 0.5 a week with residual SD 2, independent random effects."""
    chance = np.random.default_rng(seed)
    level = 20 + intercept_sd * chance.standard_normal((people, 1))
    slope = 0.5 + slope_sd * chance.standard_normal((people, 1))
    table = level + slope * np.arange(weeks) + 2 * chance.standard_normal((people, weeks))
    frame = pd.DataFrame(table).reset_index(names="person")
    return frame.melt(id_vars="person", var_name="week", value_name="score")


def incomplete_forms(seed: int) -> pd.DataFrame:
    """Thirty people with most of six forms each, in no order."""
    frame = invented_people(people=30, weeks=6, slope_sd=1, seed=seed)
    return frame.sample(frac=0.8, random_state=seed).astype({"week": float})


def test_growth_of_six_people_comes_out_to_the_last_digit() -> None:
    found = growth_model(long_form(SIX_PEOPLE, range(4)))

    assert found.intercept == pytest.approx(10.550, abs=5e-4)
    assert found.slope == pytest.approx(1.96667, abs=5e-6)
    assert found.intercept_se == pytest.approx(1.32837, abs=5e-6)
    assert found.slope_se == pytest.approx(0.225644, abs=5e-7)
    assert found.residual_variance == pytest.approx(1.527451, abs=5e-7)
    assert found.intercept_variance == pytest.approx(9.518137, abs=6e-7)
    assert found.log_likelihood == pytest.approx(-47.30395, abs=5e-6)
    assert (found.slope_variance, found.covariance) == (None, None)
    assert (found.people, found.scores, found.method) == (6, 24, "random intercept, REML")


def test_days_without_sleep_come_out_as_lme4_prints_them() -> None:
    found = growth_model(long_form(WITHOUT_SLEEP, range(10)), random_slope=True)

    assert found.method == "random intercept and slope, REML"
    assert (found.intercept, found.intercept_se) == pytest.approx((251.405, 6.825), abs=5e-4)
    assert (found.slope, found.slope_se) == pytest.approx((10.467, 1.546), abs=5e-4)
    assert found.residual_variance == pytest.approx(654.94, abs=5e-3)
    assert found.intercept_variance == pytest.approx(612.10, abs=0.02)
    assert found.slope_variance == pytest.approx(35.07, abs=5e-3)
    assert found.covariance == pytest.approx(9.60, abs=5e-3)
    assert found.log_likelihood == pytest.approx(-871.81, abs=5e-3)


def test_eighteen_people_get_no_slopes_of_their_own_by_default() -> None:
    found = growth_model(long_form(WITHOUT_SLEEP, range(10)))

    assert found.method == "random intercept, REML"
    assert (found.intercept_se, found.slope_se) == pytest.approx((9.7467, 0.8042), abs=5e-5)
    assert found.intercept_variance == pytest.approx(1378.2, abs=0.05)
    assert found.residual_variance == pytest.approx(960.5, abs=0.05)


def test_growing_jaws_come_out_as_nlme_prints_them() -> None:
    found = growth_model(long_form(JAWS, [8, 10, 12, 14]))

    assert found.method == "random intercept and slope, REML"
    assert (found.intercept, found.slope) == pytest.approx((16.761111, 0.660185), abs=5e-7)
    assert found.intercept_se == pytest.approx(0.7752, abs=5e-5)
    assert found.slope_se == pytest.approx(0.0713, abs=5e-5)
    assert math.sqrt(found.residual_variance) == pytest.approx(1.310040, abs=5e-6)
    assert math.sqrt(found.intercept_variance) == pytest.approx(2.3270, abs=5e-4)
    assert math.sqrt(found.slope_variance or 0) == pytest.approx(0.2264, abs=5e-5)
    assert found.log_likelihood == pytest.approx(-221.3183, abs=5e-5)


@pytest.mark.parametrize("random_slope", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_growth_agrees_with_statsmodels_on_incomplete_forms(seed: int, random_slope: bool) -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    frame = incomplete_forms(seed)
    found = growth_model(frame, random_slope)

    design = np.column_stack([np.ones(len(frame)), frame["week"]])
    random = design if random_slope else design[:, :1]
    other = MixedLM(frame["score"].to_numpy(), design, frame["person"], random).fit(method="lbfgs")
    assert (found.intercept, found.slope) == pytest.approx(tuple(other.fe_params), rel=1e-4)
    assert found.residual_variance == pytest.approx(other.scale, rel=1e-3)
    assert found.intercept_variance == pytest.approx(other.cov_re[0, 0], rel=1e-3)
    assert found.log_likelihood == pytest.approx(other.llf, abs=1e-6)
    if random_slope:
        assert found.slope_variance == pytest.approx(other.cov_re[1, 1], rel=1e-3)
        assert found.covariance == pytest.approx(other.cov_re[0, 1], rel=1e-2)


def test_estimates_and_errors_are_those_of_generalised_least_squares() -> None:
    frame = incomplete_forms(4)
    found = growth_model(frame)

    design = np.column_stack([np.ones(len(frame)), frame["week"]])
    random = np.array(
        [
            [found.intercept_variance, found.covariance],
            [found.covariance, found.slope_variance],
        ],
        dtype=float,
    )
    same_person = np.equal.outer(frame["person"].to_numpy(), frame["person"].to_numpy())
    covariance = same_person * (design @ random @ design.T)
    covariance += found.residual_variance * np.eye(len(frame))
    of_fixed = np.linalg.inv(design.T @ np.linalg.solve(covariance, design))
    fixed = of_fixed @ design.T @ np.linalg.solve(covariance, frame["score"].to_numpy())
    assert (found.intercept, found.slope) == pytest.approx(tuple(fixed))
    assert (found.intercept_se, found.slope_se) == pytest.approx(tuple(np.sqrt(np.diag(of_fixed))))


def test_a_large_programme_gives_back_the_truth_it_was_made_from() -> None:
    found = growth_model(invented_people(people=400, weeks=6, slope_sd=0.6, seed=9))

    assert abs(found.intercept - 20) < 3 * found.intercept_se
    assert abs(found.slope - 0.5) < 3 * found.slope_se
    assert found.residual_variance == pytest.approx(4, rel=0.1)
    assert found.intercept_variance == pytest.approx(16, rel=0.2)
    assert found.slope_variance == pytest.approx(0.36, rel=0.25)
    assert (found.people, found.scores) == (400, 2400)


def test_the_slopes_interval_is_honest_over_many_programmes() -> None:
    """Fifty here; over 1,000 draws see `test_growth_cohorts`."""
    found = [
        growth_model(invented_people(people=12, weeks=4, slope_sd=0, seed=seed))
        for seed in range(50)
    ]

    covered = sum(abs(model.slope - 0.5) < model.quantile * model.slope_se for model in found)
    assert 43 <= covered <= 50


def test_other_units_of_weeks_and_points_give_the_same_model() -> None:
    frame = long_form(JAWS, [8, 10, 12, 14])
    plain = growth_model(frame)

    other = growth_model(
        frame.assign(week=1000 + 7 * frame["week"], score=1e4 * frame["score"] - 3e6)
    )

    assert other.slope == pytest.approx(1e4 / 7 * plain.slope)
    assert other.slope_se == pytest.approx(1e4 / 7 * plain.slope_se)
    assert other.intercept + 1000 * other.slope == pytest.approx(1e4 * plain.intercept - 3e6)
    assert other.residual_variance == pytest.approx(1e8 * plain.residual_variance)
    assert other.slope_variance == pytest.approx(1e8 / 49 * (plain.slope_variance or 0), rel=1e-5)


def test_the_order_of_rows_and_the_names_of_people_do_not_matter() -> None:
    frame = long_form(SIX_PEOPLE, range(4))
    shuffled = frame.sample(frac=1, random_state=3)
    renamed = shuffled.assign(person=shuffled["person"].astype("category"), cohort="spring")

    assert asdict(growth_model(renamed)) == pytest.approx(asdict(growth_model(frame)))


def test_slopes_that_do_not_differ_are_left_out_and_the_method_says_so() -> None:
    frame = long_form(SIX_PEOPLE, range(4))
    crowd = pd.concat([frame.assign(person=frame["person"] + str(n)) for n in range(5)])

    found = growth_model(crowd)

    assert found.method == (
        "random intercept, REML; a random slope was tried but its covariance is singular"
    )
    assert found.slope_variance is None


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_slopes_that_vary_less_than_chance_are_left_out(seed: int) -> None:
    found = growth_model(invented_people(people=25, weeks=4, slope_sd=0, seed=seed))

    assert found.method.endswith("covariance is singular")


def test_scores_too_far_apart_for_a_search_are_refused() -> None:
    frame = long_form(SIX_PEOPLE, range(4))
    apart = frame["person"].str[-1].astype(float) ** 2 * 1e4

    with pytest.raises(ValueError, match="did not converge: show the paired change instead"):
        growth_model(frame.assign(score=frame["score"] + apart))


def test_slopes_need_three_scores_from_a_person() -> None:
    frame = invented_people(people=25, weeks=4, slope_sd=1, seed=4)
    two_each = frame.groupby("person").sample(2, random_state=1)

    found = growth_model(two_each)

    assert found.method.startswith("random intercept, REML; a random slope needs three scores")


def test_people_who_do_not_differ_are_fitted_as_least_squares_and_it_says_so() -> None:
    frame = pd.DataFrame(
        {
            "person": [1, 1, 1, 2, 2, 2, 3, 3, 3],
            "week": [0, 1, 2] * 3,
            "score": [5, 6, 10, 6, 8, 7, 7, 5, 9],
        }
    )
    found = growth_model(frame)

    line = stats.linregress(frame["week"], frame["score"])
    assert found.intercept_variance == 0
    assert (found.slope, found.slope_se) == pytest.approx((line.slope, line.stderr))
    assert found.method.startswith("random intercept, REML; people differ no more than by chance")


def growth_or_refusal(frame: pd.DataFrame, random_slope: bool) -> dict[str, Any] | str:
    try:
        return asdict(growth_model(frame, random_slope))
    except ValueError as error:
        return str(error)


def test_no_warning_escapes_whatever_the_scores() -> None:
    chance = np.random.default_rng(2)
    fitted = 0
    for case in range(16):
        rows = chance.integers(1, 60)
        frame = pd.DataFrame(
            {
                "person": chance.integers(0, 22, rows),
                "week": chance.choice([0, 4, 8, 1e6], rows),
                "score": chance.integers(0, chance.integers(1, 20), rows) * 1e-6,
            }
        )
        found = growth_or_refusal(frame, random_slope=case % 2 == 0)
        if isinstance(found, str):
            assert found.endswith(".")
        else:
            fitted += 1
            assert all(math.isfinite(v) for v in found.values() if isinstance(v, float))
    assert fitted > 7

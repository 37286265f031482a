"""The exact interval of a standardised mean change, by the noncentral t distribution."""

import math
from collections.abc import Callable


def effect_interval(t: float, n: int) -> tuple[float, float]:
    """Both ends of the 95% interval of d_z = t / √n of `n` pairs (D §3.1).

    The interval holds each effect under which a t as far out as this one on either side would come
    about in 2.5 of 100 samples: t is then distributed as noncentral t with n - 1 degrees of
    freedom and noncentrality effect × √n (Cumming and Finch 2001, Educ Psychol Meas 61: 532-574).
    """
    # The interval of -t is that of t turned about; nctdtr keeps its digits for t above 0.
    if t < 0:
        low, high = effect_interval(-t, n)
        return -high, -low
    from scipy.special import nctdtr

    def share_below(noncentrality: float) -> float:
        share = float(nctdtr(n - 1, noncentrality, t))
        # Beyond the digits of a double it gives no number: there all, or nothing, lies below.
        return float(noncentrality < t) if math.isnan(share) else share

    return (
        _where(share_below, 0.975, t, n) / math.sqrt(n),
        _where(share_below, 0.025, t, n) / math.sqrt(n),
    )


def _where(share_below: Callable[[float], float], wanted: float, t: float, n: int) -> float:
    """The noncentrality at which so much of the distribution lies below t; it falls with it."""
    from scipy.optimize import brentq

    # Eight of the estimate's own standard errors (Hedges and Olkin 1985) leave nothing outside.
    reach = 8 * math.sqrt(1 + t * t / (2 * (n - 1)))
    return float(brentq(lambda one: share_below(one) - wanted, t - reach, t + reach, xtol=1e-10))

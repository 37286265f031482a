"""The exact interval of a standardised mean change, by the noncentral t distribution."""

import math
from collections.abc import Callable

_HALVINGS = 40  # to twelve digits


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
        _around(share_below, 0.975, t, n)[0] / math.sqrt(n),
        _around(share_below, 0.025, t, n)[1] / math.sqrt(n),
    )


def _around(
    share_below: Callable[[float], float], wanted: float, t: float, n: int
) -> tuple[float, float]:
    """Just below and just above the noncentrality at which so much of the distribution lies
    below t; it falls with it.

    Found by halving: a library's way is no quicker to see, and takes 25 MB to load.
    """
    # Eight of the estimate's own standard errors (Hedges and Olkin 1985) leave nothing outside;
    # nine to the other side, for halves must not meet at t, which has to lie within.
    error = math.sqrt(1 + t * t / (2 * (n - 1)))
    low, high = t - 8 * error, t + 9 * error
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if share_below(middle) > wanted else (low, middle)
    return low, high

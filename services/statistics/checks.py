"""What counts as a usable number, and the sentence that says so when it is not."""

import math
import operator
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Vector: TypeAlias = npt.NDArray[np.float64]

# Squares of anything larger leave the range of a floating point number.
LARGEST = 1e150

# More than anybody counts, and few enough for the functions of probability to keep their digits.
MOST = 10**18


def number(value: Any, what: str) -> float:
    """The value as a finite float; `what` begins the sentence when it is not one."""
    try:
        # Text is refused although float() would read it: "12" is a sign of an unread file.
        read = math.nan if isinstance(value, str | bytes) else float(value)
    except (TypeError, ValueError, OverflowError):
        read = math.nan
    if not abs(read) <= LARGEST:
        raise ValueError(f"{what} must be a number, not missing and not infinite.")
    return read


def each(values: Any, what: str) -> list[Any]:
    """The values one by one; `what` begins the sentence when it is no list of any."""
    try:
        return list(values)
    except TypeError:
        raise ValueError(f"{what} must stand in a list.") from None


def numbers(values: Iterable[Any], what: str) -> Vector:
    """The values as finite floats, one for each; `what` begins the sentence when one is not."""
    if getattr(values, "ndim", 1) != 1:
        raise ValueError(f"{what} must stand in one list, and not in a table.")
    return np.array([number(value, what) for value in each(values, what)], dtype=np.float64)


def share_between(value: Any, what: str) -> float:
    """The value as a share between 0 and 1, neither of them."""
    read = number(value, what)
    if not 0 < read < 1:
        raise ValueError(f"{what} must lie between 0 and 1, such as 0.95.")
    return read


def count(value: Any, what: str) -> int:
    """The value as a whole number of 0 or more; 3.0 counts as 3."""
    try:
        read = int(value) if isinstance(value, float) else operator.index(value)
    except (TypeError, ValueError, OverflowError):
        read = -1
    if read < 0 or read != value:
        raise ValueError(f"{what} must be a whole number, 0 or more.")
    if read > MOST:
        raise ValueError(f"{what} is larger than anything that can be counted.")
    return read


def rounding(*columns: Vector) -> float:
    """How far numbers of this size can lie apart through floating point rounding alone."""
    return 4 * float(np.finfo(np.float64).eps) * max(float(np.abs(c).max()) for c in columns)


def spread(values: Vector, noise: float, people: Vector | None = None) -> float:
    """Standard deviation with n - 1; exactly 0 when the values differ only by rounding.

    Deviations are taken first and scaled to 1 before they are squared, so a large common
    offset, very large numbers and very small ones all keep their digits. `people` says how many
    have each value, where several are one.
    """
    people = np.ones_like(values) if people is None else people
    n = math.fsum(people)
    deviations = values - math.fsum(people * values) / n
    largest = float(np.abs(deviations).max())
    if largest <= noise:
        return 0.0
    squares = math.fsum(people * (deviations / largest) ** 2)
    return largest * math.sqrt(squares / (n - 1))

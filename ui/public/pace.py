"""How many forms may come in through one link: a bucket of sends that fills up again."""

from threading import Lock
from time import monotonic

MOST_BUCKETS = 10_000


class Pace:
    """Lets `at_once` sends through for each key, then `per_second`. Thread-safe, in memory."""

    def __init__(self, at_once: int, per_second: float) -> None:
        self._at_once = at_once
        self._per_second = per_second
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def allows(self, key: str) -> bool:
        """Whether one more may pass now; if so, it counts."""
        now = monotonic()
        with self._lock:
            left, since = self._buckets.pop(key, (float(self._at_once), now))
            left = min(self._at_once, left + (now - since) * self._per_second)
            passes = left >= 1
            self._buckets[key] = (left - 1 if passes else left, now)
            if len(self._buckets) > MOST_BUCKETS:
                # Put back at each use, the first one is the one unused for longest.
                self._buckets.pop(next(iter(self._buckets)))
        return passes

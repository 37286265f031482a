"""Everything that is left to chance in the demonstration: the same seed, the same programme."""

import base64
from random import Random

from services.demo.words import words

REF_BYTES = 9  # as many as a record's reference is made of
_AT_ONCE = 1_000


class Chance(Random):
    """One stream of chance, with what an invented programme often needs from it."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self._refs: list[str] = []

    def happens(self, probability: float) -> bool:
        """Whether it does, this time."""
        return self.random() < probability

    def word(self, kind: str) -> str:
        """One of the names or sentences of a kind."""
        return self.choice(words(kind))

    def maybe(self, probability: float, kind: str) -> str | None:
        """A sentence of a kind, or none."""
        return self.word(kind) if self.happens(probability) else None

    def around(self, mean: float, sd: float, low: float, high: float) -> float:
        """A value of a normal distribution, kept within its limits."""
        return min(max(self.gauss(mean, sd), low), high)

    def ref(self) -> str:
        """A record's reference in the form `models.new_ref` gives it."""
        if not self._refs:
            many = base64.urlsafe_b64encode(self.randbytes(REF_BYTES * _AT_ONCE)).decode()
            self._refs = [many[at : at + 12] for at in range(0, len(many), 12)]
        return self._refs.pop()

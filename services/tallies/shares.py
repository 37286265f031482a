"""A share of people with what it rests on: how many, of how many, and how sure one can be."""

from dataclasses import dataclass

from models import Role
from services.permissions import Actor
from services.statistics import wilson_interval

# Domain §3.6: below 5 no scores are told apart even inside the house: they would be one's record.
SHOWN_INSIDE_FROM = 5
# 10 for whoever is not staff. The evaluators are academic teams outside the house.
SHOWN_OUTSIDE_FROM = 10
# Domain §3.1: below 10 pairs no mean is shown at all, below 30 with a warning.
MEANS_FROM = 10
CARE_BELOW = 30
WITHHELD = (
    f"Figures that rest on fewer than {SHOWN_OUTSIDE_FROM} people, or would let such a figure be "
    "worked out, are not shown to evaluators."
)
CARE = "This is a small group: treat the figures with care."


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of` people; share and 95% Wilson interval from 0 to 1.

    They are None where nobody could have been counted, never 0%, and where `count` is not a
    part of `of`, so that no share could be said.
    """

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None

    @property
    def words(self) -> str:
        """As people read it: "46 of 60, 77% (65% to 86%)"."""
        return self.words_of()

    def words_of(self, whom: str = "") -> str:
        """The same, saying of whom: "46 of 60 enrolled, 77% (65% to 86%)"."""
        counted = f"{self.count:,} of {self.of:,} {whom}".rstrip()
        if self.share is None:
            return counted
        interval = "" if self.low is None else f" ({self.low:.0%} to {self.high:.0%})"
        return f"{counted}, {self.percent}{interval}"

    @property
    def percent(self) -> str:
        """The share alone, in whole per cent, or that there is none."""
        return "not available" if self.share is None else f"{self.share:.0%}"


def numbered(number: int, one: str = "person", many: str = "people") -> str:
    """How many of what, in words that fit: "1 person", "1,200 people"."""
    return f"{number:,} {one if number == 1 else many}"


def share(count: int, of: int) -> Share:
    """The share with its interval (domain §3.5)."""
    if not 0 <= count <= of or of == 0:
        return Share(count, of, None, None, None)
    interval = wilson_interval(count, of)
    return Share(count, of, count / of, interval.low, interval.high)


def sees_small_numbers(actor: Actor) -> bool:
    """Whether this reader may see figures that rest on fewer than ten people.

    Named staff of the house may, on the screen (domain §3.6). An evaluator may not, and sees
    only whole-programme figures: by choosing among programmes a small number could be worked
    out as a difference. Where one part of a breakdown is small, all of it is withheld, since
    the others would give it away.
    """
    return actor.role is not Role.EVALUATOR


def is_large_enough(people: int, of: int | None = None) -> bool:
    """Whether an outsider may see this count, and with it how many of `of` it leaves out."""
    rest_is_large = of is None or of - people >= SHOWN_OUTSIDE_FROM
    return people >= SHOWN_OUTSIDE_FROM and rest_is_large

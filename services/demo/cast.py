"""The families and people of the demonstration, who come for a group and may come again."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models import (
    Family,
    Kinship,
    Person,
    PersonKind,
    Relation,
    new_code,
)
from services import clock
from services.demo.chance import Chance
from services.demo.runs import Run
from services.demo.sink import Sink

_LATELY = 400  # households one looks back at for somebody who comes again
_TRIES = 12
_ENTERED_AGAIN = 20  # the newcomer who is the first of all over again
_HALF_GROWN, _HALF_GROWN_EVERY = range(13, 15), 8  # ages, and in how many households one is
_WITH_CHILDREN = 1.4  # people a newcomer brings into the records, herself included
_YEAR = 365.25


@dataclass(slots=True)
class Household:
    """A carer and her children, and until when they are taken up with a group."""

    family: int
    carer: int
    first_name: str
    surname: str
    born: date  # the carer
    arrived: date
    relation: Relation  # the carer's, to the children
    children: list[tuple[int, date]] = field(default_factory=list)  # number, born
    busy_until: date = date.min

    def child_of(self, ages: range, on: date) -> int | None:
        """A child whose age is among these on a day."""
        fitting = (child for child, born in self.children if age(born, on) in ages)
        return next(fitting, None)


class Cast:
    """Finds people for seats: new ones as long as there are any to come, else known ones."""

    def __init__(
        self, sink: Sink, chance: Chance, said: Chance, *, people: int, seated: int, today: date
    ) -> None:
        self._sink, self._chance, self._said, self._today = sink, chance, said, today
        self._to_come, self._to_seat = people, seated
        self._households: list[Household] = []
        self._codes: set[str] = set()
        self.born: dict[int, date] = {}  # by a person's number, where the day is known

    @property
    def households(self) -> tuple[Household, ...]:
        """Everybody so far, in the order in which they came."""
        return tuple(self._households)

    def take_seats(self, run: Run) -> list[tuple[int, ...]]:
        """Who sits in each of a group's seats: a woman, or a parent and a child."""
        carers: set[int] = set()
        seats: list[tuple[int, ...]] = []
        for _seat in run.seats:
            household = self._somebody(run, carers)
            household.busy_until = max(household.busy_until, run.ends_on)
            carers.add(household.carer)
            child = household.child_of(_ages(run), run.starts_on) if run.with_child else None
            seats.append((household.carer,) if child is None else (household.carer, child))
            self._to_seat -= run.people
        return seats

    def add_the_rest(self) -> None:
        """Those who are known to the service and have no place in a group yet."""
        while self._to_come > 0:
            arrived = self._today - timedelta(days=self._chance.randint(3, 60))
            self._another_child(self._new_household(arrived), arrived)

    def _somebody(self, run: Run, carers: set[int]) -> Household:
        # Those still to come are spread evenly over the seats still to fill.
        share = self._to_come / max(_WITH_CHILDREN * self._to_seat, 1)
        known = None if self._chance.happens(share) else self._known(run, carers)
        if known is not None:
            return known
        arrived = min(run.starts_on, self._today) - timedelta(days=self._chance.randint(10, 60))
        household = self._new_household(arrived, self._entered_before(carers))
        if run.with_child:
            self._new_child(household, run.starts_on, _ages(run))
        self._another_child(household, arrived)
        return household

    def _entered_before(self, carers: set[int]) -> Household | None:
        """Once, somebody comes by another agency and is entered again, as she was heard."""
        if len(self._households) != _ENTERED_AGAIN or self._households[0].carer in carers:
            return None
        return self._households[0]

    def _known(self, run: Run, carers: set[int]) -> Household | None:
        """Somebody who came lately and is free; who is busy only when nobody is left to come."""
        busy = None
        lately = self._households[-_LATELY:]
        for _try in range(_TRIES if lately else 0):
            household = self._chance.choice(lately)
            if household.carer in carers:
                continue
            if run.with_child and household.child_of(_ages(run), run.starts_on) is None:
                continue
            if household.busy_until < run.starts_on:
                return household
            busy = household
        return busy if self._to_come <= 0 else None

    def _new_household(self, arrived: date, again: Household | None = None) -> Household:
        """A newcomer, or somebody who is here already in a second record."""
        chance = self._chance
        at = clock.start_of_day(arrived) + timedelta(hours=9, minutes=chance.randrange(480))
        family = self._sink.add(Family, ref=chance.ref(), created_at=at)
        surname = chance.word("surname")
        born = arrived - timedelta(days=int(_YEAR * chance.around(35, 9, 18.5, 70)))
        is_father = chance.happens(0.04)
        relation = Relation.FATHER if is_father else Relation.MOTHER
        first_name = chance.word("man" if is_father else "woman")
        if again is not None:
            first_name, surname, born = _misheard(again.first_name), again.surname, again.born
        household = Household(family, 0, first_name, surname, born, arrived, relation)
        household.carer = self._person(household, PersonKind.ADULT, first_name, surname, born)
        self._households.append(household)
        return household

    def _another_child(self, household: Household, arrived: date) -> None:
        """Some have one more; some households, on purpose, one old enough to decide alone."""
        is_half_grown = len(self._households) % _HALF_GROWN_EVERY == 0
        if self._to_come > 0 and (is_half_grown or self._chance.happens(0.3)):
            self._new_child(household, arrived, _HALF_GROWN if is_half_grown else range(17))

    def _new_child(self, household: Household, on: date, ages: range) -> None:
        chance = self._chance
        days = _YEAR * chance.uniform(ages[0] + 0.1, ages[-1] + 0.9)
        surname = household.surname if chance.happens(0.85) else chance.word("surname")
        born = on - timedelta(days=int(days))
        first_name = chance.word("child")
        child = self._person(household, PersonKind.CHILD, first_name, surname, born)
        household.children.append((child, born))
        self._sink.add(
            Kinship,
            person_id=household.carer,
            relative_id=child,
            relation=household.relation,
            has_responsibility=True,
        )

    def _person(
        self, household: Household, kind: PersonKind, first_name: str, surname: str, born: date
    ) -> int:
        chance, is_adult = self._chance, kind is PersonKind.ADULT
        at = clock.start_of_day(household.arrived) + timedelta(hours=17)
        number = self._sink.add(
            Person,
            ref=chance.ref(),
            code=self._new_code(),
            family_id=household.family,
            kind=kind,
            first_name=first_name,
            last_name=surname,
            date_of_birth=(known := born if chance.happens(0.95) else None),
            earlier_reference=f"LH-{chance.randrange(10_000):04d}" if chance.happens(0.2) else None,
            access_needs=chance.maybe(0.25, "access" if is_adult else "access_child"),
            alert=chance.maybe(0.25, "alert" if is_adult else "alert_child"),
            created_at=at,
            **_said(self._said, is_adult=is_adult),
        )
        if known is not None:
            self.born[number] = known
        self._to_come -= 1
        return number

    def _new_code(self) -> str:
        """One nobody has: among a hundred thousand, two alike are no rarity."""
        while (code := new_code(self._chance)) in self._codes:
            pass
        self._codes.add(code)
        return code


def _said(chance: Chance, *, is_adult: bool) -> dict[str, Any]:
    """What she is called, the language she is at ease in, and what else weighs on her."""
    language = chance.maybe(0.2, "language")
    return {
        "known_as": chance.maybe(0.1, "known_as"),
        "language": language,
        "needs_interpreter": language is not None and is_adult and chance.happens(0.6),
        "complex_needs": chance.maybe(0.12, "complex") if is_adult else None,
    }


def _misheard(name: str) -> str:
    """Another spelling of a name that sounds the same."""
    for written, heard in (("Ph", "F"), ("ee", "i"), ("ia", "iya"), ("c", "k"), ("y", "i")):
        if written in name:
            return name.replace(written, heard)
    return f"{name}h"


def phone(chance: Chance) -> str:
    """A telephone number from the ranges that are kept free for drama."""
    prefix = "07700 900" if chance.happens(0.85) else "01632 960"
    return f"{prefix}{chance.randrange(1000):03d}"


def _ages(run: Run) -> range:
    return range(run.programme.age_min, (run.programme.age_max or 17) + 1)


def age(born: date, on: date) -> int:
    """How old somebody is on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

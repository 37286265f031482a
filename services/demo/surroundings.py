"""Around the people of the demonstration: languages and needs, relatives, schools, and answers."""

from datetime import date, timedelta
from itertools import pairwise

from models import (
    Characteristic,
    Kinship,
    PersonKind,
    Professional,
    ProfessionalKind,
    Relation,
)
from services.demo.cast import Household, age, phone
from services.demo.chance import Chance
from services.demo.sink import Sink
from services.people.characteristic_questions import NOT_SAID, Question, questions

# Before that, nobody was asked: the questions are newer than the service.
_ASKED_SINCE = timedelta(days=400)
_SCHOOL_AGE = 4
_COMMON = 0.55  # of those asked, how many give the answer that stands first


class Surroundings:
    """Writes what stands around one household after another."""

    def __init__(self, sink: Sink, chance: Chance, *, today: date) -> None:
        self._sink, self._chance, self._today = sink, chance, today
        self._before: Household | None = None

    def write(self, household: Household) -> None:
        """Its relatives, its school or worker, and what its people answered."""
        self._relatives(household)
        for child, born in household.children[:1]:
            if self._chance.happens(0.6):
                self._school(household, young=age(born, self._today) < _SCHOOL_AGE)
            if self._chance.happens(0.25):
                self._social_worker(household)
            self._answers(child, PersonKind.CHILD, household.arrived)
        self._answers(household.carer, PersonKind.ADULT, household.arrived)
        self._before = household

    def _relatives(self, household: Household) -> None:
        children = [child for child, _born in household.children]
        for one, other in pairwise(children):
            self._kin(one, other, Relation.SIBLING)
        if children and self._before and self._chance.happens(0.08):
            # Somebody of another family who collects the child: an aunt, for example.
            note = self._chance.word("kin_note")
            self._kin(self._before.carer, children[0], Relation.OTHER_RELATIVE, note)

    def _kin(self, one: int, other: int, relation: Relation, note: str | None = None) -> None:
        self._sink.add(Kinship, person_id=one, relative_id=other, relation=relation, note=note)

    def _school(self, household: Household, *, young: bool) -> None:
        kind = ProfessionalKind.NURSERY if young else ProfessionalKind.SCHOOL
        self._professional(household, kind, self._chance.word(kind.value))

    def _social_worker(self, household: Household) -> None:
        self._professional(
            household, ProfessionalKind.SOCIAL_WORKER, self._chance.word("social_team")
        )

    def _professional(self, household: Household, kind: ProfessionalKind, where: str) -> None:
        chance = self._chance
        self._sink.add(
            Professional,
            ref=chance.ref(),
            family_id=household.family,
            kind=kind,
            organisation=where,
            name=f"{chance.word('woman')} {chance.word('surname')}",
            phone=phone(chance),
        )

    def _answers(self, person: int, kind: PersonKind, arrived: date) -> None:
        """Three in four were asked, and not everybody everything."""
        if arrived < self._today - _ASKED_SINCE or not self._chance.happens(0.75):
            return
        asked_on = min(arrived + timedelta(days=14), self._today)
        for one in questions().questions:
            if one.is_for(kind) and self._chance.happens(0.8):
                self._sink.add(
                    Characteristic,
                    person_id=person,
                    question=one.key,
                    answer=self._answer(one),
                    asked_on=asked_on,
                )

    def _answer(self, one: Question) -> str:
        if self._chance.happens(0.06):
            return NOT_SAID
        offered = list(one.answers)
        return offered[0] if self._chance.happens(_COMMON) else self._chance.choice(offered)

"""What the families of the demonstration agreed to, and the plans made with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models import Basis, Consent, Plan, PlanMember, Purpose
from services import clock
from services.consents.consent_draft import DECIDES_FROM
from services.demo.cast import Household, age
from services.demo.chance import Chance
from services.demo.runs import Course
from services.demo.sink import Sink
from services.demo.staff import Staff

# How many are asked and agree; of a few it is still to be asked whether they take part.
_AGREE = (
    (Purpose.TAKE_PART, 0.92),
    (Purpose.EVALUATION, 0.7),
    (Purpose.QUOTE, 0.35),
    (Purpose.CONTACT_AFTER, 0.4),
    (Purpose.PHOTO, 0.15),
)
_TAKEN_BACK, _CAN_JUDGE_FROM = 0.06, 13
_SHARED_WITH_EACH, _SHARE_TAKEN_BACK = 0.12, 0.25
_SAID_NO = 0.25  # of those who did not agree; the others have not been asked
_WITH_A_PLAN, _SECOND_PLAN, _ENDED_AFTER = 0.4, 0.3, 240
_REVIEWED_EVERY, _OWED_FOR = timedelta(days=91), timedelta(days=6)
Seated = list[list[tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Agreements:
    """Writes them for one household after another."""

    sink: Sink
    chance: Chance
    staff: Staff
    interventions: Sequence[int]
    leads: dict[int, int]  # who runs the latest group of each person
    agencies: Sequence[int]
    today: date

    def write(self, household: Household) -> None:
        """Consents of the carer and her children, and for some a plan or two."""
        self._of_herself(household, household.carer)
        for child, born in household.children:
            years = age(born, household.arrived)
            if years < DECIDES_FROM:
                self._of_a_child(household, child, years)
        # Whoever came first has one, which has ended.
        if not self.sink.made(Plan) or self.chance.happens(_WITH_A_PLAN):
            count = 2 if self.chance.happens(_SECOND_PLAN) else 1
            for intervention in self.chance.sample(list(self.interventions), count):
                self._plan(household, intervention)

    def share(self, household: Household) -> None:
        """With whom the carer lets us share what we know, and what of it she took back."""
        for agency in self.agencies:
            if self.chance.happens(_SHARED_WITH_EACH):
                self._consent(household, household.carer, Purpose.SHARE, Basis.SELF, agency=agency)

    def _of_herself(self, household: Household, person: int) -> None:
        for purpose, share in _AGREE:
            if self.chance.happens(share):
                self._consent(household, person, purpose, Basis.SELF)
            elif purpose is not Purpose.TAKE_PART and self.chance.happens(_SAID_NO):
                self._consent(household, person, purpose, Basis.SELF, is_refusal=True)

    def _of_a_child(self, household: Household, child: int, years: int) -> None:
        judges = years >= _CAN_JUDGE_FROM
        for purpose, share in _AGREE[:2]:
            if not self.chance.happens(share):
                continue
            if judges:
                self._consent(household, child, purpose, Basis.GILLICK)
            else:
                self._consent(household, child, purpose, Basis.RESPONSIBILITY)

    def _consent(
        self,
        household: Household,
        person: int,
        purpose: Purpose,
        basis: Basis,
        *,
        is_refusal: bool = False,
        agency: int | None = None,
    ) -> None:
        chance, judges = self.chance, basis is Basis.GILLICK
        on = min(household.arrived + timedelta(days=chance.randint(1, 9)), self.today)
        back = chance.happens(_SHARE_TAKEN_BACK if agency else _TAKEN_BACK) and on < self.today
        withdrawn_on = min(on + timedelta(days=chance.randint(5, 90)), self.today) if back else None
        if is_refusal:
            withdrawn_on = on
        keeper = self.staff.coordinator
        self.sink.add(
            Consent,
            ref=chance.ref(),
            person_id=person,
            purpose=purpose,
            agency_id=agency,
            basis=basis,
            is_refusal=is_refusal,
            given_on=on,
            given_by_id=household.carer if basis is Basis.RESPONSIBILITY else None,
            judged_by_id=self.leads.get(person, keeper) if judges else None,
            judged_on=on if judges else None,
            judgement=chance.word("judgement") if judges else None,
            recorded_by_id=keeper,
            recorded_at=clock.start_of_day(on) + timedelta(hours=15),
            withdrawn_on=withdrawn_on,
            withdrawn_at=clock.start_of_day(withdrawn_on) if withdrawn_on else None,
            withdrawn_by_id=keeper if withdrawn_on else None,
            withdrawal_reason=chance.maybe(0.5, "withdrawal") if back and not is_refusal else None,
        )

    def _plan(self, household: Household, intervention: int) -> None:
        chance = self.chance
        first = min(household.arrived + timedelta(days=chance.randint(5, 20)), self.today)
        is_over = (self.today - first).days > _ENDED_AFTER
        last = first + timedelta(days=chance.randint(60, _ENDED_AFTER)) if is_over else None
        coordinator = self.staff.coordinator
        lead = self.leads.get(household.carer, coordinator)
        worker = lead if chance.happens(0.5) else coordinator
        # Of those that are open, every second waits for its review, at the coordinator's.
        so_far = self.today - first
        waits = not is_over and so_far > _OWED_FOR and self.sink.made(Plan) % 2 == 0
        reviewed = first + _REVIEWED_EVERY * (0 if is_over else so_far // _REVIEWED_EVERY)
        plan = self.sink.add(
            Plan,
            ref=chance.ref(),
            family_id=household.family,
            intervention_id=intervention,
            worker_id=coordinator if waits else worker,
            starts_on=first,
            review_on=self.today - _OWED_FOR if waits else reviewed + _REVIEWED_EVERY,
            ends_on=last,
            note=chance.maybe(0.8, "plan"),
            ending=chance.word("plan_ending") if is_over else None,
        )
        family = [household.carer, *(child for child, _born in household.children)]
        whole = chance.happens(0.5)
        for person in family if whole else family[:1]:
            self.sink.add(PlanMember, plan_id=plan, person_id=person)


def leads_of(courses: list[Course], seated: Seated) -> dict[int, int]:
    """Who leads the latest group each person came to."""
    return {
        person: course.lead
        for course, seats in zip(courses, seated, strict=True)
        for seat in seats
        for person in seat
    }

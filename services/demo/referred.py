"""The referrals of the demonstration: of everybody in a group, of those on the way, and forms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from models import (
    CURRENT_PLACES,
    Agency,
    AgencyWorker,
    FormState,
    PlaceState,
    Referral,
    ReferralChange,
    ReferralForm,
    ReferralSource,
    ReferralState,
    ReferralWish,
)
from services import clock
from services.demo.cast import Household, phone
from services.demo.chance import Chance
from services.demo.sink import Sink
from services.demo.staff import Staff
from services.referrals.referral_counts import cells

S = ReferralState
_PARTNERS = (
    ("Harbour Lantern Advice", "charity"),
    ("Ribbonfield Family Service", "children_services"),
    ("Copperwick Police", "police"),
    ("Thistle Lane Surgery", "health"),
    ("Acorn Bridge Primary School", "school"),
    ("Meadowlamp Homes", "housing"),
)
_WORKERS_EACH = 2
_BY_A_PARTNER, _BY_HERSELF = 0.72, 0.2
_IN_FULL = timedelta(days=730)  # further back only what figures need is kept
# How far those without a place have come: (state, the way to it).
_MET = (S.REFERRED, S.CONTACT_ATTEMPTED, S.MEETING_BOOKED)
_ON_THE_WAY = (
    (*_MET, S.SUITABLE, S.WAITING),
    (S.REFERRED,),
    (*_MET, S.SUITABLE, S.WAITING),
    (*_MET, S.NOT_NOW),
    (S.REFERRED, S.CONTACT_ATTEMPTED),
    _MET,
    (*_MET, S.SUITABLE, S.WAITING),
    (*_MET, S.SUITABLE, S.OFFERED),
    (S.REFERRED, S.CONTACT_ATTEMPTED, S.NO_SAFE_CONTACT),
    (*_MET, S.SUITABLE),
    (*_MET, S.DECLINED),
)
_PUT_FIRST = 2  # the second of those who wait
_MOST_ON_THE_WAY = 60  # at any size: whoever asks does not wait for years
_REASONS = {
    S.NOT_NOW: "A court date first; she will ring us after it",
    S.NO_SAFE_CONTACT: "No way to reach her is safe at present",
    S.DECLINED: "Has found a group nearer to her",
}
_FORMS: tuple[tuple[str, str, str, str, list[str]], ...] = (
    ("adult", "Wilhelmina", "Ravenscoat", "yes", ["text", "worker"]),
    ("child", "Tamsin", "Oldfellow", "no", []),
)
_REACHED = frozenset(S) - {S.REFERRED, S.CONTACT_ATTEMPTED, S.NO_SAFE_CONTACT}


@dataclass(frozen=True, slots=True)
class Seated:
    """One place as far as the referral behind it has to know."""

    person: int
    place: int
    state: PlaceState
    asked_on: date
    came_on: date | None
    completed: bool


@dataclass(slots=True)
class Referrals:
    """Writes them down; each person is referred once, for the first place she gets."""

    sink: Sink
    chance: Chance
    staff: Staff
    interventions: Sequence[int]
    today: date
    _partners: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    _referred: set[int] = field(default_factory=set)
    _ended: set[int] = field(default_factory=set)
    _seated: set[int] = field(default_factory=set)

    def partners(self) -> None:
        """Who refers, and who works there."""
        for name, kind in _PARTNERS:
            email = f"desk@{name.split()[0].lower()}.example.org"
            agency = self.sink.add(
                Agency,
                ref=self.chance.ref(),
                name=name,
                kind=kind,
                phone=phone(self.chance),
                email=email,
            )
            workers = tuple(self._worker(agency) for _number in range(_WORKERS_EACH))
            self._partners.append((agency, workers))

    @property
    def agencies(self) -> list[int]:
        """The partners there are."""
        return [agency for agency, _workers in self._partners]

    def of_place(self, seated: Seated) -> None:
        """What a place was given on, unless she has been referred before."""
        (self._seated if seated.state in CURRENT_PLACES else self._ended).add(seated.person)
        if seated.person in self._referred:
            return
        received = seated.asked_on - timedelta(days=self.chance.randint(4, 45))
        contact = received + (seated.asked_on - received) // 2
        state = S.COMPLETED if seated.completed else S(seated.state.value)
        waits = state in (S.WAITING, S.DECLINED)
        since = seated.came_on if seated.came_on and state is not S.ACCEPTED else seated.asked_on
        referral = self._add(
            seated.person,
            received,
            state,
            since,
            place_id=seated.place,
            first_contact_on=contact,
            offered_on=None if waits else seated.asked_on,
            first_session_on=seated.came_on,
        )
        if received >= self.today - _IN_FULL:
            self._change(referral, S.MEETING_BOOKED, S.REFERRED, contact)
            self._change(referral, state, S.MEETING_BOOKED, since)

    def without_a_place(self, households: Sequence[Household]) -> None:
        """Those on the way, newcomers and some who come again; one has been put first."""
        new = [(one.carer, one.arrived) for one in households if one.carer not in self._referred]
        missing = max(len(_ON_THE_WAY) - len(new), 0)
        again = [
            (person, self.today - timedelta(days=self.chance.randint(6, 48)))
            for person in sorted(self._ended - self._seated)[:missing]
        ]
        for number, (person, received) in enumerate([*again, *new[-_MOST_ON_THE_WAY:]]):
            way = _ON_THE_WAY[number % len(_ON_THE_WAY)]
            self._on_the_way(person, received, way, is_first=number == _PUT_FIRST)

    def forms(self) -> None:
        """Two that came in through the public page since yesterday."""
        for number, (kind, first, last, agrees, routes) in enumerate(_FORMS):
            answers = {
                "sender_name": f"{self.chance.word('woman')} {self.chance.word('surname')}",
                "sender_agency": _PARTNERS[number][0],
                "sender_contact": phone(self.chance),
                "kind": kind,
                "first_name": first,
                "last_name": last,
                "agrees": agrees,
                "routes": routes,
                "phone": phone(self.chance),
                "voicemail": "no",
                "when": "Weekdays, 10am to 2pm",
                "reason": "Would like to meet others who understand. Finds evenings hard.",
            }
            self.sink.add(
                ReferralForm,
                ref=self.chance.ref(),
                received_at=clock.start_of_day(self.today) - timedelta(hours=9 - number),
                form_number=sha256(f"demonstration {number}".encode()).hexdigest(),
                answers={key: answer for key, answer in answers.items() if answer},
                state=FormState.TO_CHECK,
            )

    def _on_the_way(
        self, person: int, received: date, way: tuple[ReferralState, ...], *, is_first: bool
    ) -> None:
        gap = (self.today - received) // len(way)
        days = [received + gap * number for number in range(len(way))]
        reached = dict(zip(reversed(way), reversed(days), strict=True))
        contact = next(
            (day for state, day in zip(way, days, strict=True) if state in _REACHED), None
        )
        jump = {
            "jumped_at": clock.start_of_day(self.today) - timedelta(hours=30),
            "jump_reason": "Her baby is due in spring; after that she cannot come for a while",
            "jumped_by_id": self.staff.coordinator,
        }
        referral = self._add(
            person,
            received,
            way[-1],
            days[-1],
            first_contact_on=contact,
            offered_on=reached.get(S.OFFERED),
            **(jump if is_first else {}),
        )
        for before, after, on in zip(way, way[1:], days[1:], strict=False):
            self._change(referral, after, before, on)

    def _add(
        self, person: int, received: date, state: ReferralState, since: date, **more: Any
    ) -> int:
        chance = self.chance
        self._referred.add(person)
        draw = chance.random()
        source, agency, worker = ReferralSource.INTERNAL, None, None
        if draw < _BY_A_PARTNER:
            source = ReferralSource.AGENCY
            agency, workers = chance.choice(self._partners)
            worker = chance.choice(workers) if chance.happens(0.8) else None
        elif draw < _BY_A_PARTNER + _BY_HERSELF:
            source = ReferralSource.SELF
        referral = self.sink.add(
            Referral,
            ref=chance.ref(),
            person_id=person,
            source=source,
            agency_id=agency,
            worker_id=worker,
            received_on=received,
            state=state,
            state_since=since,
            created_at=clock.start_of_day(received) + timedelta(hours=11),
            **more,
        )
        self.sink.counts.update(
            cells(
                received,
                state,
                contacted=more.get("first_contact_on"),
                offered=more.get("offered_on"),
                first_session=more.get("first_session_on"),
            )
        )
        self._change(referral, S.REFERRED, None, received)
        if received >= self.today - _IN_FULL and self.interventions:
            wish = chance.choice(self.interventions)
            self.sink.add(ReferralWish, referral_id=referral, intervention_id=wish)
        return referral

    def _change(
        self, referral: int, after: ReferralState, before: ReferralState | None, on: date
    ) -> None:
        self.sink.add(
            ReferralChange,
            referral_id=referral,
            from_state=before,
            to_state=after,
            changed_on=on,
            reason=_REASONS.get(after),
            account_id=self.staff.coordinator,
        )

    def _worker(self, agency: int) -> int:
        name = f"{self.chance.word('woman')} {self.chance.word('surname')}"
        return self.sink.add(
            AgencyWorker,
            ref=self.chance.ref(),
            agency_id=agency,
            name=name,
            phone=phone(self.chance),
        )

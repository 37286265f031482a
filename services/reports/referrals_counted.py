"""The referrals a report counts: what is known of each, how it went, and how long it took."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from models import (
    Characteristic,
    Group,
    Person,
    PersonKind,
    Place,
    Referral,
    ReferralSource,
    ReferralState,
)
from services import clock
from services.disclosure.tables import Population
from services.people.characteristic_questions import questions
from services.people.characteristics import NOT_ASKED
from services.people.people import AGE_BANDS, age_band
from services.referrals.referral_states import ENDED, ON_THE_WAY
from services.reports.parts import labels

NO_PROGRAMME, NOT_KNOWN = "none", "Not known"
FIRST, AGAIN = "First referral", "Referred again"
ADULT, CHILD = "Adult", "Child"
REACHED, STILL, OVER = "Reached", "Waiting", "Ended before"
SOURCES = {
    ReferralSource.AGENCY: "A partner agency",
    ReferralSource.SELF: "Self-referral",
    ReferralSource.INTERNAL: "Our other work",
}
CLOCKS = {
    "contact": "First contact",
    "offer": "An offer of a place",
    "session": "The first session",
}
# What became of a referral, in the words of domain §7.
RESULTS = {
    **dict.fromkeys(ON_THE_WAY, "On the way"),
    ReferralState.ACCEPTED: "Place accepted",
    ReferralState.STARTED: "In a group",
    ReferralState.COMPLETED: "Completed a group",
    ReferralState.LEFT_EARLY: "Left early",
    ReferralState.TRANSFERRED: "Moved to another group",
    ReferralState.NOT_NOW: "Not now",
    ReferralState.DECLINED: "Declined",
    ReferralState.NOT_SUITABLE: "Another service suits better",
    ReferralState.NO_SAFE_CONTACT: "Not reached safely",
}
_TOLD = ("day", "count", "quarter", "source", "time", "who", "age", "programme", "result")
_AGES = tuple(label for _, label in AGE_BANDS)


def referrals(db: Session, first: date, last: date) -> Population:
    """Referrals by the day they came; a person's first one stands for the person."""
    answers, asked = _answers(db), _asked()
    seen: set[int] = set()
    rows = []
    for one in db.execute(_between(first, last)):
        is_first = one.received_on == one.began and one.whose not in seen
        seen.add(one.whose)
        said = answers.get(one.whose, (NOT_ASKED,) * len(asked))
        rows.append((*_told(one, is_first=is_first), *_waited(one), *said))
    columns = [*_TOLD, *CLOCKS, *(f"{name}_days" for name in CLOCKS), *asked]
    return Population(pd.DataFrame(rows, columns=columns), _known(db, first, last, asked))


def _between(first: date, last: date) -> Select[*tuple[Any, ...]]:
    """The referrals of a time, each with whose it is and when hers first came."""
    whose = func.coalesce(Person.merged_into_id, Person.id).label("whose")
    earliest = (
        select(whose, func.min(Referral.received_on).label("began"))
        .join(Person, Person.id == Referral.person_id)
        .group_by(whose)
        .subquery()
    )
    return (
        select(
            Referral.received_on, Referral.source, Referral.state, Referral.first_contact_on,
            Referral.offered_on, Referral.first_session_on, whose, Person.kind,
            Person.date_of_birth, Group.programme, earliest.c.began,
        )
        .join(Person, Person.id == Referral.person_id)
        .join(earliest, earliest.c.whose == whose)
        .outerjoin(Place, Place.id == Referral.place_id)
        .outerjoin(Group, Group.id == Place.group_id)
        .where(Referral.received_on.between(first, last))
        .order_by(Referral.received_on, Referral.id)
    )  # fmt: skip


def _told(one: Row[*tuple[Any, ...]], *, is_first: bool) -> tuple[object, ...]:
    """What is counted of a referral, in the order of `_TOLD`."""
    return (
        one.received_on,
        1,
        clock.quarter(one.received_on),
        SOURCES[one.source],
        FIRST if is_first else AGAIN,
        ADULT if one.kind is PersonKind.ADULT else CHILD,
        age_band(one.date_of_birth, today=one.received_on) or NOT_KNOWN,
        one.programme or NO_PROGRAMME,
        RESULTS[one.state],
    )


def _waited(one: Row[*tuple[Any, ...]]) -> tuple[str | int | None, ...]:
    """How each clock stands, and then the days of each that has stopped."""
    over = one.state in (*ENDED, ReferralState.NO_SAFE_CONTACT)
    still = OVER if over else STILL
    stops = (one.first_contact_on, one.offered_on, one.first_session_on)
    return (
        *(still if on is None else REACHED for on in stops),
        *(None if on is None else (on - one.received_on).days for on in stops),
    )


def _asked() -> dict[str, tuple[str, ...]]:
    """The questions people are asked about themselves, with what may be answered."""
    return {f"asked_{one.key}": (*one.choices.values(), NOT_ASKED) for one in questions().questions}


def _known(
    db: Session, first: date, last: date, asked: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """What may stand in each column, whether or not it does."""
    known = labels(
        db, first, last,
        source=tuple(SOURCES.values()),
        time=(FIRST, AGAIN),
        who=(ADULT, CHILD),
        age=(*_AGES, NOT_KNOWN),
        result=tuple(dict.fromkeys(RESULTS.values())),
        **dict.fromkeys(CLOCKS, (REACHED, STILL, OVER)),
        **asked,
    )  # fmt: skip
    known["programme"] = (*known["programme"], NO_PROGRAMME)
    return known


def _answers(db: Session) -> dict[int, tuple[str, ...]]:
    """What people said about themselves, in the order of the questions."""
    asked = [one.key for one in questions().questions]
    words = {one.key: one.choices for one in questions().questions}
    given: dict[int, dict[str, str]] = {}
    query = select(Characteristic.person_id, Characteristic.question, Characteristic.answer)
    for person, question, answer in db.execute(query):
        if answer in words.get(question, {}):
            given.setdefault(person, {})[question] = words[question][answer]
    return {
        person: tuple(said.get(key, NOT_ASKED) for key in asked) for person, said in given.items()
    }

"""People referred: whom a report counts, its sections on them, and how long they waited."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlalchemy import func, select
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
from services.disclosure.tables import TOTAL, Population
from services.people.characteristic_questions import questions
from services.people.characteristics import NOT_ASKED
from services.people.people import AGE_BANDS, age_band
from services.referrals.referral_states import ENDED, ON_THE_WAY
from services.releases import Counts
from services.reports.parts import (
    TITLES,
    Asked,
    Chart,
    Draws,
    Says,
    Section,
    Wanted,
    labels,
    rows_of,
)
from services.statistics import waits
from services.tallies.shares import MEANS_FROM

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
_AGES = tuple(label for _, label in AGE_BANDS)


def referrals(db: Session, first: date, last: date) -> Population:
    """Referrals by the day they came; a person's first one stands for the person."""
    whose = func.coalesce(Person.merged_into_id, Person.id)
    earliest = (
        select(whose.label("whose"), func.min(Referral.received_on).label("on"))
        .join(Person, Person.id == Referral.person_id)
        .group_by(whose)
        .subquery()
    )
    query = (
        select(
            Referral.received_on, Referral.source, Referral.state, Referral.first_contact_on,
            Referral.offered_on, Referral.first_session_on, whose, Person.kind,
            Person.date_of_birth, Group.programme, earliest.c.on,
        )
        .join(Person, Person.id == Referral.person_id)
        .join(earliest, earliest.c.whose == whose)
        .outerjoin(Place, Place.id == Referral.place_id)
        .outerjoin(Group, Group.id == Place.group_id)
        .where(Referral.received_on.between(first, last))
        .order_by(Referral.received_on, Referral.id)
    )  # fmt: skip
    answers = _answers(db)
    seen: set[int] = set()
    rows = []
    for day, source, state, *stops, person, kind, born, programme, began in db.execute(query):
        is_first = day == began and person not in seen
        seen.add(person)
        ended = state in (*ENDED, ReferralState.NO_SAFE_CONTACT)
        waited = [_wait(day, on, is_over=ended) for on in stops]
        rows.append(
            (
                day, 1, clock.quarter(day), SOURCES[source], FIRST if is_first else AGAIN,
                ADULT if kind is PersonKind.ADULT else CHILD,
                age_band(born, today=day) or NOT_KNOWN, programme or NO_PROGRAMME, RESULTS[state],
                *(how for how, _ in waited), *(days for _, days in waited),
                *answers.get(person, (NOT_ASKED,) * len(questions().questions)),
            )
        )  # fmt: skip
    asked = {
        f"asked_{one.key}": (*one.choices.values(), NOT_ASKED) for one in questions().questions
    }
    columns = [
        "day", "count", "quarter", "source", "time", "who", "age", "programme", "result", *CLOCKS,
        *(f"{name}_days" for name in CLOCKS), *asked,
    ]  # fmt: skip
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
    return Population(pd.DataFrame(rows, columns=columns), known)


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


def _wait(received: date, on: date | None, *, is_over: bool) -> tuple[str, int | None]:
    if on is not None:
        return REACHED, (on - received).days
    return (OVER if is_over else STILL), None


def reached(asked: Asked) -> Section:
    """Who was referred, and from where."""
    people = {"time": FIRST}
    return Section(
        "reached",
        TITLES["reached"],
        "People count once, in the quarter in which they were first referred. Referrals count each "
        "time somebody is referred.",
        (
            Wanted("People by quarter", asked.table("referrals", "quarter", **people), "Quarter"),
            Wanted("Adults and children", asked.table("referrals", "who", **people), "People"),
            Wanted("Age when first referred", asked.table("referrals", "age", **people), "Age"),
            Wanted("First and further referrals", asked.table("referrals", "time"), "Referrals"),
            Wanted("Who referred them", asked.table("referrals", "source", "who"), "Referred by"),
        ),
    )


def waiting(asked: Asked) -> Section:
    """What became of referrals, and how long people waited."""
    tables = [
        Wanted("What became of referrals", asked.table("referrals", "result"), "As things stand")
    ]
    tables += [wait(asked, name) for name in CLOCKS]
    return Section(
        "waits",
        TITLES["waits"],
        "Days are counted from the referral, by the median and the ninth in ten, of those who came "
        "so far; who is waiting still and whose referral ended before is beside them.",
        tuple(tables),
    )


def wait(asked: Asked, name: str) -> Wanted:
    """One clock by quarter of referral."""
    return Wanted(
        f"{CLOCKS[name]}, by quarter of referral",
        asked.table("referrals", "quarter", name),
        "Referred in",
        says=_days(name),
        draws=_waits_chart(name),
        about="Dot: half within; bar: nine in ten within, of those reached so far.",
    )


def equality(asked: Asked) -> Section:
    """What people said about themselves."""
    return Section(
        "equality",
        TITLES["equality"],
        "People first referred in the period. Each question is asked once, and may be left out.",
        tuple(
            Wanted(
                one.key.replace("_", " ").capitalize(),
                asked.table("referrals", f"asked_{one.key}", time=FIRST),
                "Answer",
            )
            for one in questions().questions
        ),
    )


def _days(name: str) -> Says:
    def says(counts: Counts, people: Population) -> Sequence[str]:
        reached = counts.get((TOTAL, REACHED))
        if reached is None or reached < MEANS_FROM:
            return ()
        found = waits([int(days) for days in people.units[f"{name}_days"].dropna()])
        half, most = f"{found.median:.0f}", f"{found.ninetieth:.0f}"
        return (f"Half within {half} days, nine in ten within {most}, n = {reached:,}.",)

    return says


def _waits_chart(name: str) -> Draws:
    def draws(counts: Counts, people: Population) -> Chart | None:
        rows = []
        for quarter in rows_of(counts):
            reached, of = counts[quarter, REACHED], counts[quarter, TOTAL]
            if reached is None or of is None or reached < MEANS_FROM:
                continue
            days = people.units[people.units["quarter"] == quarter][f"{name}_days"].dropna()
            found = waits([int(one) for one in days])
            rows.append((quarter, found.median, found.ninetieth, f"{reached} of {of}"))
        if not rows:
            return None
        columns = ["quarter", "median", "ninetieth", "label"]
        parts = [f"{q}: half within {h:.0f}, nine in ten within {m:.0f}" for q, h, m, _ in rows]
        alt = f"Days from referral to {CLOCKS[name].lower()}. {'. '.join(parts)}."
        return Chart("waiting_times", pd.DataFrame(rows, columns=columns), alt)

    return draws

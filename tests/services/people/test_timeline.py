"""What has been with one person: each kind for those who may see it, page by page."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from models import (
    Basis,
    Concern,
    Consent,
    ContactAttempt,
    ContactOutcome,
    Group,
    Outcome,
    Person,
    Place,
    Point,
    Purpose,
    Referral,
    ReferralChange,
    ReferralSource,
    ReferralState,
    Respondent,
    RiskLevel,
    RiskReview,
    Route,
)
from services.attendance import AttendanceCode as Code
from services.errors import NotFoundError, NotPermittedError
from services.measures import measures
from services.measures.measures import MeasureDraft
from services.people import people, timeline
from services.permissions import Actor
from services.places import places
from services.registers import marking
from services.registers.marking import NewMark
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that began today."""
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina)


@pytest.fixture
def place(db: Session, amina: Actor, craft: Group, dana: Person) -> Place:
    return make_place(db, amina, craft, dana)


def kinds(db: Session, actor: Actor, person: Person) -> list[str]:
    return timeline.events(db, actor, person.ref)["kind"].tolist()


def consent(person: Person, by: Actor, purpose: Purpose, given: date, withdrawn: date) -> Consent:
    return Consent(
        person_id=person.id,
        purpose=purpose,
        basis=Basis.SELF,
        given_on=given,
        recorded_at=NOW,
        recorded_by_id=by.account_id,
        withdrawn_on=withdrawn,
        withdrawn_at=NOW,
        withdrawn_by_id=by.account_id,
    )


def everything(db: Session, by: Actor, person: Person, place: Place, group: Group) -> None:
    """One event of each kind, a day apart."""
    referral = Referral(
        person_id=person.id, source=ReferralSource.SELF, received_on=date(2026, 9, 1),
        state=ReferralState.COMPLETED, state_since=date(2026, 9, 1), created_at=NOW,
    )  # fmt: skip
    db.add(referral)
    db.flush()
    db.add_all([
        ReferralChange(
            referral_id=referral.id, to_state=ReferralState.SUITABLE,
            changed_on=date(2026, 9, 2), account_id=by.account_id, reason="A sealed reason",
        ),
        ContactAttempt(
            person_id=person.id, at=NOW - timedelta(days=12), route=Route.CALL,
            outcome=ContactOutcome.NO_ANSWER, account_id=by.account_id, note="A sealed note",
        ),
        consent(person, by, Purpose.QUOTE, date(2026, 9, 5), date(2026, 9, 6)),
        RiskReview(
            person_id=person.id, assessed_on=date(2026, 9, 7), score=15, level=RiskLevel.HIGH,
            review_on=date(2026, 12, 7), account_id=by.account_id, recorded_at=NOW,
        ),
        Concern(
            person_id=person.id, raised_by_id=by.account_id, raised_at=NOW - timedelta(days=8),
            noticed_at=NOW - timedelta(days=8), facts="A sealed fact", safe_now="yes",
        ),
    ])  # fmt: skip
    tap = NewMark(tap=place.ref, place_ref=place.ref, code=Code.LATE, minutes=5)
    assert marking.mark(db, by, session_of(db, group).ref, [tap])[0].saved
    form = MeasureDraft(
        measure="rosenberg", respondent=Respondent.SELF, point=Point.START,
        taken_on=date(2026, 9, 9), outcome=Outcome.DECLINED,
    )  # fmt: skip
    measures.record(db, by, place.ref, form)


def test_a_facilitator_sees_what_she_may_see_newest_first(
    db: Session, ben: Actor, craft: Group, dana: Person, place: Place
) -> None:
    everything(db, ben, dana, place, craft)

    seen = timeline.events(db, ben, dana.ref)

    assert seen["kind"].tolist() == [
        "added", "attended", "place", "measure", "concern", "risk", "consent_withdrawn", "consent",
        "contact", "referral",
    ]  # fmt: skip
    assert seen["at"].is_monotonic_decreasing
    told = seen.set_index("kind")[["state", "about", "detail"]].agg("|".join, axis=1)
    assert told.to_dict() == {
        "added": "||",
        "attended": "1|Tuesday craft|",
        "place": "given|Tuesday craft|",
        "measure": "declined|rosenberg|start self",
        "concern": "||",
        "risk": "high||",
        "consent_withdrawn": "quote||",
        "consent": "quote||",
        "contact": "no_answer|call|",
        "referral": "suitable||",
    }


def test_a_concern_about_a_record_joined_to_hers_stands_with_the_others(
    db: Session, ben: Actor, amina: Actor, dana: Person, place: Place
) -> None:
    other = make_person(db, amina, "Dana", "Okorro")
    db.add(
        Concern(
            person_id=other.id, raised_by_id=ben.account_id, raised_at=NOW, noticed_at=NOW,
            facts="A sealed fact", safe_now="yes",
        )
    )  # fmt: skip
    other.merged_into_id = dana.id
    db.flush()

    assert "concern" in kinds(db, ben, dana)


def test_a_coordinator_sees_neither_risk_nor_measures_nor_somebodys_concern(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, place: Place
) -> None:
    everything(db, ben, dana, place, craft)

    assert not {"risk", "measure", "concern"} & set(kinds(db, amina, dana))


def test_nothing_that_was_written_down_is_in_it(
    db: Session, ben: Actor, craft: Group, dana: Person, place: Place
) -> None:
    everything(db, ben, dana, place, craft)

    assert "sealed" not in str(timeline.events(db, ben, dana.ref).to_dict())


def test_another_facilitator_sees_of_two_groups_her_own(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, craft: Group, dana: Person, place: Place
) -> None:
    everything(db, ben, dana, place, craft)
    walk = make_group(db, amina, [chloe], code_name="Friday walk")
    make_place(db, amina, walk, dana)

    seen = timeline.events(db, chloe, dana.ref)

    assert set(seen["about"]) == {"", "call", "Friday walk"}
    assert not {"attended", "measure", "concern"} & set(seen["kind"])


def test_a_person_that_is_not_hers_or_not_there_reads_the_same(
    db: Session, chloe: Actor, amina: Actor, dana: Person
) -> None:
    for actor, ref in ((chloe, dana.ref), (amina, "nobody")):
        with pytest.raises(NotFoundError):
            timeline.events(db, actor, ref)


@pytest.mark.parametrize("stranger", ["leila", "ada", "vik", "erin"])
def test_other_roles_see_nobodys_timeline(
    db: Session, dana: Person, stranger: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        timeline.events(db, request.getfixturevalue(stranger), dana.ref)


def test_sessions_are_one_event_a_place_however_many(
    db: Session, ben: Actor, dana: Person, craft: Group, place: Place, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(weeks=8)
    for number, code in enumerate((Code.ATTENDED, Code.ONLINE, Code.APOLOGIES), start=1):
        session = session_of(db, craft, number)
        new = NewMark(tap=f"{number}", place_ref=place.ref, code=code)
        marking.mark(db, ben, session.ref, [new])

    seen = timeline.events(db, ben, dana.ref)

    (row,) = seen[seen["kind"] == "attended"].to_dict("records")
    assert (row["state"], row["at"]) == ("2", session_of(db, craft, 2).starts_at)


def test_a_place_that_ended_shows_both_ends(
    db: Session, amina: Actor, dana: Person, place: Place, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=10)
    places.leave(db, amina, place.ref, on=date(2026, 9, 26), reason="", version=place.version)

    seen = timeline.events(db, amina, dana.ref).set_index("kind")

    assert seen.loc["place_ended", "state"] == "left_early"
    assert seen.loc["place_ended", "at"] > seen.loc["place", "at"]


def test_page_after_page_shows_every_event_once(
    db: Session, amina: Actor, ben: Actor, dana: Person
) -> None:
    moments = [datetime(2026, 9, 1 + n // 40, (n // 4) % 24, tzinfo=UTC) for n in range(170)]
    db.add_all(
        ContactAttempt(
            person_id=dana.id, at=at, route=Route.TEXT, outcome=ContactOutcome.SENT,
            account_id=ben.account_id,
        )
        for at in moments
    )  # fmt: skip
    reviews = [date(2026, 9, 1 + n % 6) for n in range(60)]
    db.add_all(
        consent(dana, amina, Purpose.PHOTO, day, day)
        for day in reviews
    )  # fmt: skip
    db.flush()

    pages = _all_pages(db, amina, dana)

    assert [len(page) for page in pages] == [50, 50, 50, 50, 50, 41, 0][: len(pages)]
    every = pd.concat(pages)
    assert len(every) == 170 + 2 * 60 + 1
    assert not every.duplicated(["kind", "number"]).any()
    assert every["at"].is_monotonic_decreasing


def test_a_page_needs_three_queries_however_much_there_is(
    db: Session,
    ben: Actor,
    craft: Group,
    dana: Person,
    place: Place,
    count_queries: Callable[[], object],
) -> None:
    everything(db, ben, dana, place, craft)

    with count_queries() as statements:  # type: ignore[attr-defined]
        timeline.events(db, ben, dana.ref)

    assert len(statements) == 3


def test_somebody_just_added_has_that_alone(db: Session, amina: Actor, dana: Person) -> None:
    assert kinds(db, amina, dana) == ["added"]
    assert timeline.position_of(timeline.events(db, amina, dana.ref).iloc[:0]) is None
    assert people.places_of(db, amina, dana.ref).empty


def _all_pages(db: Session, actor: Actor, person: Person) -> list[pd.DataFrame]:
    pages = [timeline.events(db, actor, person.ref)]
    while len(pages[-1]) == timeline.PAGE:
        after = timeline.position_of(pages[-1])
        pages.append(timeline.events(db, actor, person.ref, after=after))
    return pages

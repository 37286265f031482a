"""The waiting list: fair, open about whoever goes first, and undone as easily."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Intervention, Referral, ReferralState
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.plans import interventions
from services.referrals import waiting_list
from tests.make import make_group, make_person, make_place, make_referral

TODAY = date(2026, 9, 16)


def waits(db: Session, actor: Actor, name: str, days: int, wish: str = "") -> Referral:
    """Somebody on the list, referred so many days ago."""
    sent = make_referral(
        db,
        actor,
        make_person(db, actor, name),
        received_on=TODAY - timedelta(days=days),
        wishes=[wish] if wish else [],
    )
    sent.state = ReferralState.WAITING
    db.flush()
    return sent


def names(db: Session, actor: Actor, **more: object) -> list[str]:
    frame = waiting_list.listed(db, actor, **more)  # type: ignore[arg-type]
    return [name.split()[0] for name in frame["name"]]


def test_it_goes_by_the_day_of_referral_and_says_how_long(db: Session, amina: Actor) -> None:
    waits(db, amina, "Late", 3)
    waits(db, amina, "Early", 40)
    make_referral(db, amina, make_person(db, amina, "Elsewhere"))

    frame = waiting_list.listed(db, amina)

    assert names(db, amina) == ["Early", "Late"]
    assert frame["days"].tolist() == [40, 3]


def test_who_is_put_first_stands_before_with_the_reason_and_who_gave_it(
    db: Session, amina: Actor
) -> None:
    waits(db, amina, "Early", 40)
    late = waits(db, amina, "Late", 3)

    waiting_list.put_first(db, amina, late.ref, reason=" Her baby is due. ", version=late.version)

    assert names(db, amina) == ["Late", "Early"]
    first = waiting_list.listed(db, amina).iloc[0]
    assert first["put_first_because"] == "Her baby is due."
    assert (first["put_first_by"], first["put_first_on"]) == ("Amina", TODAY)


def test_undone_she_stands_where_her_referral_puts_her(db: Session, amina: Actor) -> None:
    waits(db, amina, "Early", 40)
    late = waits(db, amina, "Late", 3)
    waiting_list.put_first(db, amina, late.ref, reason="A baby", version=late.version)
    db.flush()

    waiting_list.put_back(db, amina, late.ref, version=late.version)

    assert names(db, amina) == ["Early", "Late"]
    actions = [entry.action for entry in db.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions[-2:] == ["referral.put_first", "referral.put_back"]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_nobody_goes_first_without_a_reason(db: Session, amina: Actor, reason: str) -> None:
    late = waits(db, amina, "Late", 3)
    with pytest.raises(InvalidInputError) as refused:
        waiting_list.put_first(db, amina, late.ref, reason=reason, version=late.version)
    assert list(refused.value.problems) == ["jump"]


def test_a_stale_list_or_somebody_who_waits_no_more_is_refused(db: Session, amina: Actor) -> None:
    late = waits(db, amina, "Late", 3)
    with pytest.raises(ConflictError):
        waiting_list.put_first(db, amina, late.ref, reason="A baby", version=99)
    late.state = ReferralState.OFFERED
    db.flush()
    with pytest.raises(ConflictError):
        waiting_list.put_first(db, amina, late.ref, reason="A baby", version=late.version)


def test_it_can_be_narrowed_to_what_was_asked_for(db: Session, amina: Actor) -> None:
    db.add(Intervention(name="A wish for tests", position=99))
    db.flush()
    wish = next(ref for ref, name in interventions.choices(db).items() if "for tests" in name)
    waits(db, amina, "Groups", 3, wish)
    waits(db, amina, "Anything", 40)
    assert names(db, amina, wish=wish) == ["Groups"]
    assert names(db, amina, wish="unknown") == []


def test_its_pages_join_without_a_gap_whoever_was_put_first(
    db: Session, amina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_list, "PAGE", 2)
    for number in range(5):
        one = waits(db, amina, f"P{number}", 40 - number // 2)
        if number in (2, 3, 4):
            waiting_list.put_first(db, amina, one.ref, reason="A baby", version=one.version)
    seen: list[str] = []
    after = None
    while not (frame := waiting_list.listed(db, amina, after=after)).empty:
        end = frame.iloc[-1]
        seen += names(db, amina, after=after)
        after = (int(end["line"]), end["received"], int(end["number"]))
    assert seen == ["P2", "P3", "P4", "P0", "P1"]


def test_a_facilitator_sees_her_own_people_wait_and_changes_nothing(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, leila: Actor
) -> None:
    dana = make_person(db, amina)
    make_place(db, amina, make_group(db, amina, [ben]), dana)
    sent = make_referral(db, amina, dana)
    sent.state = ReferralState.WAITING
    db.flush()

    assert names(db, ben) == ["Dana"]
    assert names(db, chloe) == []
    with pytest.raises(NotPermittedError):
        waiting_list.listed(db, leila)
    with pytest.raises(NotPermittedError):
        waiting_list.put_first(db, ben, sent.ref, reason="A baby", version=sent.version)
    with pytest.raises(NotPermittedError):
        waiting_list.put_back(db, ben, sent.ref, version=sent.version)
    with pytest.raises(NotFoundError):
        waiting_list.put_first(db, amina, "nothing", reason="A baby", version=1)


def test_the_reason_is_not_readable_in_the_database(db: Session, amina: Actor) -> None:
    late = waits(db, amina, "Late", 3)
    waiting_list.put_first(db, amina, late.ref, reason="Her baby is due.", version=late.version)
    raw = db.connection().exec_driver_sql("SELECT jump_reason FROM referrals").scalar_one()
    assert "baby" not in raw

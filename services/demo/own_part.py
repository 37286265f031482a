"""The demonstration's volunteer with an account: her own page has something in every part."""

from base64 import b64decode
from datetime import date, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import (
    CURRENT_SHIFTS,
    Account,
    AvailabilityException,
    CheckIn,
    DbsCheck,
    Expense,
    ExpenseKind,
    ExpenseReceipt,
    ExpenseState,
    GroupSession,
    Milestone,
    MilestoneKind,
    OtherHours,
    Placement,
    SessionState,
    Shift,
    Stage,
    Volunteer,
    VolunteerDebrief,
    VolunteerSupport,
    WeeklyHours,
)
from services import clock
from services.demo.chance import Chance
from services.demo.sink import Sink
from services.volunteers.contribution.expenses import PENCE_A_MILE

# One white point: a receipt that says nothing.
_RECEIPT = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)
_NOON = timedelta(hours=12)
_BESIDES = ((20, 120, "Open evening"), (45, 90, "Team meeting"), (60, 240, "Stall at the fair"))
_EXPENSES = (  # how long ago, kind, pence or tenths of a mile, state
    (3, ExpenseKind.TRANSPORT, 460, ExpenseState.ASKED),
    (10, ExpenseKind.CHILDCARE, 1_800, ExpenseState.APPROVED),
    (17, ExpenseKind.MILEAGE, 124, ExpenseState.PAID),
    (24, ExpenseKind.TRANSPORT, 380, ExpenseState.PAID),
)


def write(db: Session, sink: Sink, chance: Chance, *, account: int, by: int, today: date) -> None:
    """Join the account to an active volunteer who is in the rota, and fill her own page.

    Reads what is in the database already, so the sink must have been emptied into it.
    """
    query = (
        select(Volunteer, VolunteerSupport)
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Volunteer.id)
        .where(
            Volunteer.stage == Stage.ACTIVE,
            VolunteerSupport.supervisor_id == by,
            Volunteer.id.in_(select(Shift.volunteer_id).where(Shift.state.in_(CURRENT_SHIFTS))),
        )
        .order_by(Volunteer.id)
        .limit(1)
    )
    row = db.execute(query).first()
    if row is None:  # the smallest sizes have nobody in the rota
        return
    volunteer, support = row
    support.own_account_id = account
    name = db.scalars(select(Account.display_name).where(Account.id == account)).one()
    volunteer.first_name, volunteer.last_name = name.split()
    volunteer.email = f"{name.replace(' ', '.').lower()}@example.org"
    _can_say_yes(db, sink, volunteer.id, today)
    _hours(sink, chance, volunteer.id, account, today)
    _expenses(sink, chance, volunteer.id, account, by, today)
    _words(db, sink, chance, volunteer.id, account, today)
    _milestones(db, sink, volunteer.id, by, today)


def _can_say_yes(db: Session, sink: Sink, volunteer: int, today: date) -> None:
    """What she is asked for falls into her hours, and her check is in date long after it."""
    db.execute(delete(WeeklyHours).where(WeeklyHours.volunteer_id == volunteer))
    away = AvailabilityException.volunteer_id == volunteer
    db.execute(delete(AvailabilityException).where(away))
    asked = select(GroupSession.local_start).join(Shift, Shift.session_id == GroupSession.id)
    times = db.scalars(asked.where(Shift.volunteer_id == volunteer)).all()
    for weekday in sorted({one.weekday() for one in times}):
        sink.add(WeeklyHours, volunteer_id=volunteer, weekday=weekday, starts=9 * 60, ends=18 * 60)
    current = update(DbsCheck).where(DbsCheck.volunteer_id == volunteer, DbsCheck.is_current)
    db.execute(current.values(counts_from=today - timedelta(days=60)))


def _milestones(db: Session, sink: Sink, volunteer: int, by: int, today: date) -> None:
    """She was thanked a while ago; two others have reached something since."""
    sink.add(
        Milestone, volunteer_id=volunteer, kind=MilestoneKind.HOURS, step=10,
        reached_on=today - timedelta(days=30), thanked_on=today - timedelta(days=28),
        thanked_by_id=by,
    )  # fmt: skip
    others = select(Volunteer.id).where(
        Volunteer.stage == Stage.ACTIVE, Volunteer.owner_id == by, Volunteer.id != volunteer
    )
    for ago, number in enumerate(db.scalars(others.order_by(Volunteer.id).limit(2)), 2):
        sink.add(
            Milestone, volunteer_id=number, kind=MilestoneKind.MONTHS, step=3,
            reached_on=today - timedelta(days=ago), thanked_on=None, thanked_by_id=None,
        )  # fmt: skip


def _hours(sink: Sink, chance: Chance, volunteer: int, account: int, today: date) -> None:
    for ago, minutes, what in _BESIDES:
        sink.add(
            OtherHours,
            ref=chance.ref(),
            volunteer_id=volunteer,
            given_on=today - timedelta(days=ago),
            minutes=minutes,
            what=what,
            recorded_by_id=account,
            recorded_at=clock.start_of_day(today - timedelta(days=ago)) + _NOON,
        )


def _expenses(
    sink: Sink, chance: Chance, volunteer: int, account: int, by: int, today: date
) -> None:
    for ago, kind, amount, state in _EXPENSES:
        at = clock.start_of_day(today - timedelta(days=ago)) + _NOON
        is_driven = kind is ExpenseKind.MILEAGE
        is_decided, is_paid = state is not ExpenseState.ASKED, state is ExpenseState.PAID
        number = sink.add(
            Expense,
            ref=chance.ref(),
            volunteer_id=volunteer,
            kind=kind,
            spent_on=today - timedelta(days=ago),
            pence=amount * PENCE_A_MILE // 10 if is_driven else amount,
            tenths=amount if is_driven else None,
            words=None,
            state=state,
            asked_at=at,
            asked_by_id=account,
            decided_at=at + timedelta(days=1) if is_decided else None,
            decided_by_id=by if is_decided else None,
            missing=None,
            paid_at=at + timedelta(days=2) if is_paid else None,
            paid_by_id=by if is_paid else None,
        )
        if kind is ExpenseKind.CHILDCARE:
            sink.add(ExpenseReceipt, expense_id=number, media_type="image/png", content=_RECEIPT)


def _words(
    db: Session, sink: Sink, chance: Chance, volunteer: int, account: int, today: date
) -> None:
    """How her last session but one was, and how she was two days ago."""
    query = (
        select(GroupSession.id)
        .join(Placement, Placement.group_id == GroupSession.group_id)
        .where(
            Placement.volunteer_id == volunteer,
            GroupSession.state == SessionState.HELD,
            GroupSession.starts_at < clock.start_of_day(today),
        )
        .order_by(GroupSession.starts_at.desc())
        .limit(2)
    )
    if held := db.scalars(query).all():
        sink.add(
            VolunteerDebrief,
            volunteer_id=volunteer,
            session_id=held[-1],
            at=clock.start_of_day(today - timedelta(days=1)) + _NOON,
            heard_hard=True,
            words="It stayed with me on the way home. I would like to talk about it.",
            form_version=1,
            answers={
                "volunteer_ready": 3,
                "volunteer_backed": 4,
                "volunteer_heavy": 3,
                "volunteer_talk": 1,
            },
        )
    sink.add(
        CheckIn,
        ref=chance.ref(),
        volunteer_id=volunteer,
        at=clock.start_of_day(today - timedelta(days=2)) + _NOON,
        heaviness=3,
        words="Some weight, and all right.",
        account_id=account,
    )

"""The groups everybody meets in the demonstration, each at another stage and with its own snag."""

from datetime import date, time, timedelta

from models import GroupState, PlaceState
from services.demo.runs import NEVER, PATCHY, Run, Seat, around
from services.programmes.programme_library import shipped

FACILITATOR, FACILITATOR_2 = 0, 1
_MORNING, _MIDDAY, _AFTER_SCHOOL = time(10), time(12, 30), time(15, 45)
_MONDAY, _TUESDAY, _THURSDAY = 0, 1, 3
_WAITING = Seat(state=PlaceState.WAITING)
_MEASURED = Seat(measured=True)


def scenes(today: date) -> list[Run]:
    """The groups as they stand on a day, those first that the smallest demonstration keeps."""
    return [
        _meets_today(today),
        _register_left_open_yesterday(today),
        _takes_bookings(today),
        _joins_any_week(today),
        _just_finished(today),
        _closed_long_ago(today),
    ]


def _meets_today(today: date) -> Run:
    """Week five, somebody joined late, somebody left, one sent apologies for today, one no word."""
    programme = shipped()["steps_forward"]
    seats = (
        Seat(), Seat(first=2), Seat(comes=PATCHY), Seat(last=3, comes=PATCHY), Seat(),
        Seat(), Seat(comes=NEVER), Seat(), Seat(),
    )  # fmt: skip
    return Run(
        programme=programme,
        code_name=f"{today:%A} lanterns",
        state=GroupState.RUNNING,
        sessions=around(today, 5, programme, _MORNING),
        held=4,
        facilitators=(FACILITATOR, FACILITATOR_2),
        capacity=10,
        seats=seats,
        apologies=((2, 5), (4, 6)),
        caught_up=((2, 3), (7, 2)),
        silent=((6, 4),),
    )


def _register_left_open_yesterday(today: date) -> Run:
    """Parents and children in week seven; two families have no mark for yesterday yet, and
    one sent no word."""
    programme, yesterday = shipped()["side_by_side"], today - timedelta(days=1)
    return Run(
        programme=programme,
        code_name=f"{yesterday:%A} kites",
        state=GroupState.RUNNING,
        sessions=around(yesterday, 7, programme, _AFTER_SCHOOL),
        held=7,
        facilitators=(FACILITATOR, FACILITATOR_2),
        capacity=12,
        seats=(Seat(), Seat(), Seat(comes=PATCHY), Seat(last=4), Seat(gets_worse=True), Seat()),
        unmarked=2,
        silent=((2, 7),),
    )


def _takes_bookings(today: date) -> Run:
    """Starts in three weeks: full, one place offered, one declined, two waiting; one day moved."""
    programme = shipped()["steps_forward"]
    seats = (
        *(Seat(state=PlaceState.ACCEPTED),) * 7,
        Seat(state=PlaceState.OFFERED), Seat(state=PlaceState.DECLINED), _WAITING, _WAITING,
    )  # fmt: skip
    return Run(
        programme=programme,
        code_name="Spring maples" if today.month in range(1, 6) else "Harvest maples",
        state=GroupState.RECRUITING,
        sessions=around(_latest(today, _TUESDAY) + timedelta(weeks=4), 1, programme, _MORNING),
        held=0,
        facilitators=(FACILITATOR,),
        capacity=8,
        seats=seats,
        moved=4,
    )


def _joins_any_week(today: date) -> Run:
    """A rolling group: nearly every week somebody new; two sent no word, and a session to come is
    cancelled."""
    programme, last = shipped()["open_door"], _latest(today, _THURSDAY)
    seats = (
        Seat(), Seat(), Seat(comes=PATCHY), Seat(last=4), Seat(first=2), Seat(first=3),
        Seat(first=4, comes=PATCHY), Seat(first=5), Seat(first=6),
    )  # fmt: skip
    return Run(
        programme=programme,
        code_name=f"{last:%A} kettles",
        state=GroupState.RUNNING,
        sessions=around(last, 6, programme, _MIDDAY),
        held=6,
        facilitators=(FACILITATOR_2,),  # who is away next week: nobody else can hold it
        capacity=12,
        seats=seats,
        cancelled=9,
        silent=((1, 6), (6, 6)),
    )


def _just_finished(today: date) -> Run:
    """Over for six weeks: a session was cancelled, and an outcome got worse."""
    programme = shipped()["steps_forward"]
    seats = (
        *(_MEASURED,) * 7, Seat(gets_worse=True, measured=True), Seat(comes=PATCHY), Seat(),
        Seat(last=5, comes=PATCHY), Seat(last=3, comes=NEVER),
    )  # fmt: skip
    return Run(
        programme=programme,
        code_name="Paper boats",
        state=GroupState.FINISHED,
        sessions=around(_latest(today, _MONDAY) - timedelta(weeks=6), 12, programme, _MORNING),
        held=12,
        facilitators=(FACILITATOR, FACILITATOR_2),
        capacity=12,
        seats=seats,
        cancelled=6,
    )


def _closed_long_ago(today: date) -> Run:
    """Children of last year, half of them with a parent beside them, measured start to end."""
    programme = shipped()["side_by_side"]
    alone = Seat(child_alone=True, measured=True)
    with_parents = (*(_MEASURED,) * 6, Seat(gets_worse=True, measured=True), Seat(comes=PATCHY))
    return Run(
        programme=programme,
        code_name="Pinwheels",
        state=GroupState.CLOSED,
        sessions=around(
            _latest(today, _MONDAY) - timedelta(weeks=34), 10, programme, _AFTER_SCHOOL
        ),
        held=10,
        facilitators=(FACILITATOR_2, FACILITATOR),
        capacity=24,
        seats=(*with_parents, *(alone,) * 7),
    )


def _latest(today: date, weekday: int) -> date:
    """The last such day that is neither today nor yesterday."""
    day = today - timedelta(days=2)
    return day - timedelta(days=(day.weekday() - weekday) % 7)

"""Groups: made from a programme with their sessions, seen by those who may."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy.orm import Session

from models import GroupState
from services import clock
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import group_overview, groups, new_groups
from services.groups.group_draft import GroupDraft
from services.groups.schedules.changing import outline
from services.permissions import Actor
from services.programmes.completion import Required
from tests.make import make_group, make_person, make_place, monday_garden


@pytest.fixture
def draft(ben: Actor) -> GroupDraft:
    """Twelve Mondays from the last one before the clocks change, over a bank holiday."""
    return monday_garden(ben, skip=[(date(2026, 12, 21), date(2027, 1, 1))])


def test_a_group_gets_all_its_sessions_past_holidays_and_clock_changes(
    db: Session, amina: Actor, ben: Actor, draft: GroupDraft
) -> None:
    ref = new_groups.create(db, amina, draft)

    sessions = groups.sessions(db, ben, ref)
    assert sessions["number"].tolist() == list(range(1, 13))
    assert {start.time() for start in sessions["starts"]} == {time(10)}
    days = {start.date() for start in sessions["starts"]}
    assert not days & {date(2026, 12, 21), date(2026, 12, 28)}
    summary = group_overview.read(db, amina, ref).group
    assert (summary.starts_on, summary.ends_on) == (min(days), max(days))
    assert (summary.to_complete, summary.facilitators) == (Required(9, 12), ("Ben",))


def test_the_dates_can_be_seen_before_the_group_is_made(db: Session, draft: GroupDraft) -> None:
    planned = new_groups.plan(db, draft)

    assert [one.number for one in planned] == list(range(1, 13))
    assert clock.local(planned[0].starts_at).hour == 10


def test_a_form_sent_twice_makes_one_group(db: Session, amina: Actor, draft: GroupDraft) -> None:
    new_groups.create(db, amina, draft)

    with pytest.raises(ConflictError, match="exists already"):
        new_groups.create(db, amina, draft)
    assert len(groups.directory(db, amina)) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code_name": " "}, "code_name"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 61}, "capacity"),
        ({"weekdays": []}, "weekdays"),
        ({"facilitator_refs": []}, "facilitators"),
        ({"facilitator_refs": ["nobody"]}, "facilitators"),
        ({"programme": "unknown"}, "programme"),
        ({"interval_weeks": 0}, "first_day"),
        ({"sessions": 0}, "sessions"),
        ({"sessions": 13}, "sessions"),  # the programme is closed, and has twelve
        ({"programme": "open_door", "sessions": 500}, "sessions"),
        ({"breaks": "21/12/2026 to 01/12/2026"}, "breaks"),
        ({"breaks": "31/02/2027"}, "breaks"),
        ({"single_dates": ""}, "single_dates"),
        ({"single_dates": "next Tuesday"}, "single_dates"),
        ({"single_dates": "28/03/2027", "start": time(1, 30)}, "single_dates"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, draft: GroupDraft, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        new_groups.create(db, amina, replace(draft, **change))  # type: ignore[arg-type]

    assert list(caught.value.problems) == [field]


def test_breaks_are_written_a_line_each(db: Session, amina: Actor, draft: GroupDraft) -> None:
    breaks = "26/10/2026 to 30/10/2026\n\n 16.11.2026\n21/12/2026 – 01/01/2027"
    planned = new_groups.plan(db, replace(draft, skip=(), breaks=breaks))

    days = [one.starts_at.date() for one in planned]
    assert date(2026, 10, 26) not in days
    assert date(2026, 11, 16) not in days
    assert days[-1] == date(2027, 2, 1)
    ref = new_groups.create(db, amina, replace(draft, skip=(), breaks=breaks))
    assert len(outline(db, amina, ref).schedule.rhythm.breaks) == 3


def test_a_group_may_meet_on_single_dates_alone(
    db: Session, amina: Actor, draft: GroupDraft
) -> None:
    days = "25/03/2027\n18/03/2027\n06/04/2027\n18/03/2027"
    ref = new_groups.create(db, amina, replace(draft, weekdays=[], single_dates=days))

    sessions = groups.sessions(db, amina, ref)
    assert [start.date() for start in sessions["starts"]] == [
        date(2027, 3, 18), date(2027, 3, 25), date(2027, 4, 6),
    ]  # fmt: skip
    assert {start.time() for start in sessions["starts"]} == {time(10)}
    assert sessions["number"].tolist() == [1, 2, 3]


def test_a_rolling_group_goes_round_more_than_once(
    db: Session, amina: Actor, draft: GroupDraft
) -> None:
    rolling = replace(draft, programme="open_door", sessions=25)
    sessions = groups.sessions(db, amina, new_groups.create(db, amina, rolling))

    topics = sessions["topic"].tolist()
    assert topics[11:22] == topics[:11]
    assert topics[22:] == topics[:3]


def test_a_facilitator_sees_only_her_own_groups(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    mine = make_group(db, amina, [ben])
    theirs = make_group(db, amina, [chloe], code_name="Thursday walk")

    assert groups.directory(db, ben)["ref"].tolist() == [mine.ref]
    assert groups.choices(db, ben) == {mine.ref: "Tuesday craft"}
    with pytest.raises(NotFoundError):
        group_overview.read(db, ben, theirs.ref)
    assert groups.sessions(db, ben, theirs.ref).empty


def test_coordinator_and_lead_see_every_group_with_how_full_it_is(
    db: Session, amina: Actor, leila: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben], capacity=1)
    make_place(db, amina, group, make_person(db, amina))
    make_place(db, amina, group, make_person(db, amina, "Waits"))

    row = groups.directory(db, leila).iloc[0]

    assert (row["seated"], row["waiting"]) == (1, 1)


@pytest.mark.parametrize("who", ["ada", "vik", "erin"])
def test_the_others_see_no_group(db: Session, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermittedError):
        groups.directory(db, request.getfixturevalue(who))


def test_a_facilitator_does_not_make_groups(db: Session, ben: Actor, draft: GroupDraft) -> None:
    with pytest.raises(NotPermittedError):
        new_groups.create(db, ben, draft)


def test_a_state_changed_by_somebody_else_is_shown(
    db: Session, amina: Actor, leila: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben])
    groups.change_state(db, leila, group.ref, GroupState.PAUSED, version=group.version)

    with pytest.raises(ConflictError) as caught:
        groups.change_state(db, amina, group.ref, GroupState.RUNNING, version=1)

    assert caught.value.theirs == "paused"


def test_the_list_goes_on_page_by_page(
    db: Session, amina: Actor, ben: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "PAGE", 2)
    made = [
        make_group(db, amina, [ben], code_name=f"Group {n}", first_day=date(2026, 9, 8 + n)).ref
        for n in range(3)
    ]

    first = groups.directory(db, amina)
    last = first.iloc[-1]
    rest = groups.directory(db, amina, before=(last["starts"], int(last["number"])))

    assert [*first["ref"], *rest["ref"]] == made[::-1]

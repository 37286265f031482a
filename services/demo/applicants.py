"""What volunteers of the demonstration wrote in their applications, and of their own time here."""

from datetime import date, timedelta
from hashlib import sha256

from models import (
    FormState,
    OwnTime,
    Stage,
    VolunteerApplication,
    VolunteerContact,
)
from services import clock
from services.demo.cast import phone
from services.demo.chance import Chance
from services.demo.helpers import Helper
from services.demo.kept_apart import Seated
from services.demo.sink import Sink

_TO_CHECK = 2


def write(
    sink: Sink,
    chance: Chance,
    volunteers: dict[Stage, list[Helper]],
    finished: Seated,
    *,
    by: int,
    today: date,
) -> None:
    """Applications, to check and taken up, and what some said of their own time."""
    for number in reversed(range(_TO_CHECK)):  # in the order they came in
        _application(sink, chance, number, today)
    for number, helper in enumerate(volunteers.get(Stage.APPLICATION, ()), start=_TO_CHECK):
        _application(sink, chance, number, today, helper, by)
        _contact(sink, helper.number, by=by, today=today)
    _own_times(sink, volunteers, finished, by=by, today=today)


def _application(
    sink: Sink,
    chance: Chance,
    number: int,
    today: date,
    helper: Helper | None = None,
    by: int | None = None,
) -> None:
    sink.add(
        VolunteerApplication,
        ref=chance.ref(),
        received_at=clock.start_of_day(today) - timedelta(hours=15 + 30 * number),
        form_number=sha256(f"demonstration application {number}".encode()).hexdigest(),
        answers={
            "routes": ["text"],
            "phone": phone(chance),
            "voicemail": "no",
            "when": "Weekdays, 10am to 2pm",
            "say": "Wren from the library",
            "first_name": helper.first_name if helper else chance.word("woman"),
            "last_name": helper.last_name if helper else chance.word("surname"),
            "adult": "yes",
            "roles": ["welcome", "creche"],
            "why": chance.word("volunteer"),
            "support": "yes",
        },
        hard_to_meet="My neighbour from the old street." if number % 2 else None,
        state=FormState.TAKEN_UP if helper else FormState.TO_CHECK,
        checked_at=clock.start_of_day(today) if helper else None,
        checked_by_id=by,
        volunteer_id=helper.number if helper else None,
    )


def _contact(sink: Sink, volunteer: int, *, by: int, today: date) -> None:
    sink.add(
        VolunteerContact,
        volunteer_id=volunteer,
        may_call=False,
        may_text=True,
        may_email=False,
        she_contacts_us=False,
        may_leave_message=False,
        times="Weekdays, 10am to 2pm",
        name_to_use="Wren from the library",
        confirmed_on=today - timedelta(days=2),
        changed_at=clock.start_of_day(today),
        changed_by_id=by,
    )


def _own_times(
    sink: Sink,
    volunteers: dict[Stage, list[Helper]],
    finished: Seated,
    *,
    by: int,
    today: date,
) -> None:
    """Who has been asked: those active were not in a group here, one in training was."""
    asked: list[tuple[Helper, int | None]] = [
        (helper, None) for helper in volunteers.get(Stage.ACTIVE, [])[:2]
    ]
    in_training = volunteers.get(Stage.TRAINING, [])[:1]
    before = [carer for seats in finished for carer, *_ in seats][:1]
    for helper, person in [*asked, *zip(in_training, before, strict=False)]:
        sink.add(
            OwnTime,
            volunteer_id=helper.number,
            was_participant=person is not None,
            person_id=person,
            has_own_support=True,
            support_asked_on=today - timedelta(days=20),
            changed_at=clock.start_of_day(today),
            changed_by_id=by,
        )

"""What a spreadsheet of survivor volunteers may hold."""

from collections.abc import Hashable

from models import ImportKind, Stage
from services import clock
from services.imports import shared_fields
from services.imports import understanding as read
from services.imports.find_names import full_name, plain_name, take_apart
from services.imports.layout import Field, Layout, Rule, Values
from services.search.phones import plain_number

_STAGES = {stage.value.replace("_", " "): stage for stage in Stage} | {
    "interested": Stage.INTEREST,
    "enquiry": Stage.INTEREST,
    "applied": Stage.APPLICATION,
    "dbs": Stage.CHECKS,
    "in training": Stage.TRAINING,
    "current": Stage.ACTIVE,
    "on a break": Stage.STEPPED_BACK,
    "left": Stage.MOVED_ON,
}


def contacts(values: Values) -> frozenset[str]:
    """Her number and address as they are compared."""
    phone, email = values.get("phone"), values.get("email")
    plain = (plain_number(phone) or phone if phone else None, email.casefold() if email else None)
    return frozenset(one for one in plain if one)


def identities(values: Values) -> list[Hashable]:
    """What a row is known by: her name with her number or address, or her name alone."""
    name = plain_name(values)
    return [(name, contact) for contact in sorted(contacts(values))] or [name]


VOLUNTEERS = Layout(
    kind=ImportKind.VOLUNTEERS,
    title="Survivor volunteers",
    fields=(
        *shared_fields.names("Maya", "Rowe", "Volunteer", "Volunteer name"),
        *shared_fields.contacts(
            "07700 900456",
            "maya@example.org",
            about_phone="One number. With it or her email she is found again the next time.",
            about_email="One address.",
        ),
        Field(
            key="note",
            label="Note",
            about="For coordinators only.",
            example="",
            read=read.text,
            also=("Notes", "Comment", "Comments"),
        ),
        Field(
            key="stage",
            label="Stage",
            about="For somebody new: interest, conversation, application, interview, checks, "
            "training, shadowing, active, stepped back or moved on. Empty: interest.",
            example="Active",
            read=read.one_of(_STAGES, "Write a stage, such as interest, training or active."),
            also=("Status",),
        ),
        Field(
            key="stage_since",
            label="In this stage since",
            about="For somebody new, day first: 3/6/2026. Empty: today.",
            example="3/6/2026",
            read=read.day,
            also=("Since", "Stage since", "Status since"),
        ),
    ),
    columns=shared_fields.NAMED,
    columns_missing=shared_fields.NAMES_MISSING,
    needed=shared_fields.NAMES_NEEDED,
    rules=(
        Rule(
            field="stage_since",
            sentence="Check the date: she cannot be in a stage since a day to come.",
            of=("stage_since",),
            holds=lambda since: since <= clock.today(),
        ),
    ),
    settle=take_apart,
    identities=identities,
    about=full_name,
)

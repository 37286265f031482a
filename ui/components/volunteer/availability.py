"""When a volunteer can come, and what she would like."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.availability import changes, wishes
from services.volunteers.availability.changes import WEEKDAYS, HoursView
from services.volunteers.availability.hours import Hours
from services.volunteers.volunteers import VolunteerSummary
from ui.components.choose import date_column, show_rows
from ui.components.folded import folded
from ui.components.volunteer.hours_forms import (
    Doors,
    add_away,
    add_extra,
    add_hours,
    in_words,
    remove_exception,
    remove_hours,
)
from ui.components.volunteer.wishes_form import HERS, change_wishes


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """Her hours in the week, what is different from them, and her wishes."""
    with reading() as db:
        seen = changes.of_volunteer(db, actor, one.ref)
        wished = wishes.of_volunteer(db, actor, one.ref)
    along, beside = st.columns(2, gap="large")
    with along:
        nobody = "Nobody has asked her when she can come. Until then she may be asked for any time."
        hours_and_exceptions(_doors(actor, one.ref), seen, nobody=nobody, away="She is away")
    with beside:
        st.header("Wishes", anchor=False)
        change_wishes(
            one.ref,
            wished,
            HERS,
            lambda db, draft, seen: wishes.save(db, actor, one.ref, draft, version=seen),
        )


def hours_and_exceptions(doors: Doors, seen: HoursView, *, nobody: str, away: str) -> None:
    """The hours in the week and what is different from them, with the forms that change both."""
    st.header("Hours", anchor=False)
    _hours(seen.hours, nobody)
    folded("Add hours", partial(add_hours, doors), key=f"hours_{doors.ref}")
    if seen.hours:
        out = partial(remove_hours, doors, seen.hours)
        folded("Remove hours", out, key=f"hours_out_{doors.ref}")
    st.header("Days away, and more hours", anchor=False)
    _exceptions(doors, seen, away)


def _doors(actor: Actor, ref: str) -> Doors:
    return Doors(
        ref,
        add_hours=lambda db, **new: changes.add_hours(db, actor, ref, **new),
        remove_hours=lambda db, gone: changes.remove_hours(db, actor, ref, gone),
        add_away=lambda db, **new: changes.add_away(db, actor, ref, **new),
        add_extra=lambda db, **new: changes.add_extra(db, actor, ref, **new),
        remove_exception=lambda db, gone: changes.remove_exception(db, actor, gone),
    )


def _hours(hours: tuple[Hours, ...], nobody: str) -> None:
    if not hours:
        st.info(nobody)
        return
    for weekday, name in enumerate(WEEKDAYS):
        spans = [changes.said(one) for one in hours if one.weekday == weekday]
        if spans:
            st.write(f"**{name}** {' and '.join(spans)}")


def _exceptions(doors: Doors, seen: HoursView, away: str) -> None:
    if seen.exceptions.empty:
        st.caption("Nothing from today on.")
    else:
        columns = {"first": date_column("From"), "last": date_column("Until"), "what": "What"}
        shown = seen.exceptions.assign(what=[in_words(one) for one in seen.exceptions["hours"]])
        show_rows(shown, columns, alt="Days away and more hours")
    folded(away, partial(add_away, doors), key=f"away_{doors.ref}")
    folded("More hours on one day", partial(add_extra, doors), key=f"extra_{doors.ref}")
    if len(seen.exceptions):
        out = partial(remove_exception, doors, seen.exceptions)
        folded("Remove one", out, key=f"exception_out_{doors.ref}")

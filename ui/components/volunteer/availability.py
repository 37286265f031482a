"""When a volunteer can come, and what she would like."""

from functools import partial

import streamlit as st

from services.availability import changes, wishes
from services.availability.changes import WEEKDAYS, HoursView
from services.availability.hours import Hours
from services.db import reading
from services.permissions import Actor
from services.volunteers import VolunteerSummary
from ui.components.choose import date_column, show_rows
from ui.components.folded import folded
from ui.components.volunteer.hours_forms import (
    add_away,
    add_extra,
    add_hours,
    in_words,
    remove_exception,
    remove_hours,
)
from ui.components.volunteer.wishes_form import change_wishes


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """Her hours in the week, what is different from them, and her wishes."""
    with reading() as db:
        seen = changes.of_volunteer(db, actor, one.ref)
        wished = wishes.of_volunteer(db, actor, one.ref)
    along, beside = st.columns(2, gap="large")
    with along:
        st.header("Hours", anchor=False)
        _hours(seen.hours)
        folded("Add hours", partial(add_hours, actor, one), key=f"hours_{one.ref}")
        if seen.hours:
            out = partial(remove_hours, actor, one, seen.hours)
            folded("Take hours out", out, key=f"hours_out_{one.ref}")
        st.header("Different from that", anchor=False)
        _exceptions(actor, one, seen)
    with beside:
        st.header("Wishes", anchor=False)
        change_wishes(actor, one, wished)


def _hours(hours: tuple[Hours, ...]) -> None:
    if not hours:
        st.info("Nobody has asked her yet when she can come. Until then no rota asks her.")
        return
    for weekday, name in enumerate(WEEKDAYS):
        spans = [changes.said(one) for one in hours if one.weekday == weekday]
        if spans:
            st.write(f"**{name}** {' and '.join(spans)}")


def _exceptions(actor: Actor, one: VolunteerSummary, seen: HoursView) -> None:
    if seen.exceptions.empty:
        st.caption("Nothing from today on.")
    else:
        columns = {"first": date_column("From"), "last": date_column("Until"), "what": "What"}
        shown = seen.exceptions.assign(what=[in_words(one) for one in seen.exceptions["hours"]])
        show_rows(shown, columns, alt="Days away and more hours")
    folded("She is away", partial(add_away, actor, one), key=f"away_{one.ref}")
    folded("More hours on one day", partial(add_extra, actor, one), key=f"extra_{one.ref}")
    if len(seen.exceptions):
        out = partial(remove_exception, actor, one, seen.exceptions)
        folded("Take one out", out, key=f"exception_out_{one.ref}")

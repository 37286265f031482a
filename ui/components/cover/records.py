"""What is kept of colleagues: days away, training for programmes, checks for work with children."""

import pandas as pd
import streamlit as st
from dateutil.relativedelta import relativedelta

from services import clock
from services.accounts import colleagues
from services.db import reading, transaction
from services.groups.staff import records
from services.groups.staff.records import TrainingDraft
from services.permissions import Actor, Permission
from services.programmes import programmes
from ui.components.choose import choose_row, date_column, show_rows
from ui.components.form_fields import Room, choice, date_field, done, fresh, needed, saving
from ui.components.words import literal

_ASK = "Choose a colleague."
_CHECK_YEARS = 3
_CHOSEN = "cover_away_chosen"


def days_away(actor: Actor) -> None:
    """Who is away now or later; a row can be taken back."""
    with reading() as db:
        frame = records.absences(db, actor)
        names = colleagues.who_may(db, Permission.TAKE_REGISTER)
    columns = {
        "name": "Name",
        "first_on": date_column("First day"),
        "last_on": date_column("Last day"),
    }
    if frame.empty:
        st.caption("Nobody is noted as away.")
    else:
        st.caption("Choose a row to take it back.")
        chosen = choose_row(frame, columns, key="cover_away", alt="Colleagues away")
        if chosen is not None:
            st.session_state[_CHOSEN] = chosen["absence"]
        _take_back(actor, frame)
    _add_away(actor, names)


def _take_back(actor: Actor, frame: pd.DataFrame) -> None:
    found = frame[frame["absence"] == st.session_state.get(_CHOSEN)]
    if found.empty:
        return
    name = found["name"].iloc[0]
    if st.button(f"{literal(name)} is not away then", key="cover_not_away"):
        with transaction() as db:
            records.remove_absence(db, actor, st.session_state.pop(_CHOSEN))
        done("She is no longer noted as away.")
        st.rerun()


def _add_away(actor: Actor, names: dict[str, str]) -> None:
    room: Room = {}
    today = clock.today()
    with st.form(fresh("away"), border=False):
        ref = choice(room, "account", "Who is away", names, "away", index=None)
        first, last = st.columns(2)
        first_on = date_field(first, room, "first_on", "First day away", value=today)
        last_on = date_field(last, room, "last_on", "Last day away", value=today)
        pressed = st.form_submit_button("Note it")
    if not pressed:
        return
    with saving("Noted. Sessions on these days need somebody to stand in.", room) as db:
        records.add_absence(
            db, actor, needed(ref, "account", _ASK), first_on=first_on, last_on=last_on
        )


def training(actor: Actor) -> None:
    """Who is trained for which programme."""
    with reading() as db:
        frame = records.trainings(db, actor)
        names = colleagues.who_may(db, Permission.TAKE_REGISTER)
        titles = programmes.titles(db)
    if frame.empty:
        st.caption("No training is on record yet.")
    else:
        columns = {
            "name": "Name",
            "programme": "Programme",
            "trained_on": date_column("Trained on"),
            "valid_until": date_column("Valid until"),
        }
        show_rows(frame, columns, alt="Training for programmes")
    room: Room = {}
    with st.form(fresh("staff_training"), border=False):
        who, what = st.columns(2)
        with who:
            ref = choice(room, "account", "Who was trained", names, "training", index=None)
            trained_on = date_field(st, room, "trained_on", "Trained on", value=clock.today())
        with what:
            programme = choice(room, "programme", "For which programme", titles, index=None)
            valid_until = date_field(st, room, "valid_until", "Valid until, if it ends", value=None)
        pressed = st.form_submit_button("Record the training")
    if not pressed:
        return
    with saving("The training is on record.", room) as db:
        draft = TrainingDraft(
            account_ref=needed(ref, "account", _ASK),
            programme=needed(programme, "programme", "Choose the programme."),
            trained_on=trained_on,
            valid_until=valid_until,
        )
        records.record_training(db, actor, draft)


def checks(actor: Actor) -> None:
    """Until when each colleague's check for work with children holds; never what it said."""
    with reading() as db:
        frame = records.checks(db, actor)
        names = colleagues.who_may(db, Permission.TAKE_REGISTER)
    columns = {
        "name": "Name",
        "checked_on": date_column("Checked on"),
        "check_again_on": date_column("Check again on"),
    }
    show_rows(frame, columns, alt="Checks for work with children")
    room: Room = {}
    today = clock.today()
    with st.form(fresh("staff_check"), border=False):
        ref = choice(room, "account", "Who was checked", names, "check", index=None)
        day, again = st.columns(2)
        checked_on = date_field(day, room, "checked_on", "Checked on", value=today)
        check_again_on = date_field(
            again,
            room,
            "check_again_on",
            "Check again on",
            value=today + relativedelta(years=_CHECK_YEARS),
        )
        pressed = st.form_submit_button("Record the check")
    if not pressed:
        return
    with saving("The check is on record.", room) as db:
        records.record_check(
            db, actor, needed(ref, "account", _ASK),
            checked_on=checked_on, check_again_on=check_again_on,
        )  # fmt: skip

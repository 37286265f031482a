"""On Today: whose safe-contact plan has to be confirmed again."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Actor, Permission
from services.safe_contact import due
from ui.components.choose import choose_row, date_column
from ui.components.folded import folded
from ui.navigation import file_of


def contact_due(actor: Actor) -> None:
    """A line with how many there are, and who they are once it is unfolded."""
    if not actor.may(Permission.RECORD_CONTACT):
        return
    with reading() as db:
        waiting = due.count_to_confirm(db, actor)
    if not waiting:
        return
    whose = "1 person's safe-contact plan needs" if waiting == 1 else (
        f"{waiting} people's safe-contact plans need"
    )  # fmt: skip
    folded(
        f"{whose} confirming",
        partial(_who, actor),
        key="contact_due",
        icon=":material/event_busy:",
    )


def _who(actor: Actor) -> None:
    with reading() as db:
        people = due.to_confirm(db, actor)
    st.write("They are in a group that is running. Ask each when you see her; until then wait.")
    columns = {"name": "Name", "confirmed": date_column("Last confirmed")}
    chosen = choose_row(people, columns, key="contact_due_list", alt="Plans to confirm")
    if chosen is not None:
        st.switch_page(
            file_of("participants"),
            query_params={"participant": chosen["ref"], "part": "contact"},
        )

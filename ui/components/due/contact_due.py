"""On Today: whose safe-contact plan has to be confirmed again."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.safe_contact import due
from ui.components.choose import choose_row, date_column
from ui.navigation import file_of


def contact_due(actor: Actor) -> None:
    """Who they are, those waiting longest first."""
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

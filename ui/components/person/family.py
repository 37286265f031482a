"""Who belongs to a participant, what they are to each other, and who else stands around them."""

import pandas as pd
import streamlit as st

from models import PersonKind
from services.db import reading
from services.people import kinships, people
from services.people.people import PersonSummary
from services.permissions import Actor, Permission
from ui.components import words
from ui.components.choose import choose_row
from ui.components.form_fields import fresh
from ui.components.people.family_form import add_member
from ui.components.person.collectors import draw_collectors
from ui.components.person.kinship_form import add_kinship, change_kinship
from ui.components.person.kinship_words import relation
from ui.components.person.professionals import draw_professionals
from ui.navigation import file_of


def draw(actor: Actor, person: PersonSummary) -> None:
    """The people the reader may see, then the professionals; forms for who may change them."""
    with reading() as db:
        members = people.family_members(db, actor, person.ref)
        kin = kinships.of_person(db, actor, person.ref)
    st.header("Family and carers", anchor=False)
    may_edit = actor.may(Permission.EDIT_PEOPLE)
    _table(person, _together(members, kin), may_edit=may_edit)
    if may_edit:
        with st.expander("Add somebody to this family", icon=":material/person_add:"):
            add_member(actor, person.family_ref)
        with st.expander("Say who is what to whom", icon=":material/link:"):
            add_kinship(actor, person, members[~members["ref"].isin(kin["other_ref"])])
        if not kin.empty or fresh("kin", person.ref) in st.session_state:
            with st.expander("Change a relation, or take it back", icon=":material/edit:"):
                change_kinship(actor, person, kin)
    if person.kind == PersonKind.CHILD.value and actor.may(Permission.KEEP_COLLECTORS):
        draw_collectors(actor, person)
    draw_professionals(actor, person)


def _together(members: pd.DataFrame, kin: pd.DataFrame) -> pd.DataFrame:
    """One row a person: the family first, then relatives of other families."""
    relations = kin.rename(columns={"other_ref": "ref"})
    relations["relation"] = [
        relation(value, is_relation_of_her=of_her)
        for value, of_her in zip(kin["relation"], kin["is_relation_of_her"], strict=True)
    ]
    relations["responsibility"] = relations["has_responsibility"].map({True: "Yes", False: ""})
    about = ["ref", "relation", "responsibility", "note"]
    elsewhere = relations[~relations["ref"].isin(members["ref"])]
    return pd.concat(
        [
            members.merge(relations[about], on="ref", how="left").assign(family="This family"),
            elsewhere.assign(family="Another family"),
        ],
        ignore_index=True,
    )


def _table(person: PersonSummary, everybody: pd.DataFrame, *, may_edit: bool) -> None:
    if everybody.empty:
        asks = "Add relatives below." if may_edit else "A coordinator adds relatives here."
        st.info(f"Nobody else is recorded that you may see. {asks}")
        return
    st.caption("Choose a row to open that record.")
    columns = {
        "name": "Name",
        "relation": f"To {person.first_name}",
        "responsibility": "Parental responsibility",
        "kind": "Adult or child",
        "age_band": "Age",
        "family": "Family",
        "note": "Note",
    }
    shown = everybody.assign(kind=everybody["kind"].map(words.label))
    chosen = choose_row(shown, columns, key=f"family_{person.ref}", alt="Family and carers")
    if chosen is not None:
        st.switch_page(file_of("participants"), query_params={"participant": chosen["ref"]})

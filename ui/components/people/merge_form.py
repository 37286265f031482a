"""Two records side by side: what differs, what would move, and joining them."""

from datetime import date

import streamlit as st

from services import merging
from services.db import transaction
from services.errors import AppError
from services.merging import Compared, Preview, two_people
from services.permissions import Actor
from ui.components.choose import back_to_list
from ui.components.form_fields import done, fresh, keep, seen
from ui.components.words import literal
from ui.messages import show_error
from ui.navigation import file_of

FIELDS = {
    "first_name": "First name",
    "last_name": "Last name",
    "known_as": "Known as",
    "date_of_birth": "Date of birth",
    "language": "Language",
    "needs_interpreter": "Needs an interpreter",
    "access_needs": "Access needs",
    "earlier_reference": "Earlier reference",
}


def compare(actor: Actor, kept_ref: str, gone_ref: str) -> None:
    """Both records, and the form that joins them as long as nothing stands in the way."""
    back_to_list("All likely pairs")
    with transaction() as db:
        found = merging.preview(db, actor, kept_ref=kept_ref, gone_ref=gone_ref)
    st.title("Are these two one person?", anchor=False)
    st.write(
        f"**{literal(found.kept_name)}** is kept, and all that belongs to "
        f"**{literal(found.gone_name)}** moves to it. You can undo it later."
    )
    for ref, name in ((kept_ref, found.kept_name), (gone_ref, found.gone_name)):
        st.page_link(
            file_of("participants"),
            label=f"Look at {literal(name)}",
            icon=":material/person:",
            query_params={"participant": ref},
        )
    st.button(
        "Keep the other one instead",
        icon=":material/swap_horiz:",
        type="tertiary",
        on_click=st.query_params.from_dict,
        args=({"one": gone_ref, "other": kept_ref},),
        key="swap_pair",
    )
    _what_moves(found)
    if found.stops:
        for sentence in found.stops:
            st.warning(sentence, icon=":material/block:")
        st.info("Put this right first, or leave the two as they are: they may be two people.")
    else:
        _join(actor, kept_ref, gone_ref, found)
    _tell_apart(actor, kept_ref, gone_ref)


def _what_moves(found: Preview) -> None:
    if found.moves:
        st.header("What moves", anchor=False)
        st.markdown("\n".join(f"- {line}" for line in found.moves))
    else:
        st.caption("Nothing else hangs on the record that goes.")


def _join(actor: Actor, kept_ref: str, gone_ref: str, found: Preview) -> None:
    ref = f"{kept_ref}{gone_ref}"
    with st.form(fresh("merge", ref), border=False):
        st.header("Which is right", anchor=False)
        from_gone = [one.field for one in found.fields if one.differs and _choice(one, ref)]
        st.caption(_the_same(found))
        pressed = st.form_submit_button(
            "Join the two records", type="primary", on_click=keep, args=(found.versions,)
        )
    if not pressed:
        return
    try:
        with transaction() as db:
            merging.merge(
                db, actor, kept_ref=kept_ref, gone_ref=gone_ref, versions=seen(),
                from_gone=from_gone,
            )  # fmt: skip
    except AppError as error:
        show_error(error)
    else:
        done("The two records are one now. To undo it, open Duplicates.")
        st.switch_page(file_of("participants"), query_params={"participant": kept_ref})


def _tell_apart(actor: Actor, kept_ref: str, gone_ref: str) -> None:
    """The other answer: the pair leaves the list, for everybody."""
    if not st.button("No, they are two people", key="two_people"):
        return
    with transaction() as db:
        two_people.note(db, actor, kept_ref, gone_ref)
    done("Noted: the two are not offered again. The note can be taken back under Duplicates.")
    st.switch_page(file_of("duplicates"))


def _the_same(found: Preview) -> str:
    """What need not be chosen, in words."""
    same = [
        f"{FIELDS[one.field].lower()} {literal(_written(one.kept))}"
        for one in found.fields
        if not one.differs and one.kept
    ]
    kept = "Alerts and complex needs of both records are kept."
    return f"The same in both: {', '.join(same)}. {kept}" if same else kept


def _choice(one: Compared, ref: str) -> bool:
    """Whether the record that goes is right; an empty field yields to a filled one."""
    said = [_written(value) for value in (one.kept, one.gone)]
    chosen = st.radio(
        FIELDS[one.field],
        [False, True],
        index=int(one.kept in (None, "", False)),
        format_func=lambda from_gone: literal(said[from_gone]),
        horizontal=True,
        key=fresh(f"choose_{one.field}", ref),
    )
    return bool(chosen)


def _written(value: str | bool | date | None) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case date():
            return f"{value.day} {value:%B %Y}"
        case _:
            return value or "Not recorded"

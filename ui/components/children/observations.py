"""What was seen of a child in a session: the child, a strand, a step, and a few words if any."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from services.children import observations
from services.children.child_prompts import Band, band
from services.children.child_steps import step_words, strand_labels
from services.children.observations import ChildSeen, Seen
from services.db import reading, transaction
from services.errors import AppError, ConflictError
from services.permissions import Actor, Permission
from ui import auth
from ui.components.answers import CONFLICT, SAVED, Answer, refused
from ui.components.autosave_note import Edit, autosave_note
from ui.components.children.step_pictures import show_step_pictures
from ui.components.choose import show_rows
from ui.components.folded import folded
from ui.components.words import literal

_NOT_SEEN = "not seen"


def observations_part(actor: Actor, session_ref: str, *, has_children: bool) -> None:
    """On the register of a group with children in it; nothing at all on any other."""
    if has_children:
        folded(
            "What we saw of each child",
            partial(_panel, actor, session_ref),
            key=f"observations_{session_ref}",
            icon=":material/visibility:",
        )


@st.fragment
def _panel(actor: Actor, session_ref: str) -> None:
    """Runs by itself at each tap, so that the register stays as it is."""
    if not auth.still(actor, Permission.RECORD_MEASURES):
        st.rerun()
    with reading() as db:
        children = observations.of_session(db, actor, session_ref)
    there = {one.place_ref: one for one in children if one.was_there}
    if not there:
        st.info("No child is marked as having come. Mark the register first.")
        return
    place = st.pills(
        "Child",
        list(there),
        format_func=lambda ref: _name(there[ref]),
        key=f"observe_child_{session_ref}",
    )
    if place is not None:
        _of_child(actor, session_ref, there[place])
    _all_notes(list(there.values()))


def _of_child(actor: Actor, session_ref: str, child: ChildSeen) -> None:
    prompts = band(child.band)
    labels = strand_labels()
    strand = st.pills(
        "What was it about?",
        list(labels),
        format_func=labels.__getitem__,
        key=f"observe_strand_{session_ref}_{child.place_ref}",
    )
    if strand is None:
        st.caption(f"Prompts are for {prompts.ages} years, by the age on the day of the session.")
        return
    _strand(actor, session_ref, child, strand, prompts)


def _strand(actor: Actor, session_ref: str, child: ChildSeen, strand: str, prompts: Band) -> None:
    st.write(prompts.prompts[strand])
    if prompts.has_pictures:
        show_step_pictures()
    kept = child.own(strand)
    key = f"observe_step_{session_ref}_{child.place_ref}_{strand}"
    _steps(actor, session_ref, child, strand, kept, key)
    if problem := st.session_state.pop(f"{key}_problem", None):
        st.error(problem)
    if kept is None:
        return
    autosave_note(
        "A few words, if you like",
        kept.words,
        kept.version,
        key=f"observed_{session_ref}_{child.place_ref}_{strand}",
        writer=actor.ref,
        on_edit=partial(_save_words, actor, session_ref, child.place_ref, strand),
        rows=2,
        longest=observations.MAX_WORDS,
    )
    st.button(
        "Take this note back",
        key=f"{key}_back",
        on_click=_take_back,
        args=(actor, session_ref, child.place_ref, strand, key),
    )


def _steps(
    actor: Actor, session_ref: str, child: ChildSeen, strand: str, kept: Seen | None, key: str
) -> None:
    """The five steps and “not seen”: a tap is saved before the panel is drawn again."""
    words = step_words()
    stands = None if kept is None else _NOT_SEEN if kept.step is None else str(kept.step)
    st.pills(
        "What did you see?",
        [*(str(step) for step in words), _NOT_SEEN],
        default=stands,
        required=stands is not None,
        format_func=lambda step: "Not seen" if step == _NOT_SEEN else f"{step} {words[int(step)]}",
        key=key,
        on_change=_tap,
        args=(actor, session_ref, child.place_ref, strand, key),
    )


def _tap(actor: Actor, session_ref: str, place: str, strand: str, key: str) -> None:
    """Callback: keep the step, unless she has signed out meanwhile."""
    tapped = st.session_state[key]
    if tapped is not None:
        step = None if tapped == _NOT_SEEN else int(tapped)
        _change(
            partial(observations.note, strand=strand, step=step), actor, session_ref, place, key
        )


def _take_back(actor: Actor, session_ref: str, place: str, strand: str, key: str) -> None:
    """Callback: remove the note, and nothing stands chosen any more."""
    change = partial(observations.take_back, strand=strand)
    if _change(change, actor, session_ref, place, key):
        st.session_state.pop(key, None)


def _change(change: "partial[None]", actor: Actor, session_ref: str, place: str, key: str) -> bool:
    if not auth.still(actor, Permission.RECORD_MEASURES):
        return False
    try:
        with transaction() as db:
            change(db, actor, session_ref, place)
    except AppError as error:
        st.session_state[f"{key}_problem"] = str(error)
        return False
    return True


def _save_words(
    actor: Actor, session_ref: str, place: str, strand: str, edit: Edit
) -> Answer | None:
    if not auth.still(actor, Permission.RECORD_MEASURES):
        return None  # unanswered, it is sent again until she has signed in
    try:
        with transaction() as db:
            observations.save_words(
                db, actor, session_ref, place, strand, edit.text, version=edit.version
            )
    except ConflictError:
        return CONFLICT
    except AppError as error:
        return refused(str(error))
    return SAVED


def _all_notes(children: Sequence[ChildSeen]) -> None:
    labels, words = strand_labels(), step_words()
    rows = [
        {
            "name": child.name,
            "strand": labels[seen.strand],
            "step": "Not seen" if seen.step is None else f"{seen.step} {words[seen.step]}",
            "words": seen.words,
            "by": seen.by or "You",
        }
        for child in children
        for seen in child.notes
    ]
    if not rows:
        st.caption("Nothing is noted of this session yet: a child, a strand and a step will do.")
        return
    columns = {"name": "Child", "strand": "About", "step": "Seen", "words": "Words", "by": "By"}
    show_rows(pd.DataFrame(rows), columns, alt="What was seen of each child in this session")


def _name(child: ChildSeen) -> str:
    own = sum(1 for note in child.notes if note.by is None)
    return f"{literal(child.name)} ({own})" if own else literal(child.name)

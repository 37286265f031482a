"""The form that keeps two people apart from now on."""

from functools import partial
from typing import Any

import streamlit as st

from models import Strength
from services.db import transaction
from services.errors import AppError, InvalidInputError
from services.people import people
from services.permissions import Actor
from services.placing import conflicts
from services.placing.conflicts import ConflictDraft, Party
from services.volunteers import volunteers
from ui.components.form_fields import Room, area, choice, done, explain, fresh, needed
from ui.components.people.find_participant import Names, choose_named, closest, named
from ui.components.placing.conflict_words import STRENGTHS


def keep_apart(actor: Actor) -> None:
    """Who, how strongly and why."""
    left, right = st.columns(2)
    with left:
        first = somebody(actor, "first", "The one")
    with right:
        second = somebody(actor, "second", "The other")
    room: Room = {}
    with st.form(fresh("conflict"), border=False):
        strength = choice(room, "strength", "How strongly", STRENGTHS, index=0)
        reason = area(room, "reason", "Why: seen only when the pair is opened")
        for field in ("first", "second"):
            room[field] = st.empty()
        pressed = st.form_submit_button("Keep them apart", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            draft = ConflictDraft(
                first=_chosen(first, "first"),
                second=_chosen(second, "second"),
                strength=Strength(needed(strength, "strength", "Choose how strongly.")),
                reason=reason,
            )
            together = conflicts.record(db, actor, draft)
    except AppError as error:
        explain(error, room)
    else:
        now = " They are in one group now: open the list and act today." if together else ""
        done(f"They are kept apart from now on.{now}")
        st.rerun()


def somebody(actor: Actor, key: str, label: str) -> Party | None:
    """A participant or volunteer found by name."""
    names = named(f"{label}: find by name", partial(_of_both, actor), f"conflict_{key}")
    chosen = choose_named(names, label, f"conflict_{key}") if names else None
    return Party(chosen[1:], is_volunteer=chosen[0] == "v") if chosen else None


def _of_both(actor: Actor, db: Any, text: str) -> Names:
    participants = closest(people.directory(db, actor, search=text))
    helpers = closest(volunteers.directory(db, actor, search=text))
    return {
        **{f"p{ref}": name for ref, name in participants.items()},
        **{f"v{ref}": f"{name} (survivor volunteer)" for ref, name in helpers.items()},
    }


def _chosen(party: Party | None, field: str) -> Party:
    if party is None:
        raise InvalidInputError({field: "Find both people by name and choose them."})
    return party

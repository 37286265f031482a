"""What can be done with a group: its places, its schedule, its state. One form at a time."""

from collections.abc import Collection, Iterator
from functools import partial

import pandas as pd
import streamlit as st

from models import CURRENT_PLACES, HELD_PLACES, NEVER_TAKEN_UP, GroupState, PlaceState
from services.db import transaction
from services.errors import AppError
from services.groups import groups
from services.groups.group_overview import GroupOverview
from services.groups.groups import GroupSummary
from services.permissions import Actor, Permission
from ui.components import words
from ui.components.actions import Action, choose_action
from ui.components.cover.team import who_runs_it
from ui.components.form_fields import keep, seen
from ui.components.groups.free_seats import answer_offer, change_capacity, offer_seat
from ui.components.groups.group_figures import one_person
from ui.components.groups.group_needs import change_needs
from ui.components.groups.move_place import move_place
from ui.components.groups.pairs.linking import link_groups
from ui.components.groups.pairs.unlinking import unlink_groups
from ui.components.groups.place_forms import end_place, give_place
from ui.components.groups.schedule_change import change_schedule
from ui.components.groups.where_it_meets import change_where
from ui.components.register.catch_ups import group_catch_ups
from ui.components.register.register_finish import unlock_register
from ui.components.words import literal
from ui.messages import flash, show_error

_TAKEN_UP = frozenset(PlaceState) - frozenset(NEVER_TAKEN_UP)


def group_actions(actor: Actor, found: GroupOverview) -> None:
    """Everything this reader may do with the group; an offer to be answered is open at once."""
    offered = list(_all(actor, found))
    if offered:
        st.header("Actions", anchor=False)
    choose_action(offered, key=found.group.ref, first="answer")


def _all(actor: Actor, found: GroupOverview) -> Iterator[Action]:
    group = found.group
    if found.people is not None:
        frame = found.people.frame
        if actor.may(Permission.EDIT_PEOPLE):
            yield from _on_places(actor, group.ref, frame)
        yield from _on_attendance(actor, group.ref, frame)
    if actor.may(Permission.EDIT_GROUPS):
        yield from _on_the_group(actor, found)
    if actor.may(Permission.UNLOCK_REGISTERS) and found.sessions["locked"].any():
        draw = partial(unlock_register, actor, found.sessions)
        yield Action("unlock", "Open a locked register again", draw)


def _on_places(actor: Actor, ref: str, frame: pd.DataFrame) -> Iterator[Action]:
    """What changes who has a place, as far as there is somebody to whom it applies."""
    if _some(frame, [PlaceState.OFFERED]):
        yield Action(
            "answer", "Record an answer to an offer", partial(answer_offer, actor, ref, frame)
        )
    yield Action("give", "Give a place", partial(give_place, actor, ref))
    if _some(frame, [PlaceState.WAITING]):
        yield Action(
            "offer",
            "Offer a free seat to somebody who waits",
            partial(offer_seat, actor, ref, frame),
        )
    if _some(frame, CURRENT_PLACES):
        yield Action("end", "End a place early", partial(end_place, actor, ref, frame))
    if _some(frame, HELD_PLACES):
        yield Action(
            "move", "Move somebody to another group", partial(move_place, actor, ref, frame)
        )


def _on_attendance(actor: Actor, ref: str, frame: pd.DataFrame) -> Iterator[Action]:
    if _some(frame, _TAKEN_UP):
        yield Action("one", "See how one person stands", partial(one_person, actor, ref, frame))
        yield Action("catch_ups", "Catch-up sessions", partial(group_catch_ups, actor, ref, frame))


def _on_the_group(actor: Actor, found: GroupOverview) -> Iterator[Action]:
    group = found.group
    yield Action("schedule", "Change the schedule", partial(change_schedule, actor, group.ref))
    if found.other_half is None:
        yield Action("link", "Link with another group", partial(link_groups, actor, group.ref))
    elif found.other_half.ref is not None:
        yield Action("unlink", "Undo the link", partial(unlink_groups, actor, group.ref))
    if actor.may(Permission.KEEP_COVER):
        yield Action("team", "Change who runs it", partial(who_runs_it, actor, group.ref))
    where = partial(change_where, actor, group, found.other_half)
    yield Action("where", "Change its name, venue or link", where)
    yield Action("state", "Change the group's state", partial(_change_state, actor, group))
    yield Action(
        "capacity",
        "Change how many places there are",
        partial(change_capacity, actor, group.ref, group.capacity, group.version),
    )
    yield Action(
        "needs",
        "Change how many it takes, and the ages",
        partial(change_needs, actor, group.ref, found.needs),
    )


def _some(frame: pd.DataFrame, states: Collection[PlaceState]) -> bool:
    """Whether anybody's place is in one of these states."""
    return not {state.value for state in states}.isdisjoint(frame["state"])


def _change_state(actor: Actor, group: GroupSummary) -> None:
    """Move the group on in its life."""
    with st.form(f"state_{group.ref}", border=False):
        states = [state.value for state in GroupState]
        state = st.selectbox(
            "State",
            states,
            index=states.index(group.state),
            format_func=words.label,
            key=f"state_of_{group.ref}",
        )
        pressed = st.form_submit_button("Change", on_click=keep, args=(group.version,))
    if not pressed:
        return
    try:
        with transaction() as db:
            groups.change_state(db, actor, group.ref, GroupState(state), version=seen())
    except AppError as error:
        show_error(error)
    else:
        flash(f"{literal(group.code_name)}: {words.label(state)}.")
        st.rerun()

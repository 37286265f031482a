"""The pipeline on screen: one component for all its cards, and what is done from it."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, Final

import streamlit as st

from models import Stage
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor, Permission
from services.volunteers import stages
from services.volunteers.pipeline import board
from services.volunteers.pipeline.board import ON_BOARD, Card, Column
from ui.components.answers import is_count, mounted
from ui.components.scripts import loader
from ui.components.volunteer.words import NEXT_STEPS_SHORT, STAGES, days_late, days_waiting
from ui.messages import flash, show_error
from ui.navigation import file_of

_KEY: Final = mounted("pipeline")
_OPENED, _MOVED = "pipeline_opened", "pipeline_moved"

_mount = st.components.v2.component("alongside.pipeline", js=loader("pipeline_board"))


def pipeline_board(actor: Actor) -> None:
    """Every stage of the way in; a card opens a record, its button moves her one stage along."""
    _move(actor)
    with reading() as db:
        columns = board.board(db, actor)
    if not any(column.count for column in columns):
        st.info("Nobody is on the way in now. Add a volunteer under “List”.")
        return
    st.caption(
        "Those longest in a stage first. Who has stepped back or moved on is in the list only."
    )
    shown = {card.ref for column in columns for card in column.cards}
    _mount(
        key=_KEY,
        data={"columns": [_column(column, actor) for column in columns]},
        on_open_change=partial(_opened, shown),
        on_move_change=partial(_asked, shown),
    )
    if ref := st.session_state.pop(_OPENED, None):
        st.switch_page(file_of("volunteers"), query_params={"volunteer": ref})


def _move(actor: Actor) -> None:
    """What was asked for from the board, before it is drawn anew."""
    asked: tuple[str, Stage, int] | None = st.session_state.pop(_MOVED, None)
    if asked is None:
        return
    ref, to, version = asked
    try:
        with transaction() as db:
            stages.move(db, actor, ref, to, version=version)
    except AppError as error:
        show_error(error)
    else:
        flash(f"She is in the stage “{STAGES[to.value]}” now.")
        st.rerun()


def _column(column: Column, actor: Actor) -> dict[str, Any]:
    more = column.count - len(column.cards)
    return {
        "stage": column.stage.value,
        "label": STAGES[column.stage.value],
        "count": column.count,
        "more": f"{more} more in the list" if more > 0 else "",
        "next": _next(column.stage) if actor.may(Permission.EDIT_VOLUNTEERS) else None,
        "cards": [_card(card, column.stage) for card in column.cards],
    }


def _next(stage: Stage) -> dict[str, str] | None:
    later = ON_BOARD[ON_BOARD.index(stage) + 1 :]
    return {"stage": later[0].value, "label": STAGES[later[0].value]} if later else None


def _card(card: Card, stage: Stage) -> dict[str, Any]:
    return {
        "ref": card.ref,
        "href": f"/volunteers?volunteer={card.ref}",
        "name": card.name,
        "step": card.next_step or NEXT_STEPS_SHORT[stage.value],
        "owner": card.owner or "",
        "days": "" if card.days is None else days_waiting(card.days),
        "late": days_late(card.overdue) if card.overdue else "",
        "version": card.version,
    }


def _opened(shown: Collection[str], /) -> None:
    """Only what was on the screen can be opened."""
    ref = _sent("open")
    st.session_state[_OPENED] = ref if isinstance(ref, str) and ref in shown else None


def _asked(shown: Collection[str], /) -> None:
    """Only who was on the screen can be moved, and only along the way in."""
    sent = _sent("move")
    if not isinstance(sent, Mapping):
        return
    ref = sent.get("ref")
    if not isinstance(ref, str) or ref not in shown:
        return
    to = next((stage for stage in ON_BOARD if stage.value == sent.get("to")), None)
    if to is not None and is_count(sent.get("version")):
        st.session_state[_MOVED] = (ref, to, sent["version"])


def _sent(event: str) -> Any:
    state = st.session_state.get(_KEY)
    return state.get(event) if isinstance(state, Mapping) else None

"""How far the people of a group have come, all together and one by one."""

import pandas as pd
import streamlit as st

from models import NEVER_TAKEN_UP
from services.db import reading
from services.permissions import Actor
from services.places import standing
from services.places.standing import GroupFigures
from services.programmes.completion import Outlook, Prospect, TopicsOutlook
from ui.components.choose import show_rows
from ui.components.groups.places_frame import in_states, names_of
from ui.components.groups.topics_left import (
    say_whose_topics_are_missing,
    show_topics,
    topics_in_words,
)
from ui.components.side_by_side import side_by_side


def group_figures(found: GroupFigures | None, *, completes: bool) -> None:
    """Started and engaged, and completed where the group is one to complete, with what each is a
    share of, once the group has begun."""
    if found is None or not found.enrolled:
        return
    st.header("How far people have come", anchor=False)
    st.markdown(
        f"- Started: {found.started.words_of('enrolled')}\n"
        f"- Engaged, at two sessions or more: {found.engaged.words_of('enrolled')}\n"
        f"{_completed(found) if completes else ''}\n"
        ":small[Each person counts once. Ranges are 95% intervals.]"
    )


def _completed(found: GroupFigures) -> str:
    return (
        f"- Covered enough to complete: {found.completed.words_of('enrolled')}; "
        f"{found.completed_of_started.words_of('who started')}\n"
    )


def prospect_in_words(found: Prospect | TopicsOutlook | None) -> str:
    """Whether somebody can still complete."""
    if found is None:
        return ""
    if isinstance(found, TopicsOutlook):
        return topics_in_words(found)
    number = found.sessions
    return {
        Outlook.COVERED_ENOUGH: "Has covered enough",
        Outlook.ON_COURSE: f"Can miss {number} more",
        Outlook.CAN_MISS_NO_MORE: "Can miss no more",
        Outlook.NEEDS_CATCH_UPS: f"Only with {_counted(number, 'catch-up')}",
        Outlook.IMPOSSIBLE: "Cannot complete any more",
    }[found.outlook]


def say_who_needs_help(prospects: dict[str, Prospect | TopicsOutlook]) -> None:
    """How many cannot complete by coming alone, while that can still be helped."""
    say_whose_topics_are_missing(prospects.values())
    outlooks = [one.outlook for one in prospects.values() if isinstance(one, Prospect)]
    behind = outlooks.count(Outlook.NEEDS_CATCH_UPS)
    close = outlooks.count(Outlook.CAN_MISS_NO_MORE)
    parts = [
        f"{_people(behind)} can complete only with catch-ups" if behind else "",
        f"{_people(close)} can miss no more sessions" if close else "",
    ]
    if behind or close:
        said = "; ".join(part for part in parts if part)
        st.warning(f"{said}. See the column “To complete”.", icon=":material/event_busy:")


def one_person(actor: Actor, group_ref: str, frame: pd.DataFrame) -> None:
    """One person's attendance in figures, and what each rule of completion says."""
    names = names_of(frame[~in_states(frame, NEVER_TAKEN_UP)])
    place = st.selectbox(
        "Whose attendance",
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="Please choose",
        key=f"one_place_{group_ref}",
    )
    if place is None:
        return
    with reading() as db:
        found = standing.of_place(db, actor, place)
    rates = found.rates
    side_by_side(
        {
            f"Live: {rates.attended} of {rates.expected}": _rate(rates.live),
            "Content covered": _rate(rates.content),
            "Not yet marked, or still to come": rates.unrecorded,
        }
    )
    rows = [
        (one.rule, one.value, f"{one.reached} of {one.needed}", "Yes" if one.met else "Not so far")
        for one in found.verdicts
    ]
    frame = pd.DataFrame(rows, columns=["rule", "value", "reached", "met"])
    columns = {
        "rule": "Rule",
        "value": "What it takes",
        "reached": "So far",
        "met": "Met",
    }
    show_rows(frame, columns, alt="What each rule of completion says")
    if found.topics is not None:
        show_topics(found.topics)


def _rate(share: float | None) -> str:
    return "not available" if share is None else f"{share:.0%}"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

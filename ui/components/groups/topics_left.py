"""What somebody in a rolling group has still to cover, and when it comes up."""

from collections.abc import Iterable

import streamlit as st

from services.programmes.completion import Prospect, TopicsOutlook
from ui.components.words import literal, short_day


def topics_in_words(found: TopicsOutlook) -> str:
    """How many topics are left, and by when she can have covered them."""
    if not found.left:
        return "Has covered every topic"
    left = _topics(len(found.left))
    if found.last_at is not None:
        return f"{left} left, by {short_day(found.last_at)}"
    return f"{left} left, {len(found.missing)} not planned again"


def say_whose_topics_are_missing(prospects: Iterable[Prospect | TopicsOutlook]) -> None:
    """How many people need a topic that does not come up again, while that can be helped."""
    found = [one for one in prospects if isinstance(one, TopicsOutlook) and one.missing]
    if found:
        people = "1 person has" if len(found) == 1 else f"{len(found)} people have"
        topics = sorted({topic for one in found for topic in one.missing})
        st.warning(
            f"{people} still to cover what is not planned again: {literal(', '.join(topics))}. "
            "Go through its topics again, add sessions for them, or catch up.",
            icon=":material/event_busy:",
        )


def show_topics(found: TopicsOutlook) -> None:
    """Each topic she has still to cover, with the day it comes up next."""
    if not found.left:
        st.write("She has covered every topic.")
        return
    lines = [
        f"- {literal(one.topic)}: "
        + (short_day(one.next_at) if one.next_at is not None else "not planned again")
        for one in found.left
    ]
    st.markdown("Still to cover:\n\n" + "\n".join(lines))


def _topics(number: int) -> str:
    return "1 topic" if number == 1 else f"{number} topics"

"""Asking whether the other half of a pair changes too, and showing what would change there."""

from dataclasses import dataclass

import streamlit as st

from services.db import reading
from services.groups.pairs import changing
from services.groups.pairs.changing import Confirmed
from services.groups.schedules.changing import Preview
from services.groups.schedules.parts import Change, Reshape
from services.permissions import Actor
from ui.components.form_fields import fresh
from ui.components.words import literal

_BOTH, _ONE = "Yes, change both halves", "No, this half only"


@dataclass(frozen=True, slots=True)
class OtherAsked:
    """What she has said of the other half; `change` and `preview` are None if it stays as it is."""

    ref: str = ""
    name: str = ""
    change: Change | None = None
    preview: Preview | None = None
    is_decided: bool = True

    @property
    def changes(self) -> tuple[str, Change] | None:
        """The other half with what changes there."""
        return None if self.change is None else (self.ref, self.change)

    @property
    def version(self) -> int | None:
        """What the other half's preview was worked out from."""
        return self.preview.version if self.preview is not None else None

    def confirmed(self, version: int | None) -> Confirmed | None:
        """The other half's change as it was on her screen."""
        if self.change is None or version is None:
            return None
        return Confirmed(self.ref, self.change, version)


_STAYS = OtherAsked()


def ask_other_half(actor: Actor, group_ref: str, change: Change) -> OtherAsked:
    """Both halves or one: nothing is confirmed before she has said which."""
    with reading() as db:
        found = changing.other_half(db, actor, group_ref, change)
    if found is None:
        return _STAYS
    name = literal(found.code_name)
    if found.change is None:
        st.info(f"{name}, the other half, has no session at that time. It stays as it is.")
        return _STAYS
    if found.preview is None:
        st.warning(
            f"In {name}, the other half, this cannot be done. {literal(found.problem or '')}"
        )
        return _STAYS
    if not isinstance(change, Reshape):
        answer = st.radio(
            f"{name} is the other half of this group. Does it change too?",
            [_BOTH, _ONE],
            index=None,
            key=fresh("other_half", group_ref),
        )
        if answer != _BOTH:
            return OtherAsked(is_decided=answer == _ONE)
    return OtherAsked(found.ref, found.code_name, found.change, found.preview)

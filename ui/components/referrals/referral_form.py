"""The fields of a referral, and taking one down for somebody new or somebody who is here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import streamlit as st

from models import PersonKind, ReferralSource
from services import clock
from services.db import reading, transaction
from services.errors import AppError
from services.people.people import PersonDraft
from services.permissions import Actor
from services.plans import interventions
from services.referrals import agencies, agency_workers, referrals
from services.referrals.referrals import ReferralDraft
from ui.components import words
from ui.components.form_fields import Room, choice, date_field, done, explain, fresh, line, needed
from ui.components.people.family_form import OLDEST_BIRTHDAY
from ui.components.people.perhaps_here import ELSE, perhaps_here
from ui.components.words import literal
from ui.navigation import file_of

_ASKED = "referral_asked"
_OURS = {"self": "She did herself", "internal": "Our own work with the family"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: who referred her, and what was asked for."""

    senders: dict[str, str]
    wishes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in; `sender` None when nobody was chosen."""

    sender: str | None
    received_on: date
    reason: str
    wishes: list[str]

    def draft(self) -> ReferralDraft:
        """The same as a draft. Raises InvalidInputError when nobody was chosen."""
        chosen = needed(self.sender, "agency", "Choose who referred her.")
        source, agency, worker = (*chosen.split(" "), "", "")[:3]
        return ReferralDraft(
            source=ReferralSource(source),
            agency_ref=agency or None,
            worker_ref=worker or None,
            received_on=self.received_on,
            reason=self.reason,
            wishes=self.wishes,
        )


def choices(actor: Actor) -> Choices:
    """Read what the fields offer: partners, each followed by who works there."""
    with reading() as db:
        partners = agencies.choices(db, actor)
        workers = agency_workers.choices(db, actor)
        wishes = interventions.choices(db)
    senders = dict(_OURS)
    for agency, name in partners.items():
        senders[f"agency {agency}"] = name
        for worker, her_name in workers.get(agency, {}).items():
            senders[f"agency {agency} {worker}"] = f"{name} · {her_name}"
    return Choices(senders, wishes)


def fields(
    room: Room,
    offered: Choices,
    ref: str,
    *,
    received_on: date,
    reason: str = "",
    wishes: Collection[str] = (),
) -> Filled:
    """The fields of a referral, inside a form."""
    left, right = st.columns(2)
    with left:
        sender = choice(room, "agency", "Who referred her", offered.senders, ref, index=None)
    came = date_field(right, room, "received_on", "Came in on", ref, value=received_on)
    wanted = st.multiselect(
        "What was asked for",
        list(offered.wishes),
        default=[wish for wish in wishes if wish in offered.wishes],
        format_func=offered.wishes.__getitem__,
        placeholder="Choose one or more, if known",
        key=fresh("wishes", ref),
    )
    told = st.text_area("Reason, in neutral words", value=reason, key=fresh("reason", ref))
    room["reason"] = st.empty()
    return Filled(sender, came, told, wanted)


def name_fields(room: Room, ref: str = "", *, suggested: PersonDraft | None = None) -> PersonDraft:
    """Who it is about, inside a form."""
    kinds = [kind.value for kind in PersonKind]
    kind = st.radio(
        "Adult or child",
        kinds,
        index=kinds.index(suggested.kind.value) if suggested else 0,
        format_func=words.label,
        horizontal=True,
        key=fresh("kind", ref),
    )
    first, last = st.columns(2)
    birth, _ = st.columns(2)
    first_name = line(
        first,
        room,
        "first_name",
        "First name",
        ref,
        value=suggested.first_name if suggested else "",
    )
    last_name = line(
        last, room, "last_name", "Last name", ref, value=suggested.last_name if suggested else ""
    )
    born = date_field(
        birth,
        room,
        "date_of_birth",
        "Date of birth, if known",
        ref,
        value=suggested.date_of_birth if suggested else None,
        min_value=OLDEST_BIRTHDAY,
        max_value=clock.today(),
    )
    return PersonDraft(
        kind=PersonKind(kind), first_name=first_name, last_name=last_name, date_of_birth=born
    )


def referral_of_somebody(actor: Actor) -> None:
    """Taken down for somebody new, unless she turns out to be here already."""
    room: Room = {}
    offered = choices(actor)
    with st.form(fresh("referral"), border=False):
        person = name_fields(room)
        filled = fields(room, offered, "", received_on=clock.today())
        pressed = st.form_submit_button("Add the referral", type="primary")
    if pressed:
        st.session_state[_ASKED] = True
    if not st.session_state.get(_ASKED):
        return
    record = perhaps_here(actor, person)
    if record is not None:
        _take_down(actor, room, person, filled, "" if record == ELSE else record)


def referral_of(actor: Actor, person_ref: str) -> None:
    """Taken down for somebody whose record is open."""
    room: Room = {}
    offered = choices(actor)
    with st.form(fresh("referral", person_ref), border=False):
        filled = fields(room, offered, person_ref, received_on=clock.today())
        pressed = st.form_submit_button("Add the referral", type="primary")
    if pressed:
        _take_down(actor, room, None, filled, person_ref)


def _take_down(
    actor: Actor, room: Room, person: PersonDraft | None, filled: Filled, person_ref: str
) -> None:
    st.session_state.pop(_ASKED, None)
    try:
        with transaction() as db:
            if person is None or person_ref:
                ref = referrals.add(db, actor, person_ref, filled.draft())
            else:
                ref = referrals.add_with_family(db, actor, [person], filled.draft())
    except AppError as error:
        explain(error, room)
    else:
        whose = f" of {literal(person.first_name)}" if person else ""
        done(f"The referral{whose} is here now. The next step stands beneath.")
        st.switch_page(file_of("referrals"), query_params={"referral": ref})

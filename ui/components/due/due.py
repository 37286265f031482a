"""What Today can show, in order of harm if it is missed; each for those who can act on it.

Where somebody may come to harm today the list itself stands there. Of everything else it is said
how much waits, and a list is read once it is asked for.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import streamlit as st

from services import waits
from services.db import reading, transaction
from services.permissions import Actor
from services.permissions import Permission as P
from services.places import places
from services.waits import Kind
from ui.components.concerns.concern_list import overdue_concerns
from ui.components.cover.sessions import sessions_not_safe
from ui.components.due.contact_due import contact_due
from ui.components.due.heard_from import expenses_due, heard_from_volunteers, thanks_due
from ui.components.due.offers_due import offers_due
from ui.components.due.plans_to_review import plans_to_review
from ui.components.due.renewals_due import checks_due, training_due
from ui.components.due.risk_actions_due import risk_actions_due
from ui.components.due.risks_to_review import risks_to_review
from ui.components.due.rota_due import rota_due
from ui.components.due.support_due import support_overdue
from ui.components.feedback.feedback_alerts import words_due, words_unheard
from ui.components.placing.conflict_list import pairs_to_act_on
from ui.components.referrals.referral_checking import forms_due
from ui.components.register.after_session import debriefs_undone
from ui.components.register.welfare_calls import calls_due, calls_passed_on, calls_unheard
from ui.components.volunteer.applications import applications_due

Due: TypeAlias = tuple[P, Callable[[Actor], None]]

# Somebody may come to harm today.
FIRST: tuple[Due, ...] = (
    (P.DECIDE_CONCERNS, risk_actions_due),
    (P.RECORD_MEASURES, risk_actions_due),
    (P.DECIDE_CONCERNS, overdue_concerns),
    # Words on a feedback form that may mean danger.
    (P.READ_FEEDBACK, words_due),
    (P.DECIDE_CONCERNS, words_unheard),
    (P.DECIDE_CONCERNS, calls_unheard),
    (P.TAKE_REGISTER, calls_due),
    (P.EDIT_PEOPLE, calls_passed_on),
    (P.KEEP_CONFLICTS, partial(pairs_to_act_on, link=True)),
    (P.KEEP_COVER, sessions_not_safe),
    (P.RECORD_RISK, risks_to_review),
)
LATER: dict[Kind, tuple[str, Callable[[Actor], None]]] = {
    # Somebody waits for an answer.
    Kind.FORMS: ("Referral forms", forms_due),
    Kind.APPLICATIONS: ("Applications to volunteer", applications_due),
    Kind.ROTA: ("Places in the rota", rota_due),
    Kind.OFFERS: ("Offers to be answered", offers_due),
    Kind.HEARD: ("Heard from volunteers", heard_from_volunteers),
    Kind.SUPPORT: ("Volunteers’ support", support_overdue),
    Kind.EXPENSES: ("Expenses", expenses_due),
    Kind.THANKS: ("Volunteers to thank", thanks_due),
    # What was begun and not finished, and whom nobody may contact until then.
    Kind.DEBRIEFS: ("Debriefs", debriefs_undone),
    Kind.CONTACT: ("Safe-contact plans to confirm", contact_due),
    # What comes round.
    Kind.PLANS: ("Plans to review", plans_to_review),
    Kind.CHECKS: ("Checks to renew", checks_due),
    Kind.TRAINING: ("Training to refresh", training_due),
}


def harm_today(actor: Actor) -> None:
    """What is hers of where somebody may come to harm today."""
    for permission, part in FIRST:
        if actor.may(permission):
            part(actor)


def also_waiting(actor: Actor) -> None:
    """How much waits of everything else that is hers, and the list she asks to see."""
    with reading() as db:
        many = waits.counts(db, actor)
    if many.get(Kind.LAPSED_OFFERS):
        with transaction() as db:
            places.pass_on_lapsed(db)
            many = waits.counts(db, actor)
    there = [kind for kind in LATER if many.get(kind)]
    if not there:
        return
    st.header("Also waiting", anchor=False)
    chosen = st.pills(
        "Choose what to look at",
        there,
        format_func=lambda kind: f"{LATER[kind][0]} ({many[kind]})",
        key="today_waiting",
    )
    if chosen is not None:
        _words, part = LATER[chosen]
        part(actor)

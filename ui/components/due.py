"""What Today can show, in order of harm if it is missed; each for those who can act on it."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

from services.permissions import Actor
from services.permissions import Permission as P
from ui.components.after_session import debriefs_undone
from ui.components.concern_list import overdue_concerns
from ui.components.conflict_list import pairs_to_act_on
from ui.components.contact_due import contact_due
from ui.components.cover.sessions import sessions_not_safe
from ui.components.feedback_alerts import words_due
from ui.components.offers_due import offers_due
from ui.components.plans_to_review import plans_to_review
from ui.components.referral_checking import forms_due
from ui.components.renewals_due import checks_due, training_due
from ui.components.risk_actions_due import risk_actions_due
from ui.components.risks_to_review import risks_to_review
from ui.components.support_due import support_on_today
from ui.components.volunteer.applications import applications_due
from ui.components.welfare_calls import calls_due, calls_passed_on, calls_unheard

Due: TypeAlias = tuple[P, Callable[[Actor], None]]

# Somebody may come to harm today.
FIRST: tuple[Due, ...] = (
    (P.DECIDE_CONCERNS, risk_actions_due),
    (P.RECORD_MEASURES, risk_actions_due),
    (P.DECIDE_CONCERNS, overdue_concerns),
    # Words on a feedback form that may mean danger.
    (P.READ_FEEDBACK, words_due),
    (P.DECIDE_CONCERNS, calls_unheard),
    (P.TAKE_REGISTER, calls_due),
    (P.EDIT_PEOPLE, calls_passed_on),
    (P.KEEP_CONFLICTS, partial(pairs_to_act_on, link=True)),
    (P.KEEP_COVER, sessions_not_safe),
    (P.RECORD_RISK, risks_to_review),
    # Somebody waits for an answer.
    (P.EDIT_REFERRALS, forms_due),
    (P.EDIT_VOLUNTEERS, applications_due),
    (P.EDIT_PEOPLE, offers_due),
    (P.SUPERVISE, support_on_today),
)
# Beside the registers: what was begun and not finished, and whom nobody may contact until then.
AFTER_REGISTERS: tuple[Due, ...] = (
    (P.READ_PEOPLE, debriefs_undone),
    (P.SEE_TODAY, contact_due),
)
# What comes round.
REVIEWS: tuple[Due, ...] = (
    (P.READ_PLANS, plans_to_review),
    (P.KEEP_CHECKS, checks_due),
    (P.KEEP_TRAINING, training_due),
)


def draw(actor: Actor, parts: Iterable[Due]) -> None:
    """Those of these parts that are hers, in their order."""
    for permission, part in parts:
        if actor.may(permission):
            part(actor)

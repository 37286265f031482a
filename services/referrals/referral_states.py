"""The steps a referral takes (domain §1.3), and which of its clocks each step stops.

Pure: no database, so that every path can be tried. `referral_steps` makes the steps.
"""

from datetime import date

from models import Referral, ReferralState

S = ReferralState
_ENDINGS = (S.DECLINED, S.NO_SAFE_CONTACT)
# No step is a dead end: a slip of the hand or a change of mind is one more step, with its date.
STEPS: dict[ReferralState, tuple[ReferralState, ...]] = {
    S.REFERRED: (S.CONTACT_ATTEMPTED, S.MEETING_BOOKED, S.NOT_SUITABLE, *_ENDINGS),
    S.CONTACT_ATTEMPTED: (S.MEETING_BOOKED, S.NOT_NOW, S.NOT_SUITABLE, *_ENDINGS),
    S.MEETING_BOOKED: (
        S.SUITABLE, S.NOT_NOW, S.NOT_SUITABLE, S.CONTACT_ATTEMPTED, *_ENDINGS,
    ),
    S.SUITABLE: (S.OFFERED, S.WAITING, S.NOT_NOW, S.NOT_SUITABLE, *_ENDINGS),
    S.WAITING: (S.OFFERED, S.NOT_NOW, S.NOT_SUITABLE, *_ENDINGS),
    S.OFFERED: (S.ACCEPTED, S.WAITING, S.NOT_NOW, *_ENDINGS),
    S.ACCEPTED: (S.STARTED, S.WAITING, S.NOT_NOW, *_ENDINGS),
    S.STARTED: (S.COMPLETED, S.LEFT_EARLY, S.TRANSFERRED),
    S.NOT_NOW: (
        S.CONTACT_ATTEMPTED, S.MEETING_BOOKED, S.SUITABLE, S.WAITING, S.NOT_SUITABLE, *_ENDINGS,
    ),
    S.NOT_SUITABLE: (S.MEETING_BOOKED, S.SUITABLE),
    S.DECLINED: (S.CONTACT_ATTEMPTED, S.MEETING_BOOKED, S.WAITING),
    S.NO_SAFE_CONTACT: (S.CONTACT_ATTEMPTED, S.MEETING_BOOKED, S.DECLINED),
    S.COMPLETED: (S.STARTED,),
    S.LEFT_EARLY: (S.STARTED,),
    S.TRANSFERRED: (S.STARTED,),
}  # fmt: skip
NEEDS_REASON = frozenset({S.NOT_NOW, S.NOT_SUITABLE, S.DECLINED, S.NO_SAFE_CONTACT})

# Who is still on the way: a place in a group takes up one of these.
ON_THE_WAY = (
    S.REFERRED, S.CONTACT_ATTEMPTED, S.MEETING_BOOKED, S.SUITABLE, S.WAITING, S.OFFERED,
)  # fmt: skip
PAUSED = (S.NOT_NOW, S.NO_SAFE_CONTACT)
WITH_A_PLACE = (S.ACCEPTED, S.STARTED)
ENDED = (S.NOT_SUITABLE, S.DECLINED, S.COMPLETED, S.LEFT_EARLY, S.TRANSFERRED)

# An attempt that reached nobody is no contact; whoever declines or waits has been spoken to.
_WAS_REACHED = frozenset(S) - {S.REFERRED, S.CONTACT_ATTEMPTED, S.NO_SAFE_CONTACT, S.NOT_SUITABLE}
_WAS_OFFERED = frozenset(
    {S.OFFERED, S.ACCEPTED, S.STARTED, S.COMPLETED, S.LEFT_EARLY, S.TRANSFERRED}
)
_CAME = _WAS_OFFERED - {S.OFFERED, S.ACCEPTED}


def stop_clocks(referral: Referral, state: ReferralState, on: date) -> None:
    """Note the first day of what a step shows to have happened; a day once noted stays."""
    if state in _WAS_REACHED:
        referral.first_contact_on = referral.first_contact_on or on
    if state in _WAS_OFFERED:
        referral.offered_on = referral.offered_on or on
    if state in _CAME:
        referral.first_session_on = referral.first_session_on or on

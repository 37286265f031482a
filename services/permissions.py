"""Who may do what. The one table that decides; `visibility` says which rows each role may see."""

import enum
from dataclasses import dataclass

from models import Role
from services.errors import NotPermittedError


class Permission(enum.Enum):
    """One thing somebody may be allowed to do; the value finishes "you may …"."""

    SEE_TODAY = "see what is due today"
    READ_VOLUNTEERS = "see survivor volunteers"
    EDIT_VOLUNTEERS = "change a survivor volunteer's record"
    KEEP_CHECKS = "see and keep volunteers' checks"
    KEEP_TRAINING = "keep courses and volunteers' training"
    SUPERVISE = "supervise survivor volunteers"
    READ_ROTA = "see who helps at sessions"
    PLAN_ROTA = "ask volunteers to cover sessions and fill the rota"
    SETTLE_EXPENSES = "settle volunteers' expenses"
    OWN_VOLUNTEERING = "see and keep one's own volunteering"
    READ_GROUPS = "see groups and their sessions"
    EDIT_PROGRAMMES = "change programmes that groups are runs of"
    EDIT_FORMS = "make and change the forms people answer"
    EDIT_GROUPS = "make and change groups"
    KEEP_COVER = "see what makes sessions safe to run, and keep who runs them"
    READ_PEOPLE = "see participants"
    EDIT_PEOPLE = "add participants and give them places"
    READ_ALERTS = "see and keep participants' alerts and complex needs"
    RECORD_NEEDS = "record what participants need"
    ASK_CHARACTERISTICS = "ask participants about protected characteristics"
    MERGE_PEOPLE = "join two records of one person"
    LOCK_RECORDS = "keep a colleague out of a participant's record"
    KEEP_COLLECTORS = "keep who may collect a child"
    RECORD_CONTACT = "see and keep how participants may safely be reached"
    RECORD_CONSENT = "record participants' consents"
    READ_REFERRALS = "see referrals"
    EDIT_REFERRALS = "take up referrals and move them on"
    READ_PLANS = "see the plans made with families"
    EDIT_PLANS = "make and change plans with families"
    RECORD_RISK = "see and review participants' risk"
    RAISE_CONCERNS = "raise a concern"
    DECIDE_CONCERNS = "read concerns and decide on them"
    KEEP_CONFLICTS = "keep who must not be placed together"
    READ_WAITING_TIMES = "see waiting times in total"
    READ_WORKFORCE = "see the volunteer workforce in total"
    TAKE_REGISTER = "take the register"
    UNLOCK_REGISTERS = "open a register again that is locked"
    READ_FEEDBACK = "see what participants said"
    READ_QUOTES = "see words that may be quoted"
    RECORD_MEASURES = "record measures"
    READ_CHILD_STEPS = "see how the children of a group come on"
    OPEN_CHILD_STEPS = "open one child's steps for a stated reason"
    READ_OUTCOMES = "see outcomes in total"
    MAKE_REPORTS = "make reports and take figures out of the house"
    READ_AUDIT = "see the audit log"
    MANAGE_ACCOUNTS = "manage accounts"
    MANAGE_SETTINGS = "change the settings"
    IMPORT_RECORDS = "bring spreadsheets in"


P = Permission
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(
        {
            P.SEE_TODAY,
            P.READ_VOLUNTEERS,
            P.EDIT_VOLUNTEERS,
            P.KEEP_CHECKS,
            P.KEEP_TRAINING,
            P.SUPERVISE,
            P.READ_ROTA,
            P.PLAN_ROTA,
            P.SETTLE_EXPENSES,
            P.READ_GROUPS,
            P.EDIT_PROGRAMMES,
            P.EDIT_FORMS,
            P.EDIT_GROUPS,
            P.KEEP_COVER,
            P.READ_PEOPLE,
            P.EDIT_PEOPLE,
            P.RECORD_NEEDS,
            P.ASK_CHARACTERISTICS,
            P.MERGE_PEOPLE,
            P.LOCK_RECORDS,
            P.KEEP_COLLECTORS,
            P.RECORD_CONTACT,
            P.RECORD_CONSENT,
            P.READ_REFERRALS,
            P.EDIT_REFERRALS,
            P.READ_PLANS,
            P.EDIT_PLANS,
            P.RAISE_CONCERNS,
            P.KEEP_CONFLICTS,
            P.UNLOCK_REGISTERS,
            P.READ_WAITING_TIMES,
            P.READ_WORKFORCE,
        }
    ),
    Role.FACILITATOR: frozenset(
        {
            P.SEE_TODAY,
            P.READ_ROTA,
            P.READ_GROUPS,
            P.READ_PEOPLE,
            P.READ_ALERTS,
            P.RECORD_NEEDS,
            P.ASK_CHARACTERISTICS,
            P.KEEP_COLLECTORS,
            P.RECORD_CONTACT,
            P.RECORD_CONSENT,
            P.READ_REFERRALS,
            P.READ_PLANS,
            P.RECORD_RISK,
            P.RAISE_CONCERNS,
            P.TAKE_REGISTER,
            P.READ_FEEDBACK,
            P.RECORD_MEASURES,
            P.READ_CHILD_STEPS,
        }
    ),
    Role.LEAD: frozenset(
        {
            P.SEE_TODAY,
            P.SUPERVISE,
            P.READ_ROTA,
            P.READ_GROUPS,
            P.EDIT_PROGRAMMES,
            P.EDIT_FORMS,
            P.EDIT_GROUPS,
            P.KEEP_COVER,
            P.RAISE_CONCERNS,
            P.DECIDE_CONCERNS,
            P.UNLOCK_REGISTERS,
            P.READ_WAITING_TIMES,
            P.READ_WORKFORCE,
            P.READ_CHILD_STEPS,
            P.OPEN_CHILD_STEPS,
            P.READ_OUTCOMES,
            P.MAKE_REPORTS,
            P.READ_QUOTES,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            P.RAISE_CONCERNS,
            P.READ_AUDIT,
            P.MANAGE_ACCOUNTS,
            P.MANAGE_SETTINGS,
            P.IMPORT_RECORDS,
        }
    ),
    Role.EVALUATOR: frozenset({P.RAISE_CONCERNS, P.READ_OUTCOMES}),
    # The compartment for work with people who harm opens nothing on a survivor (design §4.4); but
    # whoever hears of a danger says so (domain §5.4).
    Role.ENGAGE_WORKER: frozenset({P.RAISE_CONCERNS}),
    # Her own part, and of everybody else only what her session of that day needs (domain §4.2).
    Role.VOLUNTEER: frozenset({P.RAISE_CONCERNS, P.OWN_VOLUNTEERING}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody signed in, as the database knows her in this very run."""

    account_id: int
    ref: str
    username: str
    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether her role allows it."""
        return permission in ROLE_PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """The first line of every service function. Raises NotPermittedError."""
        if not self.may(permission):
            raise NotPermittedError(permission.value)

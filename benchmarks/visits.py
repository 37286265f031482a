"""What is opened: every page of the menu for a role that may, and one record of each kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

import jwt
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from benchmarks.databases import COOKIE_KEY
from benchmarks.wire import Page
from models import Account, Organisation, Person, Place, Placement, Role, Volunteer
from services import clock, today
from services.accounts import sign_ins
from services.feedback import results
from services.permissions import ROLE_PERMISSIONS, Actor
from services.registers import finishing, registers
from ui.auth import COOKIE
from ui.navigation import SCREENS

# Whoever sees most comes first, so that a page is timed for the reader it costs most.
READERS: Final = (
    Role.COORDINATOR,
    Role.FACILITATOR,
    Role.LEAD,
    Role.ADMINISTRATOR,
    Role.VOLUNTEER,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One page as one person opens it; nobody is signed in when `role` is None."""

    title: str
    role: Role | None
    address: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def reader(self) -> str:
        """Who opens it, in a word."""
        return self.role.value if self.role else "nobody"


def visits(db: Session) -> list[Visit]:
    """Everything worth opening on this database: the same titles, in the same order, on each."""
    return [
        Visit("Sign in", None, "today"),
        *menu(),
        Visit("Today", Role.FACILITATOR, "today"),
        *_records(db),
    ]


def menu() -> Iterator[Visit]:
    """Each screen of the menu, for the first of the readers who may open it."""
    for screen in SCREENS:
        role = next(role for role in READERS if screen.permission in ROLE_PERMISSIONS[role])
        yield Visit(screen.title, role, screen.address)


def sign_in(db: Session, username: str) -> str:
    """The cookie of a browser that has just given the right password."""
    expires = (clock.now() + sign_ins.LASTS).timestamp()
    sign_ins.begin(db, username, expires)
    token = jwt.encode({"username": username, "exp_date": expires}, COOKIE_KEY, algorithm="HS256")
    return f"{COOKIE}={token}"


def pages(db: Session, visit: Visit, tabs: int) -> list[Page]:
    """The same page for so many browsers, each signed in by itself."""
    if visit.role is None:
        return [Page(visit.address, visit.query)] * tabs
    username = _first(db, visit.role).username
    return [Page(visit.address, visit.query, sign_in(db, username)) for _ in range(tabs)]


def browsers(db: Session, all_visits: Sequence[Visit], wanted: int) -> list[list[Page]]:
    """So many browsers, the roles in turn; each opens every page worth opening for its role."""
    found = []
    for role in islice(cycle(READERS), wanted):
        cookie = sign_in(db, _first(db, role).username)
        hers = [visit for visit in all_visits if visit.role is role]
        found.append([Page(visit.address, visit.query, cookie) for visit in hers])
    return found


def registers_to_mark(db: Session, wanted: int) -> list[Page]:
    """A register each for so many facilitators' browsers, the latest opened again where needed.

    None for two of them: who taps what another has just tapped is asked which of the two stands.
    Raises LookupError with too few.
    """
    found: list[Page] = []
    taken: set[str] = set()
    # Old registers as well: there are not enough that are too young to be locked.
    db.execute(update(Organisation).values(register_days=0))
    for account in db.scalars(select(Account).where(Account.role == Role.FACILITATOR)).all():
        actor = sign_ins.actor_of(account)
        for session_ref in results.sessions(db, actor)["ref"]:
            if len(found) == wanted:
                return found
            if session_ref not in taken and _can_be_marked(db, actor, session_ref):
                taken.add(session_ref)
                finishing.reopen(db, actor, session_ref, reason="To measure taps.")
                query = (("session", session_ref),)
                found.append(Page("register", query, sign_in(db, account.username)))
    if len(found) < wanted:
        raise LookupError(f"{wanted} registers are needed, and there are only {len(found)}.")
    return found


def _records(db: Session) -> Iterator[Visit]:
    """One record of each kind: the demonstration has the same ones at every size."""
    facilitator = _first(db, Role.FACILITATOR)
    session_ref = next(
        ref for ref in today.to_mark(db, facilitator)["ref"] if _can_be_marked(db, facilitator, ref)
    )
    register = registers.view(db, facilitator, session_ref)
    said = results.sessions(db, facilitator).sort_values("forms", kind="stable")["ref"]
    first_place = select(Place.person_id).where(Place.ref == register.lines[0].place_ref)
    person = db.scalars(select(Person.ref).where(Person.id.in_(first_place))).one()
    placed = select(Placement.volunteer_id).where(Placement.ends_on.is_(None))
    volunteer = db.scalars(
        select(Volunteer.ref).where(Volunteer.id.in_(placed)).order_by(Volunteer.id).limit(1)
    ).one()
    group = (("group", register.group_ref),)
    yield Visit("One register", Role.FACILITATOR, "register", (("session", session_ref),))
    yield Visit(
        "One session's feedback", Role.FACILITATOR, "feedback", (("session", said.iloc[-1]),)
    )
    yield Visit("One group's measures", Role.FACILITATOR, "measures", group)
    yield Visit("One group", Role.COORDINATOR, "groups", group)
    yield Visit("One participant", Role.COORDINATOR, "participants", (("participant", person),))
    yield Visit("One volunteer", Role.COORDINATOR, "volunteers", (("volunteer", volunteer),))


def _can_be_marked(db: Session, actor: Actor, session_ref: str) -> bool:
    """Whether a tap on this register is taken: it was held, and people stand on it."""
    seen = registers.view(db, actor, session_ref)
    return bool(seen.lines) and not seen.is_cancelled and seen.starts <= clock.now()


def _first(db: Session, role: Role) -> Actor:
    query = select(Account).where(Account.role == role).order_by(Account.id).limit(1)
    return sign_ins.actor_of(db.scalars(query).one())

"""The evidence for each area of the standard, counted from what is kept, with what is missing."""

from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import OPEN_STATES, Account, Group, Placement, Role, Volunteer, VolunteerApplication
from services import clock
from services.permissions import Actor, Permission
from services.volunteers.standards.areas import Area, Line, areas
from services.volunteers.standards.cared_for import cared_for
from services.volunteers.standards.checked import checked
from services.volunteers.standards.found import Found
from services.volunteers.standards.given_back import given_back
from services.volunteers.volunteers import WAITING_STAGES
from services.volunteers.workforce import ahead
from services.volunteers.workforce.small import may_see

# What is counted in people, or in what each did; the others are sessions, groups, places and hours.
_OF_VOLUNTEERS = (
    "owners", "applications", "hours_said", "wishes_kept", "references", "right", "checks",
    "courses", "supervisor", "supervision", "asked", "reviews", "trained",
    "paid", "thanked",
)  # fmt: skip
HIDDEN = "Hidden: these are too few to be shown to somebody who does not know them."


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of it: the sentence with its number, the newest day behind it, what is missing."""

    says: str
    newest: date | None
    missing: str


@dataclass(frozen=True, slots=True)
class AreaEvidence:
    """One area, what it asks, the evidence, and what is held elsewhere."""

    title: str
    asks: str
    evidence: tuple[Evidence, ...]
    elsewhere: tuple[str, ...]


def evidence(db: Session, actor: Actor) -> tuple[AreaEvidence, ...]:
    """Every area in order, as things stand today."""
    actor.require(Permission.READ_WORKFORCE)
    found = {**_planned(db, actor), **checked(db, actor), **cared_for(db, actor)}
    found |= given_back(db, actor)
    found |= {key: _seen_by(actor, found[key]) for key in _OF_VOLUNTEERS}
    return tuple(_area(area, found) for area in areas())


def _seen_by(actor: Actor, found: Found) -> Found:
    """The same, unless how many it is, or how many it leaves out, is small to this reader."""
    parts = (found.count,) if found.of is None else (found.count, found.of - found.count)
    if found.is_hidden or may_see(actor, *parts):
        return found
    return Found(0, is_hidden=True)


def _area(area: Area, found: dict[str, Found]) -> AreaEvidence:
    lines = tuple(_line(line, found[line.key]) for line in area.evidence)
    return AreaEvidence(area.title, area.asks, lines, area.elsewhere)


def _line(line: Line, found: Found) -> Evidence:
    if found.is_hidden:
        return Evidence(f"* {line.text}", None, HIDDEN)
    counted = f"{found.count:,}" if found.of is None else f"{found.count:,} of {found.of:,}"
    without = 0 if found.of is None else found.of - found.count
    missing = f"{without:,} without: {line.missing}." if without and line.missing else ""
    if found.of == 0 or (found.of is None and not found.count):
        missing = "Nothing to count yet."
    return Evidence(f"{counted} {line.text}", found.newest, missing)


def _planned(db: Session, actor: Actor) -> dict[str, Found]:
    coming = ahead.ahead(db, actor)
    return {
        "colleagues": Found(_count_of_colleagues(db)),
        "groups": _groups(db),
        "owners": _owners(db),
        "covered": Found(coming.covered, coming.needed),
        "applications": _applications(db),
    }


def _count_of_colleagues(db: Session) -> int:
    query = select(func.count()).where(Account.role == Role.COORDINATOR, Account.is_active)
    return db.scalar(query) or 0


def _groups(db: Session) -> Found:
    placed = select(Placement.group_id).where(
        (Placement.ends_on.is_(None)) | (Placement.ends_on >= clock.today())
    )
    query = select(func.count(), func.count().filter(Group.id.in_(placed)))
    everything, with_one = db.execute(query.where(Group.state.in_(OPEN_STATES))).one()
    return Found(with_one, everything)


def _owners(db: Session) -> Found:
    query = select(func.count(), func.count(Volunteer.owner_id))
    everybody, owned = db.execute(query.where(Volunteer.stage.in_(WAITING_STAGES))).one()
    return Found(owned, everybody)


def _applications(db: Session) -> Found:
    since = clock.start_of_day(clock.today() - relativedelta(months=12))
    newest = func.max(VolunteerApplication.received_at, type_=VolunteerApplication.received_at.type)
    query = select(func.count(), newest).where(VolunteerApplication.received_at >= since)
    count, latest = db.execute(query).one()
    return Found(count, None, _day(latest))


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None

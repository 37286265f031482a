"""What a volunteer would like, how much of it, and where she does not want to be."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from models import AvoidedRoom, PlacementRole, Room, Volunteer, VolunteerWishes
from services import audit
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.volunteers.availability.facts import GROUPS_AT_ONCE, WEEKS_BETWEEN
from services.volunteers.finding import find_volunteer

MAX_WORDS = 2_000
MOST_LANGUAGES, MAX_LANGUAGE = 20, 40
LIMITS = {"most_a_month": (1, 31), "weeks_between": (0, 52), "groups_at_once": (1, 5)}


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesDraft:
    """Her wishes as they were filled in, and as they are kept; rooms by their references."""

    most_a_month: int | None = None
    weeks_between: int = WEEKS_BETWEEN
    groups_at_once: int = GROUPS_AT_ONCE
    roles: Collection[PlacementRole] = ()
    languages: Sequence[str] = ()
    skills: str = ""
    avoids: str = ""
    avoided_rooms: Collection[str] = ()

    def checked(self) -> "WishesDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        for field, (least, most) in LIMITS.items():
            value = getattr(self, field)
            if value is not None and not least <= value <= most:
                problems[field] = f"Choose between {least} and {most}."
        for field in ("skills", "avoids"):
            if len(getattr(self, field).strip()) > MAX_WORDS:
                problems[field] = f"Shorten this to {MAX_WORDS:,} letters."
        languages = list(dict.fromkeys(" ".join(one.split()) for one in self.languages))
        if len(languages) > MOST_LANGUAGES or any(len(one) > MAX_LANGUAGE for one in languages):
            problems["languages"] = (
                f"Keep to {MOST_LANGUAGES} languages of up to {MAX_LANGUAGE} letters each."
            )
        if PlacementRole.SHADOWING in self.roles:
            problems["roles"] = "Shadowing leads up to a role. Choose among the others."
        if problems:
            raise InvalidInputError(problems)
        return WishesDraft(
            most_a_month=self.most_a_month,
            weeks_between=self.weeks_between,
            groups_at_once=self.groups_at_once,
            roles=[role for role in PlacementRole if role in self.roles],
            languages=[one for one in languages if one],
            skills=self.skills.strip(),
            avoids=self.avoids.strip(),
            avoided_rooms=frozenset(self.avoided_rooms),
        )


@dataclass(frozen=True, slots=True)
class WishesView:
    """Her wishes, the rooms there are to choose from, and the version; 0 before the first."""

    kept: WishesDraft
    rooms: dict[str, str]
    version: int


def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> WishesView:
    """What a volunteer would like; the usual where she has said nothing."""
    actor.require(Permission.READ_VOLUNTEERS)
    return wishes_view(db, find_volunteer(db, actor, volunteer_ref))


def wishes_view(db: Session, volunteer: Volunteer) -> WishesView:
    """The same of one who was found. A step of other services, which have asked."""
    kept, avoided = _kept(db, volunteer), _avoided(db, volunteer)
    rooms = select(Room.ref, Room.name).where(Room.is_active | Room.ref.in_(avoided))
    found = dict(db.execute(rooms.order_by(Room.name)).all())
    if kept is None:
        return WishesView(WishesDraft(avoided_rooms=avoided), found, 0)
    draft = WishesDraft(
        most_a_month=kept.most_a_month,
        weeks_between=kept.weeks_between,
        groups_at_once=kept.groups_at_once,
        roles=[PlacementRole(role) for role in kept.roles],
        languages=kept.languages,
        skills=kept.skills or "",
        avoids=kept.avoids or "",
        avoided_rooms=avoided,
    )
    return WishesView(draft, found, kept.version)


def save(
    db: Session, actor: Actor, volunteer_ref: str, draft: WishesDraft, *, version: int
) -> None:
    """Keep what she would like. Raises ConflictError when somebody else has since `version`."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    keep(db, volunteer, actor, draft, version=version)


def keep(
    db: Session, volunteer: Volunteer, actor: Actor, draft: WishesDraft, *, version: int
) -> None:
    """The same of one who was found and is held. A step of other services, which have asked."""
    draft = draft.checked()
    rooms = dict(
        db.execute(select(Room.ref, Room.id).where(Room.ref.in_(draft.avoided_rooms))).all()
    )
    if rooms.keys() != set(draft.avoided_rooms):
        raise InvalidInputError({"avoided_rooms": "Choose among the rooms in the list."})
    kept = _kept(db, volunteer)
    if (kept.version if kept else 0) != version:
        raise ConflictError(
            "Somebody else changed these wishes while you had them open. "
            "Look at theirs, then make your change again."
        )
    if kept is None:
        kept = VolunteerWishes(volunteer_id=volunteer.id)
        db.add(kept)
    else:
        # The rooms stand in rows of their own: a change to them alone must count as one as well.
        flag_modified(kept, "weeks_between")
    kept.most_a_month, kept.weeks_between = draft.most_a_month, draft.weeks_between
    kept.groups_at_once = draft.groups_at_once
    kept.roles = [role.value for role in draft.roles]
    kept.languages = list(draft.languages)
    kept.skills, kept.avoids = draft.skills or None, draft.avoids or None
    db.execute(delete(AvoidedRoom).where(AvoidedRoom.volunteer_id == volunteer.id))
    db.add_all(AvoidedRoom(volunteer_id=volunteer.id, room_id=room) for room in rooms.values())
    audit.record(db, actor, "availability.wishes_saved", f"volunteer:{volunteer.ref}")


def _kept(db: Session, volunteer: Volunteer) -> VolunteerWishes | None:
    return db.scalar(select(VolunteerWishes).where(VolunteerWishes.volunteer_id == volunteer.id))


def _avoided(db: Session, volunteer: Volunteer) -> frozenset[str]:
    query = (
        select(Room.ref)
        .join(AvoidedRoom, AvoidedRoom.room_id == Room.id)
        .where(AvoidedRoom.volunteer_id == volunteer.id)
    )
    return frozenset(db.scalars(query))

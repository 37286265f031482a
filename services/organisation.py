"""The organisation's settings, and its first day."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import KEY_CHECK, Organisation
from models.encryption import KeyringError
from services import audit, themes
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    SetupError,
)
from services.forms import stored as forms
from services.permissions import Actor, Permission
from services.plans import interventions
from services.programmes import programmes
from services.scheduling import REGIONS
from services.volunteers.training import courses

MAX_LOGO_BYTES = 300_000
# The table's own limits.
_LIMITS = {
    "idle_minutes": (1, 120, "minutes"),
    "feedback_days": (1, 60, "days"),
    "contact_days": (1, 365, "days"),
    "register_days": (0, 365, "days"),
    "offer_days": (1, 30, "working days"),
    "recheck_months": (6, 60, "months"),
    "status_months": (1, 24, "months"),
}
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationSettings:
    """What an administrator may set; `version` is the one she saw."""

    name: str
    logo: bytes | None = None
    idle_minutes: int = 10
    feedback_days: int = 7
    contact_days: int = 30
    register_days: int = 7
    offer_days: int = 5
    recheck_months: int = 36
    status_months: int = 12
    support_text: str = ""
    region: str = "England"
    referrals_open: bool = False
    feeds_show_place: bool = False
    is_demonstration: bool = False
    version: int = 1

    def checked(self) -> "OrganisationSettings":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        problems: dict[str, str] = {}
        if not self.name.strip() or len(self.name) > 200:  # noqa: PLR2004 - the column's width
            problems["name"] = "Enter the organisation's name, in up to 200 characters."
        for field, (least, most, unit) in _LIMITS.items():
            if not least <= getattr(self, field) <= most:
                problems[field] = f"Choose between {least} and {most} {unit}."
        if self.region not in REGIONS:
            problems["region"] = "Choose the nation whose bank holidays count, from the list."
        if self.logo and not self.logo.startswith((_PNG, _JPEG)):
            problems["logo"] = "The logo must be a PNG or JPEG picture."
        elif self.logo and len(self.logo) > MAX_LOGO_BYTES:
            problems["logo"] = "The logo is too large: use a picture under 300 kB."
        if problems:
            raise InvalidInputError(problems)
        return self


def current(db: Session) -> OrganisationSettings | None:
    """The settings, or None before the first day. No permission: the sign-in screen needs them."""
    row = db.execute(_COLUMNS).one_or_none()
    return None if row is None else OrganisationSettings(**row._mapping)


def region(db: Session) -> str:
    """The nation whose bank holidays are no working days. No permission: a step of services."""
    return db.scalar(select(Organisation.region)) or "England"


def to_edit(db: Session, actor: Actor) -> OrganisationSettings:
    """The settings for whoever may change them."""
    actor.require(Permission.MANAGE_SETTINGS)
    found = current(db)
    if found is None:
        raise NotFoundError("organisation")
    return found


def start(db: Session, settings: OrganisationSettings) -> None:
    """Make the organisation with what it starts from, and begin its audit log; once only."""
    settings.checked()
    if db.get(Organisation, 1) is not None:
        raise ConflictError("This programme has been set up already. Please sign in.")
    db.add(Organisation(id=1, **_values(settings), is_demonstration=settings.is_demonstration))
    interventions.seed(db)
    programmes.seed(db)
    courses.seed(db)
    forms.seed(db)
    themes.seed(db)
    audit.start_chain(db)
    audit.record(db, None, "organisation.started")


def save(db: Session, actor: Actor, settings: OrganisationSettings) -> None:
    """Change the settings. Raises ConflictError when somebody else has saved since."""
    actor.require(Permission.MANAGE_SETTINGS)
    settings.checked()
    row = db.execute(select(Organisation)).scalar_one()
    if row.version != settings.version:
        raise ConflictError(
            "Somebody else changed the settings while you had them open. "
            "Look at theirs, then make your change again."
        )
    for field, value in _values(settings).items():
        setattr(row, field, value)
    audit.record(db, actor, "settings.changed", "organisation:1")


def require_demonstration(db: Session, actor: Actor) -> None:
    """Raise unless this is a demonstration and she may clear it: real records are never dropped."""
    actor.require(Permission.MANAGE_SETTINGS)
    if not db.scalar(select(Organisation.is_demonstration)):
        raise NotPermittedError("clear a programme that is in real use")


def check_key(db: Session) -> None:
    """Raise SetupError unless the data key is the one this database was written with."""
    try:
        found = db.scalar(select(Organisation.key_check))
    except KeyringError as error:
        raise SetupError(str(error)) from error
    if found not in (None, KEY_CHECK):
        raise SetupError("The data key does not fit this database.")


_COLUMNS = select(
    Organisation.name,
    Organisation.logo,
    Organisation.idle_minutes,
    Organisation.feedback_days,
    Organisation.contact_days,
    Organisation.register_days,
    Organisation.offer_days,
    Organisation.recheck_months,
    Organisation.status_months,
    Organisation.support_text,
    Organisation.region,
    Organisation.referrals_open,
    Organisation.feeds_show_place,
    Organisation.is_demonstration,
    Organisation.version,
)


def _values(settings: OrganisationSettings) -> dict[str, str | int | bytes | None]:
    return {
        "name": settings.name.strip(),
        "logo": settings.logo,
        "idle_minutes": settings.idle_minutes,
        "feedback_days": settings.feedback_days,
        "contact_days": settings.contact_days,
        "register_days": settings.register_days,
        "offer_days": settings.offer_days,
        "recheck_months": settings.recheck_months,
        "status_months": settings.status_months,
        "support_text": settings.support_text.strip(),
        "region": settings.region,
        "referrals_open": settings.referrals_open,
        "feeds_show_place": settings.feeds_show_place,
    }

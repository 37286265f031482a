"""Which form a session asks: by its programme, and by where in the run it stands."""

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import FeedbackLink, FormChoice, FormVersion, Group, GroupSession, Occasion
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.forms import stored
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate

USUAL = "after_session"
SHORT = 4  # a run with fewer sessions has no middle of its own
_BY_AGE = ((8, "children_5_7"), (12, "children_8_11"), (18, "young_people_12_16"))

Choices = Mapping[Occasion, str]


def occasion(number: int, offered: int) -> Occasion:
    """What a session is to its run: the last one, the one half way, or any other."""
    if number >= offered:
        return Occasion.END
    if offered >= SHORT and number == (offered + 1) // 2:
        return Occasion.MIDDLE
    return Occasion.AFTER_SESSION


def usual_form(programme: ProgrammeTemplate) -> str:
    """The form that ships for the people a programme is for: children have their own, by age."""
    if programme.audience != "children":
        return USUAL
    middle = (programme.age_min + (programme.age_max or 17)) / 2
    return next((form for below, form in _BY_AGE if middle < below), USUAL)


def form_of(choices: Choices, when: Occasion, usual: str) -> str:
    """The form asked on an occasion; where none was chosen, the one asked after each session."""
    return choices.get(when) or choices.get(Occasion.AFTER_SESSION) or usual


def form_for(db: Session, held: GroupSession, group: Group) -> tuple[str, int]:
    """The form a session asks now: its key, and the newest version of it."""
    query = select(FormChoice).where(FormChoice.programme == group.programme)
    choices = {row.occasion: row.form for row in db.scalars(query)}
    usual = usual_form(programmes.of_group(db, group))
    key = form_of(choices, occasion(held.number, group.sessions_offered), usual)
    newest = select(FormVersion.version).where(FormVersion.key == key)
    version = db.scalar(newest.order_by(FormVersion.version.desc()).limit(1))
    if version is None:
        raise NotFoundError("form")
    return key, version


def follow(db: Session) -> None:
    """Let every link whose session has not begun ask what would be asked now.

    No permission of its own: a step of other services, which have asked.
    """
    query = (
        select(FeedbackLink, GroupSession, Group)
        .join(GroupSession, GroupSession.id == FeedbackLink.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(FeedbackLink.opens_at > clock.now())
    )
    for link, held, group in db.execute(query).all():
        link.form, link.form_version = form_for(db, held, group)


def chosen(db: Session, actor: Actor, programme: str) -> dict[Occasion, str | None]:
    """What was chosen for a programme; None where nothing was."""
    actor.require(Permission.READ_GROUPS)
    query = select(FormChoice).where(FormChoice.programme == programme)
    found = {row.occasion: row.form for row in db.scalars(query)}
    return {when: found.get(when) for when in Occasion}


def choose(
    db: Session,
    actor: Actor,
    programme: str,
    choices: Mapping[Occasion, str | None],
    *,
    seen: Mapping[Occasion, str | None],
) -> None:
    """Let a programme ask with these forms from its next session on; None is the usual one.

    Raises ConflictError when somebody else has chosen since `seen`.
    """
    actor.require(Permission.EDIT_FORMS)
    if programmes.find(db, programme) is None:
        raise NotFoundError("programme")
    _check(db, choices)
    rows = db.scalars(
        select(FormChoice).where(FormChoice.programme == programme).with_for_update()
    ).all()
    now = {row.occasion: row.form for row in rows}
    if any(now.get(when) != form for when, form in seen.items()):
        raise ConflictError(
            "Somebody else chose other forms while you had this open. Look at them, then choose."
        )
    if all(now.get(when) == form for when, form in choices.items()):
        return
    db.execute(delete(FormChoice).where(FormChoice.programme == programme))
    db.add_all(
        FormChoice(programme=programme, occasion=when, form=form)
        for when, form in choices.items()
        if form is not None
    )
    db.flush()
    follow(db)
    audit.record(db, actor, "form.chosen", f"programme:{programme}")


def users(db: Session, actor: Actor) -> pd.DataFrame:
    """Which programme asks with which form: programme, title, and one column an occasion."""
    actor.require(Permission.READ_GROUPS)
    found: defaultdict[str, dict[Occasion, str]] = defaultdict(dict)
    for row in db.scalars(select(FormChoice)):
        found[row.programme][row.occasion] = row.form
    rows = [
        (key, one.title, *(form_of(found[key], when, usual_form(one)) for when in Occasion))
        for key, one in programmes.newest(db).items()
    ]
    return pd.DataFrame(rows, columns=["programme", "title", *(when.value for when in Occasion)])


def _check(db: Session, choices: Mapping[Occasion, str | None]) -> None:
    known = stored.newest_rows(db)
    problems = {
        when.value: "Choose a form from the list."
        for when, form in choices.items()
        if form is not None and form not in known
    }
    if problems:
        raise InvalidInputError(problems)

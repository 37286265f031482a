"""One child's steps over time: three views, what was noted in sessions, and events in its life."""

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from models import (
    Account,
    Group,
    GroupSession,
    LifeEvent,
    Observation,
    Person,
    PersonKind,
    Place,
)
from services import audit, clock
from services.children.child_prompts import UNKNOWN, band_on, label
from services.children.child_steps import (
    Row,
    forms_of,
    name_every_strand,
    name_lines,
    step_words,
    strand_labels,
)
from services.children.life_events import event_kinds
from services.children.step_sentences import in_words, what_can_be_said
from services.errors import NotFoundError
from services.measures.measure_words import POINTS, VIEWS
from services.people.people import full_name
from services.permissions import Actor, Permission
from services.visibility import openable_children, visible_people, visible_places

OPENED = "steps.opened"
MOST = 300  # notes and events on one chart: the latest
AROUND = timedelta(weeks=6)  # how far from a group's forms an event still stands beside them
_HALVES = (0, 4)  # the chart is drawn in two, by the order of the strands
_CHART = [
    "kind", "strand", "counts", "order", "view", "on", "at", "point", "step", "label",
    "label_at", "line",
]  # fmt: skip


class Why(enum.Enum):
    """Why a lead opens one child's steps: one of a few and no words, for the audit log."""

    CONCERN = "concern"
    COMPLAINT = "complaint"
    SUPERVISION = "supervision"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class ChildPath:
    """What there is to see of one child.

    chart: kind (form, note, event, edge, none), strand, counts, order, view, on and at (the day in
    words and as milliseconds), point, step, label, label_at, line (what is joined up).
    forms: on, group, point, strand, view, label. notes: on, group, strand, step, words, by,
    number (the step, NA where not seen).
    events: number, on, what, words, ref. places: by reference, the group's code name. The words of
    notes and events are empty for whoever does not work with the child (`is_whole`).
    """

    person_ref: str
    name: str
    code: str
    band: str
    chart: pd.DataFrame
    forms: pd.DataFrame
    notes: pd.DataFrame
    events: pd.DataFrame
    places: dict[str, str]
    said: tuple[str, ...]
    in_words: str
    is_whole: bool


def of_child(db: Session, actor: Actor, person_ref: str, *, place: str | None = None) -> ChildPath:
    """A child of a group she facilitates; the look is written in the audit log.

    With one of the child's places named, what belongs to it alone and the events around it.
    """
    actor.require(Permission.RECORD_MEASURES)
    person = db.scalar(
        select(Person).where(
            Person.ref == person_ref, Person.kind == PersonKind.CHILD, visible_people(actor)
        )
    )
    if person is None:
        raise NotFoundError("child")
    found = _path(db, person, visible_places(actor), is_whole=True, place=place)
    audit.viewed(db, actor, f"steps:{person.ref}")
    return found


def opened(db: Session, actor: Actor, code: str, why: Why) -> ChildPath:
    """A child by the reference people say aloud, for a lead who says why.

    Without the words of notes and events; each look is written in the audit log with its reason.
    """
    actor.require(Permission.OPEN_CHILD_STEPS)
    tidy = code.strip().upper().replace(" ", "")
    person = db.scalar(select(Person).where(Person.code == tidy, openable_children(actor)))
    if person is None:
        raise NotFoundError("child with this reference")
    found = _path(db, person, Place.person_id == person.id, is_whole=False, place=None)
    audit.viewed(db, actor, f"steps:{person.ref}", action=OPENED, why=why.value)
    return found


def _path(
    db: Session, person: Person, seen: ColumnElement[bool], *, is_whole: bool, place: str | None
) -> ChildPath:
    everywhere = forms_of(db, person.id, seen)
    forms = everywhere if place is None else everywhere[everywhere["place"].eq(place)]
    here = seen if place is None else seen & (Place.ref == place)
    notes = _notes(db, person.id, here, is_whole=is_whole)
    around = None if place is None else _ends(forms)
    events = _events(db, person.id, around, is_whole=is_whole)
    rated = list(_rated(forms))
    bands = [label(band_on(person.date_of_birth, day)) for day in _ends(forms)]
    now = band_on(person.date_of_birth, clock.today())
    return ChildPath(
        person_ref=person.ref,
        name=full_name(person),
        code=person.code,
        band="age not recorded" if now == UNKNOWN else label(now),
        chart=_chart(rated, notes, events),
        forms=_table(rated),
        notes=notes,
        events=events,
        places=dict(zip(everywhere["place"], everywhere["group"], strict=True)),
        said=tuple(what_can_be_said(forms, bands)),
        in_words=in_words(rated, len(notes), len(events)),
        is_whole=is_whole,
    )


def _ends(forms: pd.DataFrame) -> list[date]:
    """The days of the first and the last form; none where there is no form."""
    days = list(forms["taken_on"])
    return [days[0], days[-1]] if days else []


def _rated(forms: pd.DataFrame) -> Iterator[Row]:
    labels, words = strand_labels(), step_words()
    order = {key: place for place, key in enumerate(labels)}
    for form in forms.dropna(subset="step").to_dict("records"):
        step = int(form["step"])
        yield {
            "kind": "form",
            "strand": labels[form["strand"]],
            "counts": "",
            "order": order[form["strand"]],
            "view": VIEWS[form["respondent"]],
            **_day(form["taken_on"]),
            "point": POINTS[form["point"]],
            "step": step,
            "label": f"{step} {words[step]}",
            "line": form["place"],
            "group": form["group"],
        }


def _chart(rated: list[Row], notes: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Empty without a form: notes and events alone make no path."""
    named = name_lines(rated, "step", when=lambda row: int(row["at"]))
    rows = name_every_strand(named, "not seen so far") if rated else []
    drawn = [
        *({"kind": "none", **row} if "kind" not in row else row for row in rows),
        *(_drawn_notes(notes) if rated else ()),
        *(_drawn_events(events) if rated else ()),
    ]
    days = [row["at"] for row in drawn if "at" in row]
    drawn += [
        {"kind": "edge", "order": half, "at": at}
        for half in _HALVES
        for at in ({min(days), max(days)} if days else ())
    ]
    return pd.DataFrame(drawn, columns=_CHART)


def _drawn_notes(notes: pd.DataFrame) -> Iterator[Row]:
    order = {words: place for place, words in enumerate(strand_labels().values())}
    for note in notes.to_dict("records"):
        if pd.notna(note["number"]):
            yield {
                "kind": "note",
                "strand": note["strand"],
                "order": order[note["strand"]],
                **_day(note["on"]),
                "step": int(note["number"]),
                "label": f"Noted in a session: {note['step']}",
            }


def _drawn_events(events: pd.DataFrame) -> Iterator[Row]:
    for event in events.to_dict("records"):
        for half in _HALVES:
            yield {
                "kind": "event",
                "order": half,
                **_day(event["on"]),
                "label": str(event["number"]),
                "point": event["what"],
            }


def _day(day: date) -> Row:
    """A day in words, and for the axis as the instant it began by universal time."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000
    return {"on": f"{day:%d/%m/%Y}", "at": int(at)}


def _table(rated: Iterable[Row]) -> pd.DataFrame:
    columns = ["on", "group", "point", "strand", "view", "label"]
    return pd.DataFrame(list(rated), columns=columns)


def _notes(
    db: Session, person_id: int, seen: ColumnElement[bool], *, is_whole: bool
) -> pd.DataFrame:
    labels, words = strand_labels(), step_words()
    query = (
        select(
            GroupSession.starts_at, GroupSession.zone, Group.code_name, Observation,
            Account.display_name,
        )
        .select_from(Observation)
        .join(GroupSession, GroupSession.id == Observation.session_id)
        .join(Place, Place.id == Observation.place_id)
        .join(Group, Group.id == Place.group_id)
        .join(Account, Account.id == Observation.account_id)
        .where(Place.person_id == person_id, seen)
        .order_by(GroupSession.starts_at.desc(), Observation.id.desc())
        .limit(MOST)
    )  # fmt: skip
    rows = [
        (
            clock.local(at, zone).date(),
            group,
            labels[note.strand],
            "Not seen" if note.step is None else f"{note.step} {words[note.step]}",
            note.words if is_whole else "",
            by,
            note.step,
        )
        for at, zone, group, note, by in db.execute(query)
    ]
    columns = ["on", "group", "strand", "step", "words", "by", "number"]
    return pd.DataFrame(rows[::-1], columns=columns)


def _events(
    db: Session, person_id: int, around: Sequence[date] | None, *, is_whole: bool
) -> pd.DataFrame:
    """The latest, by date and numbered, as the chart has them; or those around some days."""
    when: ColumnElement[bool] = true()
    if around:
        when = LifeEvent.happened_on.between(around[0] - AROUND, around[-1] + AROUND)
    query = (
        select(LifeEvent)
        .where(LifeEvent.person_id == person_id, when)
        .order_by(LifeEvent.happened_on.desc(), LifeEvent.id.desc())
        .limit(MOST)
    )
    rows = [
        (
            number,
            event.happened_on,
            event_kinds().get(event.kind, event.kind),
            (event.words or "") if is_whole else "",
            event.ref,
        )
        for number, event in enumerate(list(db.scalars(query))[::-1], 1)
    ]
    return pd.DataFrame(rows, columns=["number", "on", "what", "words", "ref"])

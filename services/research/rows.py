"""Pseudonymised rows for evaluators: of who consents, without names, dates of birth or words."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import (
    NEVER_TAKEN_UP,
    Group,
    GroupSession,
    Mark,
    MeasureForm,
    Outcome,
    Person,
    Place,
    Purpose,
    ReleaseKind,
)
from services import audit, clock, releases
from services.consents.consents import consented
from services.people.people import age_band
from services.programmes import completed_by
from services.releases import FUNDER, Leaving
from services.research.agreements import standing
from services.research.codebook import codebook
from services.tallies import session_counts

# From how many people on a combination of who, age, programme and month is left as it is.
LEAST_ALIKE = FUNDER
HIDDEN = ""
_PEOPLE = [
    "place", "person", "group", "who", "age_band", "programme", "programme_version", "joined",
    "state", "sessions_offered", "attended", "covered", "to_complete", "reached",
]  # fmt: skip
_FORMS = [
    "place", "measure", "measure_version", "respondent", "point", "months_since_joining", "outcome",
    "total",
]  # fmt: skip
_ITEMS = ["place", "measure", "respondent", "point", "item", "answer"]
_MARKS = ["place", "session", "code"]
_ALIKE = ["who", "age_band", "programme", "joined"]


@dataclass(frozen=True, slots=True)
class Extract:
    """The tables by name, and how many places were coarsened or left out for being too few."""

    tables: dict[str, pd.DataFrame]
    people: int
    coarsened: int
    left_out: int


def export_rows(db: Session, *, project: str) -> Extract:
    """Everybody's rows who consents to evaluation today, under the agreement of a project.

    No actor: whoever may run commands on the machine runs it. It is audited and written down in
    the ledger. Raises InvalidInputError where no agreement stands.
    """
    agreement = standing(db, project)
    name = _pseudonyms(agreement.secret)
    places = _places(db, name)
    kept = _coarsened(places)
    left_out = len(places) - len(kept)
    staying = set(kept["place"])
    forms, items = _forms(db, name, staying)
    tables = {
        "places": kept,
        "forms": forms,
        "items": items,
        "attendance": _attendance(db, name, staying),
    }
    tables["codebook"] = codebook(tables)
    as_it_was = places.set_index("place").loc[kept["place"], _ALIKE].reset_index(drop=True)
    coarsened = int((kept[_ALIKE] != as_it_was).any(axis=1).sum())
    found = Extract(tables, int(kept["person"].nunique()), coarsened, left_out)
    today = clock.today()
    releases.write_down(
        db,
        None,
        Leaving(
            kind=ReleaseKind.RESEARCH,
            title=project,
            first=agreement.starts_on,
            last=today,
            audience=agreement.partner,
            threshold=LEAST_ALIKE,
        ),
        [],
    )
    audit.record(
        db, None, "research.exported", f"agreement:{agreement.ref}", people=found.people,
        places=len(kept), coarsened=coarsened, left_out=left_out,
    )  # fmt: skip
    return found


def _pseudonyms(secret: str) -> Callable[[str, str], str]:
    """The same for one record in one project, another in the next; no way back without the key."""
    key = bytes.fromhex(secret)

    def name(kind: str, ref: str) -> str:
        return hmac.new(key, f"{kind}:{ref}".encode(), sha256).hexdigest()[:16]

    return name


def _of_consenting(*columns: Any) -> Select[*tuple[Any, ...]]:
    """The places ever taken up of people who consent now, each consent looked up anew."""
    query: Select[*tuple[Any, ...]] = (
        select(*columns)
        .select_from(Place)
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(
            Place.state.not_in(NEVER_TAKEN_UP),
            Person.merged_into_id.is_(None),
            consented(Purpose.EVALUATION),
        )
    )
    return query


def _places(db: Session, name: Callable[[str, str], str]) -> pd.DataFrame:
    columns = (
        Place.ref, Person.ref, Group.ref, Person.kind, Person.date_of_birth, Group.programme,
        Group.programme_version, Place.joined_on, Place.state, Group.sessions_offered,
        Place.attended, Place.covered, *completed_by.COLUMNS,
    )  # fmt: skip
    rows = [
        (
            name("place", place), name("person", person), name("group", group), kind.value,
            age_band(born, today=joined) or HIDDEN, programme, version, f"{joined:%Y-%m}",
            state.value, *rest,
        )
        for place, person, group, kind, born, programme, version, joined, state, *rest
        in db.execute(_of_consenting(*columns))
    ]  # fmt: skip
    # In the order of the pseudonyms, which is none.
    return pd.DataFrame(sorted(rows), columns=_PEOPLE)


def _coarsened(places: pd.DataFrame) -> pd.DataFrame:
    """Rows of which fewer than five people are alike say less, step by step; else they go."""
    kept = places.copy()
    for column, less in (
        ("joined", lambda month: month[:4]),
        ("age_band", lambda _: HIDDEN),
        ("joined", lambda _: HIDDEN),
        ("programme", lambda _: HIDDEN),
    ):
        few = _too_few(kept)
        kept.loc[few, column] = kept.loc[few, column].map(less)
        # A group tells when it met and in which programme as well.
        kept.loc[few, ["group", "programme_version"]] = HIDDEN, 0
    return kept[~_too_few(kept)].reset_index(drop=True)


def _too_few(kept: pd.DataFrame) -> "pd.Series[bool]":
    """Rows whose combination fewer than five people share."""
    people = kept.groupby(_ALIKE)["person"].transform("nunique")
    return people < LEAST_ALIKE


def _forms(
    db: Session, name: Callable[[str, str], str], staying: set[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = (
        Place.ref, Place.joined_on, MeasureForm.measure, MeasureForm.measure_version,
        MeasureForm.respondent, MeasureForm.point, MeasureForm.taken_on, MeasureForm.outcome,
        MeasureForm.total, MeasureForm.answers,
    )  # fmt: skip
    query = _of_consenting(*columns).join(MeasureForm, MeasureForm.place_id == Place.id)
    forms, items = [], []
    for ref, joined, measure, version, who, point, taken, outcome, total, answers in db.execute(
        query
    ):
        place = name("place", ref)
        if place not in staying:
            continue
        asked = (place, measure, who.value, point.value)
        forms.append(
            (place, measure, version, who.value, point.value, _months(joined, taken),
             outcome.value, total)
        )  # fmt: skip
        if outcome is Outcome.ANSWERED:
            items += [(*asked, item, answer) for item, answer in (answers or {}).items()]
    return (
        pd.DataFrame(sorted(forms, key=str), columns=_FORMS),
        pd.DataFrame(sorted(items, key=str), columns=_ITEMS),
    )


def _attendance(db: Session, name: Callable[[str, str], str], staying: set[str]) -> pd.DataFrame:
    query = (
        _of_consenting(Place.ref, GroupSession.number, Mark.code)
        .join(Mark, Mark.place_id == Place.id)
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(Mark.code.is_not(None), GroupSession.state.in_(session_counts.CAME_TO_SOMETHING))
    )
    rows = [(name("place", ref), number, code) for ref, number, code in db.execute(query)]
    return pd.DataFrame(sorted(row for row in rows if row[0] in staying), columns=_MARKS)


def _months(joined: date, taken: date) -> int:
    """Whole months from joining, so that no form brings a date back."""
    between = relativedelta(taken, joined)
    return between.years * 12 + between.months

"""Nobody can tell from anything the programme answers whether a volunteer was a participant.

Every service that reads is asked, as every role, in a house in which her link is kept and in one
in which it is not: the answers are the same to the letter. Whatever reads anew is found by itself.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Row
from sqlalchemy.orm import Session

import services
from models import Account, Base, Role, Stage
from services import clock
from services.accounts.sign_ins import actor_of
from services.errors import AppError
from services.permissions import Actor
from services.volunteers.own_time import sealed
from services.volunteers.own_time.sealed import OwnTimeDraft
from tests.make import (
    make_actor,
    make_group,
    make_person,
    make_place,
    make_referral,
    make_volunteer,
    session_of,
)
from tests.services.volunteers.herself.account import joined
from tests.services.volunteers.own_time.before import been, place
from tests.services.volunteers.shifts import need

# The sealed part itself, which a coordinator opens for a reason that is written down.
SEALED = ("services.volunteers.own_time",)
# What is made anew at each asking, a reference or a secret among it.
UNREPEATABLE = {"services.calendar.calendar_feeds", "services.backup"}
ROLES = (*Role,)


def readers() -> Iterator[tuple[str, Callable[..., Any], bool]]:
    """Every public service of a database and an actor, and whether it asks for a reference too."""
    for found in pkgutil.walk_packages(services.__path__, "services."):
        if found.name.startswith((*SEALED, "services.demo")) or found.name in UNREPEATABLE:
            continue
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            needed = [
                one.name
                for one in inspect.signature(function).parameters.values()
                if one.default is inspect.Parameter.empty
            ]
            returns = inspect.signature(function).return_annotation
            if needed[:2] != ["db", "actor"] or returns in (None, "None", str, bytes):
                continue
            if len(needed) == 2 or (len(needed) == 3 and needed[2].endswith("ref")):
                yield f"{found.name}.{name}", function, len(needed) == 3


READERS = tuple(readers())


def said(value: Any) -> str:
    """An answer in full, whatever it is made of."""
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.to_csv()
    parts: Any = None
    if isinstance(value, Base):  # a step of other services
        parts = [type(value).__name__, value.id]
    elif is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, name) for name in value.__dataclass_fields__]
    elif isinstance(value, dict):
        parts = [part for pair in value.items() for part in pair]
    elif isinstance(value, list | tuple | Row):
        parts = value
    elif isinstance(value, set | frozenset):
        parts = sorted(value, key=said)
    return repr(value) if parts is None else str([said(part) for part in parts])


def everything(db: Session, actors: list[Actor], refs: list[str]) -> dict[str, str]:
    """What each of them is told by each service, of each of these records."""
    told = {}
    for name, function, asks in READERS:
        for actor in actors:
            for number, ref in enumerate(refs if asks else [""]):
                undone = db.begin_nested()
                try:
                    answer = said(function(db, actor, ref) if asks else function(db, actor))
                except AppError as error:
                    answer = f"{type(error).__name__}: {error}"
                finally:
                    undone.rollback()
                told[f"{name} as {actor.role.value} of {number}"] = answer
    return told


def house(db: Session, amina: Actor, ben: Actor) -> tuple[Any, Any, list[str]]:
    """She was in an earlier group, has a namesake's record, and helps in another group now."""
    earlier = make_group(db, amina, [ben], code_name="Earlier", capacity=20)
    herself = make_person(db, amina, "Maya", "Rowe", date_of_birth=date(1988, 6, 3))
    been(db, amina, earlier, herself)
    here = make_group(db, amina, [ben], code_name="Here")
    need(db, amina, here, welcome=2)
    dana = make_person(db, amina)
    make_place(db, amina, here, dana)
    make_referral(db, amina, dana)
    maya = make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)
    place(db, amina, maya, here)
    refs = [maya.ref, herself.ref, here.ref, session_of(db, here).ref]
    return maya, herself, refs


def test_the_services_that_read_are_found() -> None:
    names = {name for name, _function, _asks in READERS}

    assert len(names) > 150
    assert {
        "services.placing.placements.of_volunteer", "services.people.people.summary",
        "services.audit.recent", "services.waits.counts", "services.volunteers.workforce.flow.flow",
        "services.placing.conflicts.to_act_on", "services.volunteers.herself.sessions.today",
        "services.merging.likely_pairs.likely_pairs",
    } <= names  # fmt: skip


@pytest.mark.usefixtures("time_stands_still")
def test_no_role_can_tell_a_link_from_none_by_any_screen_search_count_or_export(
    db: Session, amina: Actor, ben: Actor
) -> None:
    maya, herself, refs = house(db, amina, ben)
    joined(db, maya, "maya", supervisor=amina)
    own = db.query(Account).filter_by(username="maya").one()
    others = [
        make_actor(db, f"a {role.value}", role)
        for role in ROLES
        if role not in (Role.COORDINATOR, Role.FACILITATOR, Role.VOLUNTEER)
    ]
    actors = [amina, ben, actor_of(own), *others]
    told = []
    for draft in (
        OwnTimeDraft(was_participant=True, has_own_support=True),
        OwnTimeDraft(was_participant=True, person_ref=herself.ref, has_own_support=True),
    ):
        world = db.begin_nested()
        sealed.record(db, amina, maya.ref, draft, version=0)
        told.append(everything(db, actors, refs))
        world.rollback()
        db.expire_all()

    without, with_link = told
    assert {key for key in without if without[key] != with_link[key]} == set()
    assert clock.today().isoformat() in str(without)

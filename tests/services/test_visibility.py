"""Which rows a role sees: none at all of what it may not see, whoever asks."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import Session

from models import Role
from services import visibility
from services.permissions import Actor
from services.permissions import Permission as P
from tests.make import make_actor

Clause: TypeAlias = Callable[[Actor], ColumnElement[bool]]
NEEDS: dict[Clause, P] = {
    visibility.visible_groups: P.READ_GROUPS,
    visibility.visible_sessions: P.READ_GROUPS,
    visibility.visible_places: P.READ_PEOPLE,
    visibility.visible_people: P.READ_PEOPLE,
    visibility.openable_children: P.OPEN_CHILD_STEPS,
    visibility.counted_children: P.READ_CHILD_STEPS,
    visibility.visible_referrals: P.READ_REFERRALS,
    visibility.visible_forms: P.EDIT_REFERRALS,
    visibility.visible_plans: P.READ_PLANS,
    visibility.visible_volunteers: P.READ_VOLUNTEERS,
    visibility.visible_to_herself: P.OWN_VOLUNTEERING,
    visibility.visible_beside_her: P.OWN_VOLUNTEERING,
    visibility.visible_support: P.SUPERVISE,
    visibility.visible_concerns: P.RAISE_CONCERNS,
    visibility.visible_conflicts: P.KEEP_CONFLICTS,
    visibility.importable_people: P.IMPORT_RECORDS,
    visibility.importable_groups: P.IMPORT_RECORDS,
}
CLAUSES = ("visible_", "openable_", "counted_", "importable_")


@pytest.mark.parametrize("role", Role)
def test_who_may_not_see_something_finds_nothing_of_it(db: Session, role: Role) -> None:
    actor = make_actor(db, "somebody", role)

    nothing = {clause.__name__ for clause in NEEDS if clause(actor) is false()}

    may_not = {clause.__name__ for clause, needed in NEEDS.items() if not actor.may(needed)}
    assert nothing == may_not


def test_no_clause_is_left_out_above() -> None:
    clauses = {name for name in vars(visibility) if name.startswith(CLAUSES)}
    assert clauses == {clause.__name__ for clause in NEEDS}

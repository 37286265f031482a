"""Joining two records of one person, with all that hangs on them, and taking them apart again."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import Base, Crossing, Person, PersonMerge, Plan, Professional, new_ref
from services import audit, clock
from services.errors import ConflictError, NotFoundError
from services.merging.fields import as_json, from_json, joined
from services.merging.plans import put_back_plan, settle_plan
from services.merging.rows import pointers
from services.merging.stops import stops
from services.permissions import Actor, Permission
from services.places.milestones import people_changed
from services.search import PEOPLE, rebuild
from services.visibility import visible_people

_OF_A_FAMILY = (Person, Plan, Professional, Crossing)


def merge(
    db: Session,
    actor: Actor,
    *,
    kept_ref: str,
    gone_ref: str,
    versions: tuple[int, int],
    from_gone: Collection[str] = (),
) -> str:
    """Join the gone record to the kept one, and give back the reference by which to undo it.

    `from_gone` names the fields in which the gone record is right. All that belongs to the gone
    record moves, and to her family too, in this transaction; what moved is remembered. Raises
    ConflictError with the reasons when something stands in the way, or when either record has
    changed since `versions`.
    """
    actor.require(Permission.MERGE_PEOPLE)
    kept, gone = held_pair(db, actor, kept_ref, gone_ref)
    if (kept.version, gone.version) != versions:
        raise ConflictError(
            "Somebody changed one of the two records meanwhile. Look at them again."
        )
    if in_the_way := stops(db, kept, gone):
        raise ConflictError(" ".join(in_the_way))
    moved = _move(db, kept, gone, set(from_gone))
    people_changed(db, [kept.id, gone.id])
    one = PersonMerge(
        ref=new_ref(),
        kept_id=kept.id,
        gone_id=gone.id,
        moved=moved,
        merged_at=clock.now(),
        merged_by_id=actor.account_id,
    )
    db.add(one)
    rebuild(db, PEOPLE, [kept.id, gone.id])
    audit.record(
        db, actor, "people.merged", f"person:{kept.ref}", other=gone.ref, merge=one.ref,
        rows=sum(map(len, moved["rows"].values())),
    )  # fmt: skip
    return one.ref


def undo(db: Session, actor: Actor, merge_ref: str) -> None:
    """Take two records apart again: everything goes back where it was.

    What was added since stays with the record that was kept. Raises ConflictError with what
    stands in the way.
    """
    actor.require(Permission.MERGE_PEOPLE)
    one = db.scalar(select(PersonMerge).where(PersonMerge.ref == merge_ref).with_for_update())
    if one is None:
        raise NotFoundError("entry")
    kept, gone = _both(db, actor, one)
    if one.undone_at is not None:
        raise ConflictError("These two records have been taken apart already.")
    if in_the_way := _against_undoing(db, one, kept):
        raise ConflictError(" ".join(in_the_way))
    _put_back(db, one, kept, gone)
    people_changed(db, [kept.id, gone.id])
    one.undone_at, one.undone_by_id = clock.now(), actor.account_id
    rebuild(db, PEOPLE, [kept.id, gone.id])
    audit.record(
        db, actor, "people.unmerged", f"person:{kept.ref}", other=gone.ref, merge=merge_ref
    )


def held_pair(db: Session, actor: Actor, kept_ref: str, gone_ref: str) -> tuple[Person, Person]:
    """Both records, held until the transaction ends, always in one order: two joins never wait
    for each other. Raises NotFoundError for one she may not know of, or one with itself."""
    query = select(Person).where(Person.ref.in_((kept_ref, gone_ref)), visible_people(actor))
    query = query.order_by(Person.id).with_for_update(of=Person)
    people = {person.ref: person for person in db.scalars(query)}
    if len(people) != 2:  # noqa: PLR2004 - the two
        raise NotFoundError("person")
    return people[kept_ref], people[gone_ref]


def _move(db: Session, kept: Person, gone: Person, from_gone: set[str]) -> dict[str, Any]:
    """Move everything, and tell what has to be known to put it back."""
    moved: dict[str, Any] = {"rows": {}, "fields": {}, "family": None}
    for pointer in pointers():
        if numbers := pointer.to_move(db, kept.id, gone.id):
            moved["rows"][pointer.name] = numbers
    for pointer in pointers():
        pointer.move(db, moved["rows"].get(pointer.name, []), old=gone.id, new=kept.id)
    moved["plan"] = settle_plan(db, kept.id, gone.id)
    moved["family"] = _move_family(db, kept, gone)
    for field, value in joined(kept, gone, from_gone).items():
        moved["fields"][field] = [as_json(getattr(kept, field)), as_json(value)]
        setattr(kept, field, value)
    gone.merged_into_id = kept.id
    db.flush()
    return moved


def _move_family(db: Session, kept: Person, gone: Person) -> dict[str, Any] | None:
    """Her family joins the other: it is one, if she is one. The gone record itself stays."""
    if kept.family_id == gone.family_id:
        return None
    old = gone.family_id
    rows: dict[str, list[int]] = {}
    for model in _OF_A_FAMILY:
        theirs = select(model.id).where(model.family_id == old).order_by(model.id)
        numbers = [number for number in db.scalars(theirs) if (model, number) != (Person, gone.id)]
        rows[model.__tablename__] = numbers
        if numbers:
            table = Base.metadata.tables[model.__tablename__]
            db.execute(
                update(table).where(table.c.id.in_(numbers)).values(family_id=kept.family_id)
            )
    return {"from": old, "to": kept.family_id, "rows": rows}


def _both(db: Session, actor: Actor, one: PersonMerge) -> tuple[Person, Person]:
    numbers = (one.kept_id, one.gone_id)
    query = select(Person).where(Person.id.in_(numbers)).order_by(Person.id).with_for_update()
    people = {person.id: person for person in db.scalars(query)}
    seen = db.scalar(select(Person.id).where(Person.id == one.kept_id, visible_people(actor)))
    if seen is None and people[one.kept_id].merged_into_id is None:
        raise NotFoundError("entry")
    return people[one.kept_id], people[one.gone_id]


def _against_undoing(db: Session, one: PersonMerge, kept: Person) -> list[str]:
    """What has been built on the joined record since, so that it cannot be taken apart."""
    both = (one.kept_id, one.gone_id)
    later = select(PersonMerge.id).where(
        PersonMerge.id > one.id,
        PersonMerge.undone_at.is_(None),
        or_(PersonMerge.kept_id.in_(both), PersonMerge.gone_id.in_(both)),
    )
    if db.scalar(later.limit(1)) is not None:
        return ["One of the two was joined with a third record since. Undo that first."]
    found = []
    rows = one.moved["rows"]
    if any(
        not pointer.still_at(db, rows[pointer.name], one.kept_id)
        for pointer in pointers()
        if pointer.name in rows
    ):
        found.append(
            "Something that moved with her has been removed since. Put it right by hand instead."
        )
    if any(as_json(getattr(kept, name)) != after for name, (_, after) in _fields(one).items()):
        found.append(
            "Fields that were chosen then have been changed since. Set them back to what was "
            "chosen first."
        )
    family = one.moved["family"]
    if family and kept.family_id != family["to"]:
        found.append("She has been moved to another family since. Move her back first.")
    return found


def _put_back(db: Session, one: PersonMerge, kept: Person, gone: Person) -> None:
    gone.merged_into_id = None
    for field, (before, _after) in _fields(one).items():
        setattr(kept, field, from_json(field, before))
    db.flush()
    put_back_plan(db, one.moved["plan"])
    for pointer in pointers():
        numbers = one.moved["rows"].get(pointer.name, [])
        pointer.move(db, numbers, old=kept.id, new=gone.id)
    if family := one.moved["family"]:
        for model in _OF_A_FAMILY:
            table = Base.metadata.tables[model.__tablename__]
            back = table.c.id.in_(family["rows"][model.__tablename__])
            here = table.c.family_id == family["to"]
            db.execute(update(table).where(back, here).values(family_id=family["from"]))


def _fields(one: PersonMerge) -> dict[str, list[Any]]:
    fields: dict[str, list[Any]] = one.moved["fields"]
    return fields

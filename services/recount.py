"""Every count made again from the data itself: what the kept ones must equal at any time."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, case, func, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Group, GroupSession, Mark, Place
from services import audit, bulk, clock, feedback, measure_counts, tallies
from services.attendance import AttendanceCode
from services.measure_sums import Measured, dose_cells
from services.milestones import milestones
from services.tallies import Cell, Kind

_ROWS_AT_ONCE = 2_000
_ATTENDED = [code.value for code in AttendanceCode if code.attended]
_OfAGroup = GroupSession | Place
_GROUPS_AT_ONCE = 1_000
_COVERED = [code.value for code in AttendanceCode if code.covers_content]


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that is not what the data says; `str` of it is a line to read."""

    what: str
    kept: int
    counted: int

    def __str__(self) -> str:
        return f"{self.what}: {self.kept} was kept, {self.counted} is right"


def recount(db: Session) -> Counter[Cell]:
    """Every count of `services.tallies`, from marks, places, forms and answers."""
    counted = measure_counts.recount(db)
    for more in (_marks(db), _places(db), _doses(db), feedback.recount(db)):
        counted.update(more)
    return counted


def differences(db: Session) -> list[Difference]:
    """Where the counts kept for the programme, and those kept with places, are not the data's."""
    return [*_in_tallies(db, recount(db)), *_in_places(db)]


def put_right(db: Session) -> list[Difference]:
    """Make every count what the data says, and give back where it was not."""
    found = list(_in_places(db))
    for ref, _attended, _covered, attended, covered in _wrong_places(db):
        right = {"attended": attended, "covered": covered}
        db.execute(update(Place).where(Place.ref == ref).values(right))
    for place, _kept, scores in _wrong_scores(db):
        db.execute(update(Place).where(Place.id == place).values(measured=scores))
    counted = recount(db)
    found = [*_in_tallies(db, counted), *found]
    if found:
        tallies.replace_all(db, counted)
        audit.record(db, None, "counts.put_right", differences=len(found))
    return found


@contextmanager
def keeping(db: Session, groups: Collection[int], *, everything: bool = False) -> Iterator[None]:
    """Change marks and places of these groups inside the block; the counts follow.

    For many at once: what the groups come to is counted before and after, their forms and answers
    too if `everything` counted for them may change. The caller holds them.
    """
    db.flush()
    before = _of_groups(db, groups, everything=everything)
    yield
    db.flush()
    after = _of_groups(db, groups, everything=everything)
    after.subtract(before)
    tallies.add(db, after)


def _of_groups(db: Session, groups: Collection[int], *, everything: bool) -> Counter[Cell]:
    counted: Counter[Cell] = Counter()
    for some in bulk.batches(sorted(groups), _GROUPS_AT_ONCE):
        for count in (_marks, _places, _doses):
            counted.update(count(db, some))
    for group in groups if everything else ():
        counted.update(measure_counts.recount(db, group))
        counted.update(feedback.recount(db, group))
    return counted


def _marks(db: Session, groups: Collection[int] | None = None) -> Counter[Cell]:
    # Summed by session first: that is the order the marks lie in.
    times = func.count().label("times")
    by_session = (
        select(Mark.session_id, Mark.code, times)
        .where(Mark.code.is_not(None), _of(groups, Mark.session_id, GroupSession))
        .group_by(Mark.session_id, Mark.code)
        .subquery()
    )
    query = (
        select(
            Group.programme,
            Group.starts_on,
            by_session.c.code,
            GroupSession.number,
            func.sum(by_session.c.times),
        )
        .join(GroupSession, GroupSession.id == by_session.c.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .group_by(Group.programme, Group.starts_on, by_session.c.code, GroupSession.number)
    )
    counted: Counter[Cell] = Counter()
    for programme, starts, code, number, count in db.execute(query):
        counted[Cell(Kind.MARK, programme, clock.quarter(starts), code, number)] += int(count)
    return counted


def _places(db: Session, groups: Collection[int] | None = None) -> Counter[Cell]:
    sums = _sums(groups)
    columns = (
        Group.programme,
        Group.starts_on,
        Group.sessions_to_complete,
        Place.state,
        func.coalesce(sums.c.attended, 0),
        func.coalesce(sums.c.covered, 0),
    )
    query = (
        select(*columns, func.count())
        .join(Place, Place.group_id == Group.id)
        .outerjoin(sums, sums.c.place_id == Place.id)
        .where(_of(groups, Place.id, Place))
        .group_by(*columns)
    )
    counted: Counter[Cell] = Counter()
    for programme, starts, enough, state, attended, covered, count in db.execute(query):
        place = Place(state=state, attended=attended, covered=covered)
        for name in milestones(place, Group(sessions_to_complete=enough)):
            counted[Cell(Kind.PLACE, programme, clock.quarter(starts), name)] += count
    return counted


def _doses(db: Session, groups: Collection[int] | None = None) -> Counter[Cell]:
    """Change by the sessions attended and covered, from the totals kept with each place."""
    sums = _sums(groups)
    query = (
        select(
            Group.programme,
            Group.starts_on,
            Place.measured,
            func.coalesce(sums.c.attended, 0),
            func.coalesce(sums.c.covered, 0),
        )
        .join(Place, Place.group_id == Group.id)
        .outerjoin(sums, sums.c.place_id == Place.id)
        .where(Place.measured.is_not(None), _of(groups, Place.id, Place))
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    counted: Counter[Cell] = Counter()
    for programme, starts, scores, attended, covered in db.execute(query):
        counted.update(dose_cells(programme, clock.quarter(starts), scores, attended, covered))
    return counted


def _of(
    groups: Collection[int] | None, number: InstrumentedAttribute[int], whose: type[_OfAGroup]
) -> ColumnElement[bool]:
    """Whether a session or place is one of these groups'; every one, where none are named."""
    return (
        true() if groups is None else number.in_(select(whose.id).where(whose.group_id.in_(groups)))
    )


def _sums(groups: Collection[int] | None = None) -> Subquery:
    """What the marks of each place come to."""
    return (
        select(
            Mark.place_id,
            *(
                func.sum(case((Mark.code.in_(codes), 1), else_=0)).label(name)
                for name, codes in (("attended", _ATTENDED), ("covered", _COVERED))
            ),
        )
        .where(_of(groups, Mark.place_id, Place))
        .group_by(Mark.place_id)
        .subquery()
    )


def _in_tallies(db: Session, counted: Counter[Cell]) -> Iterator[Difference]:
    kept = tallies.stored(db)
    for cell in sorted(kept.keys() | counted.keys(), key=_words):
        if kept[cell] != counted[cell]:
            yield Difference(_words(cell), kept[cell], counted[cell])


def _words(cell: Cell) -> str:
    parts = (cell.kind.value, cell.programme, cell.period, cell.key, cell.first, cell.second)
    return " ".join(map(str, parts))


def _in_places(db: Session) -> Iterator[Difference]:
    for ref, attended, covered, right_attended, right_covered in _wrong_places(db):
        if attended != right_attended:
            yield Difference(f"place {ref} attended", attended, right_attended)
        if covered != right_covered:
            yield Difference(f"place {ref} covered", covered, right_covered)
    for place, kept, right in _wrong_scores(db):
        yield Difference(f"scores kept with place {place}", len(kept or ()), len(right or ()))


def _wrong_scores(db: Session) -> list[tuple[int, Measured | None, Measured | None]]:
    """Each place whose kept totals are not its forms': its number, they, and as they are."""
    right = dict(measure_counts.measured_by_place(db))
    kept = db.execute(select(Place.id, Place.measured).where(Place.measured.is_not(None)))
    there = {row.id: row.measured for row in kept}
    return [
        (place, there.get(place), right.get(place))
        for place in sorted(there.keys() | right.keys())
        if there.get(place) != right.get(place)
    ]


def _wrong_places(db: Session) -> list[tuple[str, int, int, int, int]]:
    """Each place whose own sums are wrong: reference, attended and covered, then as they are."""
    sums = _sums()
    attended, covered = func.coalesce(sums.c.attended, 0), func.coalesce(sums.c.covered, 0)
    query = (
        select(Place.ref, Place.attended, Place.covered, attended, covered)
        .outerjoin(sums, sums.c.place_id == Place.id)
        .where(or_(Place.attended != attended, Place.covered != covered))
        .order_by(Place.id)
    )
    return [
        (ref, kept_attended, kept_covered, is_attended, is_covered)
        for ref, kept_attended, kept_covered, is_attended, is_covered in db.execute(query)
    ]

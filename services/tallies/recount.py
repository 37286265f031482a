"""Every count made again from the data itself: what the kept ones must equal at any time."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Subquery,
    case,
    extract,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Group, GroupSession, Mark, Place
from services import audit, bulk, clock, feedback
from services.attendance import AttendanceCode
from services.measures import measure_counts
from services.measures.measure_sums import Measured, dose_cells
from services.places.milestones import cells, people_changed
from services.programmes import topics_kept
from services.referrals import referral_counts
from services.tallies import session_counts, tallies
from services.tallies.tallies import Cell, Kind

_ROWS_AT_ONCE = 2_000
_ATTENDED = [code.value for code in AttendanceCode if code.attended]
_OfAGroup = GroupSession | Place
_GROUPS_AT_ONCE = 1_000
_COVERED = [code.value for code in AttendanceCode if code.covers_content]
_EXPECTED = [code.value for code in AttendanceCode if code.expected]
_SUMS = (("attended", _ATTENDED), ("covered", _COVERED), ("expected", _EXPECTED))
_KEPT = (Place.attended, Place.covered, Place.expected, Place.topics_covered)


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that is not what the data says; `str` of it is a line to read."""

    what: str
    kept: int
    counted: int

    def __str__(self) -> str:
        return f"{self.what}: {self.kept} was kept, {self.counted} is right"


def recount(db: Session) -> Counter[Cell]:
    """Every count of `services.tallies.tallies`, from marks, places, forms and answers."""
    counted = measure_counts.recount(db)
    for count in (_marks, _places, _doses):
        counted.update(count(db))
    for part in (session_counts, referral_counts, feedback):
        counted.update(part.recount(db))
    return counted


def differences(db: Session) -> list[Difference]:
    """Where the counts kept for the programme, and those kept with places, are not the data's."""
    return [*_in_tallies(db, recount(db)), *_in_places(db)]


def put_right(db: Session) -> list[Difference]:
    """Make every count what the data says, and give back where it was not."""
    found = list(_in_places(db))
    put_places_right(db)
    for place, _scores_kept, scores in _wrong_scores(db):
        db.execute(update(Place).where(Place.id == place).values(measured=scores))
    counted = recount(db)
    found = [*_in_tallies(db, counted), *found]
    if found:
        tallies.replace_all(db, counted)
        audit.record(db, None, "counts.put_right", differences=len(found))
    return found


def put_places_right(db: Session, groups: Collection[int] | None = None) -> None:
    """The same for the sums kept with places alone: of these groups, or of all."""
    for ref, _sums_kept, sums in _wrong_places(db, groups):
        db.execute(update(Place).where(Place.ref == ref).values(sums))


@contextmanager
def keeping(db: Session, groups: Collection[int], *, everything: bool = False) -> Iterator[None]:
    """Change marks and places of these groups inside the block; the counts follow.

    For many at once: what the groups come to is counted before and after, their forms and answers
    too if `everything` counted for them may change. The caller holds them.
    """
    db.flush()
    before = _of_groups(db, groups, everything=everything)
    people = _in_rolling(db, groups)
    yield
    db.flush()
    for some in bulk.batches(sorted(people | _in_rolling(db, groups)), _GROUPS_AT_ONCE):
        people_changed(db, some, besides=groups)
    after = _of_groups(db, groups, everything=everything)
    after.subtract(before)
    tallies.add(db, after)


def _in_rolling(db: Session, groups: Collection[int]) -> set[int]:
    """Whoever has a place in one of these groups in which topics count."""
    found: set[int] = set()
    for some in bulk.batches(sorted(groups), _GROUPS_AT_ONCE):
        query = (
            select(Place.person_id)
            .join(Group, Group.id == Place.group_id)
            .where(Group.id.in_(some), Group.topics_to_complete.is_not(None))
        )
        found.update(db.scalars(query))
    return found


def _of_groups(db: Session, groups: Collection[int], *, everything: bool) -> Counter[Cell]:
    counted: Counter[Cell] = Counter()
    for some in bulk.batches(sorted(groups), _GROUPS_AT_ONCE):
        for count in (_marks, _places, _doses, session_counts.recount):
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
    columns = (
        Group.programme,
        Group.starts_on,
        by_session.c.code,
        GroupSession.number,
        extract("year", GroupSession.local_start),
        extract("month", GroupSession.local_start),
    )
    query = (
        select(*columns, func.sum(by_session.c.times))
        .join(GroupSession, GroupSession.id == by_session.c.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(session_counts.IS_HELD)
        .group_by(*columns)
    )
    counted: Counter[Cell] = Counter()
    for programme, starts, code, number, year, month, count in db.execute(query):
        period, in_month = clock.quarter(starts), 12 * int(year) + int(month) - 1
        counted[Cell(Kind.MARK, programme, period, code, number)] += int(count)
        counted[Cell(Kind.MONTH, programme, period, code, in_month)] += int(count)
    return counted


def _places(db: Session, groups: Collection[int] | None = None) -> Counter[Cell]:
    sums = _sums(groups)
    topics = topics_kept.recount(db, groups)
    columns = (
        Group.programme, Group.starts_on, Group.sessions_to_complete, Group.topics_to_complete,
        Place.state, Place.left_because, *(func.coalesce(sums.c[name], 0) for name, _ in _SUMS),
    )  # fmt: skip
    # A place of a rolling group stands by itself, since its topics are its own.
    by_itself = case((Group.topics_to_complete.is_not(None), Place.id), else_=literal(0))
    query = (
        select(*columns, by_itself, func.count())
        .join(Place, Place.group_id == Group.id)
        .outerjoin(sums, sums.c.place_id == Place.id)
        .where(_of(groups, Place.id, Place))
        .group_by(*columns, by_itself)
    )
    counted: Counter[Cell] = Counter()
    for programme, starts, enough, all_topics, state, because, *marks, number, count in db.execute(
        query
    ):
        place = Place(state=state, left_because=because, topics_covered=topics.get(number, 0))
        place.attended, place.covered, place.expected = marks
        group = Group(
            programme=programme,
            starts_on=starts,
            sessions_to_complete=enough,
            topics_to_complete=all_topics,
        )
        for cell in cells(place, group):
            counted[cell] += count
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
    """What the marks of each place come to, in sessions that were held."""
    return (
        select(
            Mark.place_id,
            *(
                func.sum(case((Mark.code.in_(codes), 1), else_=0)).label(name)
                for name, codes in _SUMS
            ),
        )
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(session_counts.IS_HELD, _of(groups, Mark.place_id, Place))
        .group_by(Mark.place_id)
        .subquery()
    )


def _in_tallies(db: Session, counted: Counter[Cell]) -> Iterator[Difference]:
    kept = tallies.stored(db)
    for cell in sorted(kept.keys() | counted.keys(), key=_words):
        if kept[cell] != counted[cell]:
            yield Difference(_words(cell), kept[cell], counted[cell])
    ever, right = tallies.stored_ever(db), tallies.over_every_quarter(counted)
    for at in sorted(ever.keys() | right.keys()):
        if ever[at] != right[at]:
            yield Difference(" ".join(map(str, at)), ever[at], right[at])


def _words(cell: Cell) -> str:
    parts = (cell.kind.value, cell.programme, cell.period, cell.key, cell.first, cell.second)
    return " ".join(map(str, parts))


def _in_places(db: Session) -> Iterator[Difference]:
    for ref, kept, right in _wrong_places(db):
        for name, counted in right.items():
            if kept[name] != counted:
                yield Difference(f"place {ref} {name}", kept[name], counted)
    for place, scores, as_they_are in _wrong_scores(db):
        kept_many, right_many = len(scores or ()), len(as_they_are or ())
        yield Difference(f"scores kept with place {place}", kept_many, right_many)


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


def _wrong_places(
    db: Session, groups: Collection[int] | None = None
) -> list[tuple[str, dict[str, int], dict[str, int]]]:
    """Each place whose own sums are wrong: reference, the sums as kept, and as they are."""
    sums, topics = _sums(groups), topics_kept.recount(db, groups)
    right = [func.coalesce(sums.c[name], 0) for name, _codes in _SUMS]
    differs = [kept != counted for kept, counted in zip(_KEPT, right, strict=False)]
    query = (
        select(Place.ref, Place.id, *_KEPT, *right)
        .join(Group, Group.id == Place.group_id)
        .outerjoin(sums, sums.c.place_id == Place.id)
        .where(
            or_(*differs, Place.topics_covered != 0, Group.topics_to_complete.is_not(None)),
            _of(groups, Place.id, Place),
        )
        .order_by(Place.id)
    )
    names = [column.key for column in _KEPT]
    found = []
    for ref, number, *both in db.execute(query):
        kept = dict(zip(names, both, strict=False))
        counted = dict(zip(names, [*both[len(names) :], topics.get(number, 0)], strict=True))
        if kept != counted:
            found.append((ref, kept, counted))
    return found

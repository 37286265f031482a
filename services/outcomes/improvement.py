"""Who improved clearly: by programme from kept counts, by group from what is kept with places."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from models import Place, Tally
from services import clock
from services.measures.measure_definition import Measure
from services.measures.measure_library import measure
from services.outcomes.comparing_figures import Comparison, Unit, compared
from services.outcomes.outcome_change import BETTER, Pairs, has_rule, movements, rule_in_words
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.tallies.periods import Period
from services.tallies.tallies import Kind


def improved(db: Session, actor: Actor, period: Period) -> Comparison:
    """Clear improvement of those with both forms, on the measure most people answered twice.

    Only on a measure with a published rule for telling a clear change from its own noise; with no
    rows where none was answered twice.
    """
    actor.require(Permission.READ_OUTCOMES)
    chosen = _most_used(db, period)
    if chosen is None:
        return compared([])
    form = _form(chosen)
    pairs: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for programme, start, end, people in db.execute(_pairs(period, chosen)):
        pairs[programme].append((start, end, int(people)))
    titles = programmes.titles(db)
    units = [_unit(titles[programme], counted, form) for programme, counted in pairs.items()]
    return compared(units, about=f"{form.title}. {rule_in_words(form)}")


def improved_in(
    db: Session, actor: Actor, period: Period, named: Mapping[int, str], *, most: int
) -> Comparison:
    """The same in these groups, which stand by their numbers with the name each counts under."""
    actor.require(Permission.READ_OUTCOMES)
    chosen = _most_used(db, period)
    if chosen is None:
        return compared([])
    form = _form(chosen)
    query = select(Place.group_id, Place.measured).where(
        Place.group_id.in_(named), Place.measured.is_not(None)
    )
    pairs: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for group, scores in db.execute(query):
        start, end = (scores or {}).get(chosen, (None, None))
        if start is not None and end is not None:
            pairs[named[group]].append((start, end, 1))
    units = [_unit(name, counted, form) for name, counted in pairs.items()]
    about = f"{form.title}. {rule_in_words(form)}"
    return compared(units, groups=len(named), most=most, about=about)


def _unit(name: str, pairs: Pairs, form: Measure) -> Unit:
    moved: Counter[str] = Counter()
    for one in movements(pairs, form):
        moved[one.verdict] += one.people
    of = moved.total()
    return Unit(name, moved[BETTER], of, of)


def _most_used(db: Session, period: Period) -> str | None:
    # Those with both forms by their age: as many as there are pairs, in a tenth of the rows.
    query = (
        select(Tally.key, func.sum(Tally.count).label("people"))
        .where(*_in(period, Kind.AGE), Tally.second == 1)
        .group_by(Tally.key)
        .order_by(func.sum(Tally.count).desc(), Tally.key)
    )
    return next((key for key, _people in db.execute(query) if has_rule(_form(key))), None)


def _pairs(period: Period, key: str) -> Select[str, int, int, int]:
    columns = (Tally.programme, Tally.first, Tally.second)
    return (
        select(*columns, func.sum(Tally.count))
        .where(*_in(period, Kind.PAIR), Tally.key == key)
        .group_by(*columns)
        .having(func.sum(Tally.count) > 0)
    )


def _in(period: Period, kind: Kind) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    quarters = clock.quarter(period.first), clock.quarter(period.last)
    return Tally.kind == kind.value, Tally.period.between(*quarters)


def _form(key: str) -> Measure:
    return measure(key.split(":", maxsplit=1)[0])

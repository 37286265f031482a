"""One chart taken out of the house: by whole quarters, over all programmes, as for anybody."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from models import ReleaseKind
from services import audit, clock, organisation, releases
from services.errors import InvalidInputError
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.releases import PUBLIC, Cleared, Leaving
from services.reports import figures
from services.reports.frozen import said_of
from services.reports.making import inside, rows
from services.reports.parts import Asked, Chart, Wanted, footer_lines
from services.reports.populations import population

QUARTERS = 8
TOO_FEW = (
    "So few people are behind this chart that nothing of it may leave the house. It stays here, "
    "for you to look at."
)


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A chart that may leave: how it is drawn, the same as rows, and what stands beneath it."""

    chart: Chart
    columns: tuple[str, ...]
    rows: tuple[tuple[int | str, ...], ...]
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A chart as it would leave, and the last line of the ledger it was checked beside."""

    taken: TakenOut
    leaving: Leaving
    table: Cleared
    beside: int


def prepare(db: Session, actor: Actor, figure: str) -> Prepared:
    """The figure of the last eight whole quarters, protected; nothing is written.

    Whole quarters, so that it stays the same until the next is over; all programmes, since one
    could be taken from all. Raises InvalidInputError where too few people are behind it.
    """
    actor.require(Permission.MAKE_REPORTS)
    beside = releases.newest(db)
    asked = _asked(clock.today())
    wanted = figures.wanted(db, figure, asked)
    if wanted is None:
        raise InvalidInputError({"figure": TOO_FEW})
    mine = [
        kept
        for kept in releases.earlier(db, asked.first, asked.last)
        if kept.table.of == wanted.table.of
    ]
    first = min([asked.first, *(kept.table.first for kept in mine)])
    last = max([asked.last, *(kept.table.last for kept in mine)])
    people = population(db, wanted.table.of, first, last)
    threshold = asked.threshold if wanted.of_people else 1
    cleared, _ = releases.clear(people, [wanted.table], threshold, mine)
    if not cleared:
        raise InvalidInputError({"figure": TOO_FEW})
    leaves, said = said_of(wanted, cleared[0], cleared[0].counts, inside(people, wanted.table))
    if said.chart is None:
        raise InvalidInputError({"figure": TOO_FEW})
    leaving = Leaving(
        kind=ReleaseKind.CHART,
        title=wanted.title[:100],
        first=asked.first,
        last=asked.last,
        audience="Anybody",
        threshold=threshold,
    )
    return Prepared(_taken(db, wanted, asked, leaves, said.chart), leaving, leaves, beside)


def take_out(db: Session, actor: Actor, prepared: Prepared) -> TakenOut:
    """A prepared chart goes: written down and audited.

    Raises ConflictError where something else has left meanwhile.
    """
    actor.require(Permission.MAKE_REPORTS)
    releases.hold(db, since=prepared.beside)
    release = releases.write_down(db, actor, prepared.leaving, [prepared.table])
    audit.record(
        db, actor, "chart.taken_out", f"release:{release.ref}", shown=release.shown,
        hidden=release.hidden,
    )  # fmt: skip
    return prepared.taken


def _asked(today: date) -> Asked:
    begun = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    first = begun - relativedelta(months=3 * QUARTERS)
    return Asked(first=first, last=begun - timedelta(days=1), threshold=PUBLIC)


def _taken(db: Session, wanted: Wanted, asked: Asked, leaves: Cleared, chart: Chart) -> TakenOut:
    found = rows(wanted, leaves.counts, programmes.titles(db), asked)
    house = organisation.current(db)
    footer = footer_lines(
        f"{wanted.title}. {house.name if house else ''}, all programmes,",
        f"{asked.first:%d/%m/%Y} to {asked.last:%d/%m/%Y}; made on {clock.today():%d/%m/%Y}.",
        wanted.about,
        f"Numbers below {asked.threshold} are hidden; n stands beside each figure."
        if wanted.of_people
        else "These are sessions and no people, so no number is hidden.",
    )
    return TakenOut(
        chart, tuple(found["columns"]), tuple(tuple(row) for row in found["rows"]), footer
    )

"""Making a report: sections filled, small numbers hidden, figures frozen and written down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeAlias

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ProgrammeVersion, ReleaseKind
from services import audit, clock, kept_versions, organisation, releases
from services.disclosure.tables import QUARTER, TOTAL, Population, Table
from services.errors import InvalidInputError
from services.measures.measure_library import measures
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.releases import FUNDER, PUBLIC, Cleared, Counts, Kept, Leaving
from services.reports.frozen import said_of
from services.reports.parts import TITLES, Asked, Chart, Section, Wanted
from services.reports.populations import population
from services.reports.sections import section
from services.tallies.shares import MEANS_FROM

LEAST, MAX_TITLE, MAX_READER = 2, 100, 120
LONGEST = 366 * 3
# Draws a chart of a name as SVG, on a page of light ground; handed in by the screen side.
Draw: TypeAlias = Callable[[str, pd.DataFrame], str]
Tell: TypeAlias = Callable[[str, float], None]
HIDDEN = "*"
NOTHING = "Nothing of this is on record in these days."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """What a report is asked to be."""

    title: str
    reader: str
    first: date | None
    last: date | None
    sections: tuple[str, ...]
    programme: str | None = None
    is_public: bool = False
    is_rounded: bool = False

    def checked(self, *, today: date) -> "ReportDraft":
        """The same, cut at yesterday. Raises InvalidInputError with a sentence a field."""
        title, reader = self.title.strip(), self.reader.strip()
        problems = self._problems_of_days(today)
        if not LEAST <= len(title) <= MAX_TITLE:
            problems["title"] = f"Enter a title of {LEAST} to {MAX_TITLE} letters."
        if not LEAST <= len(reader) <= MAX_READER:
            problems["reader"] = "Say who will read it: it is written down beside the figures."
        if not self.sections or not set(self.sections) <= TITLES.keys():
            problems["sections"] = "Choose at least one section."
        if problems:
            raise InvalidInputError(problems)
        return replace(self, title=title, reader=reader)

    def _problems_of_days(self, today: date) -> dict[str, str]:
        if self.first is None or self.last is None:
            return {"last": "Choose a first and a last day."}
        if self.last < self.first:
            return {"last": "The last day is before the first: change one of the two."}
        if self.first >= today:
            return {"first": "Nothing of these days is over yet: choose days that have been."}
        if (self.last - self.first).days > LONGEST:
            return {"last": "Choose three years at most."}
        return {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report as it would leave, and the last line of the ledger it was checked beside."""

    leaving: Leaving
    tables: tuple[Cleared, ...]
    sections: int
    beside: int


def prepare(
    db: Session,
    actor: Actor,
    draft: ReportDraft,
    *,
    draw: Draw,
    tell: Tell = lambda _what, _share: None,
) -> Prepared:
    """Fill a report, with every figure checked beside all that left before; nothing is written.

    It can take a while, and nobody who marks a register has to wait for it: `keep` is what
    writes. Raises InvalidInputError.
    """
    actor.require(Permission.MAKE_REPORTS)
    today = clock.today()
    draft = draft.checked(today=today)
    beside = releases.newest(db)
    if draft.programme is not None and draft.programme not in programmes.titles(db):
        raise InvalidInputError({"programme": "Choose a programme from the list, or all."})
    maker = _Maker(db, _asked(draft, today), draw, tell)
    parts = maker.parts(draft.sections)
    document = {
        **_head(db, actor, draft, maker.asked, today),
        "sections": parts,
        "refused": maker.refused,
        "versions": _versions(db),
    }
    leaving = Leaving(
        kind=ReleaseKind.REPORT,
        title=draft.title,
        first=maker.asked.first,
        last=maker.asked.last,
        audience=draft.reader,
        threshold=maker.asked.threshold,
        programme=draft.programme,
        is_rounded=draft.is_rounded,
        document=document,
    )
    return Prepared(leaving, tuple(maker.left), len(parts), beside)


def keep(db: Session, actor: Actor, prepared: Prepared) -> str:
    """Freeze a prepared report in the ledger, and give back its reference.

    Raises ConflictError where something else has left meanwhile.
    """
    actor.require(Permission.MAKE_REPORTS)
    releases.hold(db, since=prepared.beside)
    release = releases.write_down(db, actor, prepared.leaving, prepared.tables)
    audit.record(
        db, actor, "report.made", f"release:{release.ref}", sections=prepared.sections,
        shown=release.shown, hidden=release.hidden, threshold=release.threshold,
    )  # fmt: skip
    return release.ref


def _asked(draft: ReportDraft, today: date) -> Asked:
    """Today is not over: whoever came this morning would be the difference to this afternoon."""
    assert draft.first is not None  # noqa: S101 - checked
    assert draft.last is not None  # noqa: S101 - checked
    return Asked(
        first=draft.first,
        last=min(draft.last, today - timedelta(days=1)),
        threshold=PUBLIC if draft.is_public else FUNDER,
        programme=draft.programme,
        is_rounded=draft.is_rounded,
    )


@dataclass(slots=True)
class _Maker:
    """One report on its way: everything read once, and every table cleared beside the others."""

    db: Session
    asked: Asked
    draw: Draw
    tell: Tell
    left: list[Cleared] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def parts(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        self.tell("Reading what left before", 0.0)
        sections = [section(self.db, key, self.asked) for key in TITLES if key in keys]
        wanted: dict[str, list[Wanted]] = {}
        for one in (table for part in sections for table in part.tables):
            wanted.setdefault(one.table.of, []).append(one)
        before = releases.earlier(self.db, self.asked.first, self.asked.last)
        cleared: dict[Table, Cleared] = {}
        people: dict[str, Population] = {}
        for number, (name, tables) in enumerate(wanted.items()):
            self.tell(f"Checking {tables[0].title.lower()}", number / len(wanted))
            mine = [kept for kept in before if kept.table.of == name]
            people[name] = self._read(name, mine)
            may_leave, refused = releases.clear(
                people[name], [one.table for one in tables], self.asked.threshold, mine
            )
            cleared |= {one.table: one for one in may_leave}
            self.refused += [one.title for one in tables if one.table in refused]
        self.tell("Drawing charts", 1.0)
        return [self._part(one, cleared, people) for one in sections]

    def _read(self, name: str, before: Iterable[Kept]) -> Population:
        spans = [(kept.table.first, kept.table.last) for kept in before]
        first = min([self.asked.first, *(begins for begins, _ in spans)])
        last = max([self.asked.last, *(ends for _, ends in spans)])
        return population(self.db, name, first, last)

    def _part(
        self, one: Section, cleared: Mapping[Table, Cleared], people: Mapping[str, Population]
    ) -> dict[str, Any]:
        tables = [
            self._table(wanted, cleared[wanted.table], people[wanted.table.of])
            for wanted in one.tables
            if wanted.table in cleared
        ]
        shown = [table for table in tables if table["rows"]]
        nothing = [NOTHING] if tables and not shown else []
        return {"key": one.key, "title": one.title, "intro": one.intro, "tables": shown,
                "lines": [*nothing, *one.lines]}  # fmt: skip

    def _table(self, wanted: Wanted, leaves: Cleared, people: Population) -> dict[str, Any]:
        titles = programmes.titles(self.db) if "programme" in wanted.table.by else {}
        counts = {cell: _rounded(count, self.asked) for cell, count in leaves.counts.items()}
        leaves, said = said_of(wanted, leaves, counts, inside(people, wanted.table))
        self.left.append(leaves)
        again = []
        if leaves.since is not None:
            again = [f"As released on {leaves.since.day} {leaves.since:%B %Y}."]
        return {
            "title": wanted.title,
            **rows(wanted, leaves.counts, titles, self.asked),
            "says": [*said.says, *again],
            "chart": self._chart(said.chart),
        }

    def _chart(self, chart: Chart | None) -> dict[str, Any] | None:
        if chart is None:
            return None
        svg = self.draw(chart.name, chart.frame)
        return {"svg": svg, "alt": chart.alt}


def inside(people: Population, table: Table) -> Population:
    """Those of a population whom one table counts."""
    units = people.units[(people.units["day"] >= table.first) & (people.units["day"] <= table.last)]
    for name, value in table.where:
        units = units[units[name] == value]
    return Population(units, people.labels)


def rows(wanted: Wanted, counts: Counts, titles: Mapping[str, str], asked: Asked) -> dict[str, Any]:
    """Heading and rows as they are printed; empty where nobody is counted at all."""
    labels = _labels(wanted.table, counts, asked)
    if len(wanted.table.by) == 1:
        columns = [wanted.heading, "Number", *(["Share"] if wanted.share else [])]
        total = counts.get((TOTAL,))
        rows = [
            [titles.get(label, label), _number(counts[label,], asked)]
            + ([_share(counts[label,], total, asked)] if wanted.share else [])
            for label in labels[0]
        ]
    else:
        columns = [wanted.heading, *labels[1]]
        rows = [
            [titles.get(one, one), *(_number(counts[one, other], asked) for other in labels[1])]
            for one in labels[0]
        ]
    anybody = any(count is None or count for count in counts.values())
    return {"columns": columns, "rows": rows if anybody else []}


def _labels(table: Table, counts: Counts, asked: Asked) -> list[list[str]]:
    """The values of each column that have anybody, and the total; of quarters those asked for."""
    found = []
    for place, name in enumerate(table.by):
        here: dict[str, bool] = {}
        for cell, count in counts.items():
            here[cell[place]] = here.get(cell[place], False) or count is None or count > 0
        if name == QUARTER:
            ends = clock.quarter(asked.first), clock.quarter(asked.last)
            here = {q: q == TOTAL or ends[0] <= q <= ends[1] for q in here}
        found.append([value for value, anybody in here.items() if anybody or value == TOTAL])
    return found


def _number(count: int | None, asked: Asked) -> int | str:
    rounded = _rounded(count, asked)
    return HIDDEN if rounded is None else rounded


def _rounded(count: int | None, asked: Asked) -> int | None:
    return 5 * round(count / 5) if asked.is_rounded and count is not None else count


def _share(count: int | None, of: int | None, asked: Asked) -> str:
    if count is None or of is None or of < MEANS_FROM:
        return ""
    return f"{_number(count, asked) / max(_number(of, asked), 1):.0%}"  # type: ignore[operator]


def _head(
    db: Session, actor: Actor, draft: ReportDraft, asked: Asked, today: date
) -> dict[str, Any]:
    found = organisation.current(db)
    notes = []
    if draft.last is not None and draft.last >= today:
        notes.append(f"The period is not over: figures go up to {clock.spoken_day(asked.last)}.")
    if draft.programme is not None:
        notes.append(f"About {programmes.titles(db)[draft.programme]} only.")
    if draft.is_public:
        notes.append(f"May be read by anybody: numbers below {PUBLIC} are hidden.")
    return {
        "title": draft.title,
        "reader": draft.reader,
        "period": f"{_day(asked.first)} to {_day(asked.last)}",
        "organisation": found.name if found else "",
        "made": _day(today),
        "by": actor.name,
        "notes": notes,
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _versions(db: Session) -> list[str]:
    """By which descriptions the figures were made."""
    newest = kept_versions.is_newest(ProgrammeVersion)
    query = (
        select(ProgrammeVersion.title, ProgrammeVersion.version)
        .where(newest)
        .order_by(ProgrammeVersion.title)
    )
    lines = [f"{title}, version {version}" for title, version in db.execute(query)]
    return lines + [f"{one.short_title}, version {one.version}" for one in measures().values()]

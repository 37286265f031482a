"""The fixed sections of a report: which tables, and what is said of them once they may leave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from models import Respondent
from services.characteristic_questions import questions
from services.disclosure.tables import TOTAL, Population, Table
from services.forms import stored
from services.forms.words import spoken
from services.measure_library import measures
from services.measure_words import answered_by
from services.outcome_change import change, rule_in_words
from services.releases import Counts
from services.reports.populations import (
    CAUGHT_UP,
    CLOCKS,
    FIRST,
    REACHED,
    THERE,
    UP,
    measured,
)
from services.shares import MEANS_FROM, share
from services.statistics import waits

NOT_CAUSED = (
    "What changed from start to end is not shown to have been brought about by the groups: people "
    "often feel better with time."
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to be drawn by whoever knows how: its name, its rows, and what it shows."""

    name: str
    frame: pd.DataFrame
    alt: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: its days, in one programme or in all, and small from where."""

    first: date
    last: date
    threshold: int
    programme: str | None = None
    is_rounded: bool = False

    def table(self, of: str, *by: str, **where: str) -> Table:
        """One table of it."""
        if self.programme is not None:
            where["programme"] = self.programme
        return Table(of, by, self.first, self.last, tuple(sorted(where.items())))


# From the counts that may leave: sentences beneath a table, or a chart.
Says = Callable[[Counts, Population], Sequence[str]]
Draws = Callable[[Counts, Population], Chart | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One table of a section."""

    title: str
    table: Table
    heading: str
    share: bool = True  # of the total, where it has one column only
    says: Says | None = None
    draws: Draws | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report."""

    key: str
    title: str
    intro: str
    tables: tuple[Wanted, ...] = ()
    lines: tuple[str, ...] = field(default=())


TITLES = {
    "reached": "People reached",
    "waits": "Referrals and waits",
    "attendance": "Attendance and completion",
    "outcomes": "Outcomes by measure",
    "children": "Children’s communication",
    "experience": "What people said",
    "workforce": "Survivor volunteers",
    "equality": "Who we reach",
    "missing": "What is missing",
    "definitions": "How it is counted",
}


def section(db: Session, key: str, asked: Asked) -> Section:
    """The section of this key as it would be, before anything is hidden."""
    return _READING[key](db, asked) if key in _READING else _MAKERS[key](asked)


def _reached(asked: Asked) -> Section:
    people = {"time": FIRST}
    return Section(
        "reached",
        TITLES["reached"],
        "People count once, in the quarter in which they were first referred. Referrals count each "
        "time somebody is referred.",
        (
            Wanted("People by quarter", asked.table("referrals", "quarter", **people), "Quarter"),
            Wanted("Adults and children", asked.table("referrals", "who", **people), "People"),
            Wanted("Age when first referred", asked.table("referrals", "age", **people), "Age"),
            Wanted("First and further referrals", asked.table("referrals", "time"), "Referrals"),
            Wanted("Who referred them", asked.table("referrals", "source", "who"), "Referred by"),
        ),
    )


def _waits(asked: Asked) -> Section:
    tables = [
        Wanted("What became of referrals", asked.table("referrals", "result"), "As things stand")
    ]
    tables += [
        Wanted(
            f"{words}, by quarter of referral",
            asked.table("referrals", "quarter", name),
            "Referred in",
            says=_days(name),
            draws=_waits_chart(name),
        )
        for name, words in CLOCKS.items()
    ]
    return Section(
        "waits",
        TITLES["waits"],
        "Days are counted from the referral, by the median and the ninth in ten, of those who came "
        "so far; who is waiting still and whose referral ended before is beside them.",
        tuple(tables),
    )


def _days(name: str) -> Says:
    def says(counts: Counts, people: Population) -> Sequence[str]:
        reached = counts.get((TOTAL, REACHED))
        if reached is None or reached < MEANS_FROM:
            return ()
        found = waits([int(days) for days in people.units[f"{name}_days"].dropna()])
        half, most = f"{found.median:.0f}", f"{found.ninetieth:.0f}"
        return (f"Half within {half} days, nine in ten within {most}, n = {reached:,}.",)

    return says


def _waits_chart(name: str) -> Draws:
    def draws(counts: Counts, people: Population) -> Chart | None:
        rows = []
        for quarter in dict.fromkeys(one for one, _ in counts if one != TOTAL):
            reached, of = counts[quarter, REACHED], counts[quarter, TOTAL]
            if reached is None or of is None or reached < MEANS_FROM:
                continue
            days = people.units[people.units["quarter"] == quarter][f"{name}_days"].dropna()
            found = waits([int(one) for one in days])
            rows.append((quarter, found.median, found.ninetieth, f"{reached} of {of}"))
        if not rows:
            return None
        columns = ["quarter", "median", "ninetieth", "label"]
        parts = [f"{q}: half within {h:.0f}, nine in ten within {m:.0f}" for q, h, m, _ in rows]
        alt = f"Days from referral to {CLOCKS[name].lower()}. {'. '.join(parts)}."
        return Chart("waiting_times", pd.DataFrame(rows, columns=columns), alt)

    return draws


def _attendance(asked: Asked) -> Section:
    came = (
        asked.table("places", "came")
        if asked.programme
        else asked.table("places", "programme", "came")
    )
    return Section(
        "attendance",
        TITLES["attendance"],
        "A person with places in two groups counts in each. Attendances count everybody expected "
        "at every session; sessions the service cancelled are left out.",
        (
            Wanted("How far places came", came, "Places begun in the period"),
            Wanted(
                "Attendances by session",
                asked.table("attendance", "session", "how"),
                "Session",
                says=_rates,
                draws=_attendance_chart,
            ),
        ),
    )


def _rates(counts: Counts, _: Population) -> Sequence[str]:
    there, caught, of = (counts.get((TOTAL, how)) for how in (THERE, CAUGHT_UP, TOTAL))
    if there is None or of is None or of < MEANS_FROM:
        return ()
    lines = [f"Live attendance: {share(there, of).words}."]
    if caught is not None:
        lines.append(f"Content covered: {share(there + caught, of).words}.")
    return lines


def _attendance_chart(counts: Counts, _: Population) -> Chart | None:
    rows = []
    for number in dict.fromkeys(session for session, _ in counts if session != TOTAL):
        there, caught, of = (counts[number, how] for how in (THERE, CAUGHT_UP, TOTAL))
        if there is None or caught is None or of is None or of < MEANS_FROM:
            continue
        live, content = share(there, of), share(there + caught, of)
        rows.append(
            (int(number), there, there + caught, of, live.share, live.low, live.high,
             content.share, live.words, f"{of:,}")
        )  # fmt: skip
    columns = [
        "session", "attended", "covered", "expected", "live", "low", "high", "content", "label",
        "expected_label",
    ]  # fmt: skip
    if not rows:
        return None
    return Chart(
        "attendance_by_session",
        pd.DataFrame(rows, columns=columns),
        f"Live attendance and content covered at {len(rows)} sessions.",
    )


def _outcomes(db: Session, asked: Asked) -> Section:
    tables = []
    for key in measured(db, asked.first, asked.last):
        name, _, respondent = key.partition(":")
        form = measures()[name]
        title = f"{form.short_title}, {answered_by(Respondent(respondent))}"
        tables.append(
            Wanted(title, asked.table(f"change:{key}", "verdict"), "From start to end",
                   says=_mean(name), draws=_verdict_chart(title))
        )  # fmt: skip
    lines = (NOT_CAUSED,) if tables else ("Nobody has a start and an end form yet.",)
    return Section(
        "outcomes",
        TITLES["outcomes"],
        "People whose end form falls in the period and who have a start form too.",
        tuple(tables),
        lines,
    )


def _mean(name: str) -> Says:
    def says(counts: Counts, people: Population) -> Sequence[str]:
        form = measures()[name]
        if counts.get((TOTAL,)) is None:
            return (rule_in_words(form),)
        pairs = people.units.groupby(["start", "end"])["count"].sum()
        counted = [
            (int(start), int(end), int(n))
            for start, end, n in pairs.reset_index().itertuples(index=False, name=None)
        ]
        found = change(counted, form)
        return (rule_in_words(form), *([f"Change: {found.words}."] if found else []))

    return says


def _verdict_chart(title: str) -> Draws:
    def draws(counts: Counts, _: Population) -> Chart | None:
        total = counts.get((TOTAL,))
        shown = {cell[0]: n for cell, n in counts.items() if cell != (TOTAL,) and n is not None}
        if total is None or total < MEANS_FROM or len(shown) < len(counts) - 1:
            return None
        rows = [
            (order, words, part.share, part.low, part.high, part.words)
            for order, (words, n) in enumerate(shown.items())
            for part in [share(n, total)]
        ]
        columns = ["order", "what", "share", "low", "high", "label"]
        alt = f"{title}: " + ". ".join(f"{words}: {label}" for _, words, *_, label in rows) + "."
        return Chart("report_shares", pd.DataFrame(rows, columns=columns), alt)

    return draws


def _children(asked: Asked) -> Section:
    return Section(
        "children",
        TITLES["children"],
        "Children with a start and an end form of the Talking and Feelings Steps, in groups that "
        "began in quarters lying whole in the period. The child’s, the parent’s or carer’s and the "
        "practitioner’s views stand side by side. It is a tool of our own.",
        (
            Wanted(
                "Up a step or more",
                asked.table("strands", "strand", "moved"),
                "Strand and view",
                says=_moved_up,
            ),
        ),
        (NOT_CAUSED,),
    )  # fmt: skip


def _moved_up(counts: Counts, _: Population) -> Sequence[str]:
    lines = []
    for strand in dict.fromkeys(strand for strand, _ in counts if strand != TOTAL):
        up, of = counts[strand, UP], counts[strand, TOTAL]
        if up is not None and of is not None and of >= MEANS_FROM:
            lines.append(f"{strand}: {share(up, of).words}.")
    return lines


def _experience(db: Session, asked: Asked) -> Section:
    asked_of = {one.key: one for form in stored.newest(db).values() for one in form.questions}
    tables = [
        Wanted(spoken(one.text), asked.table(f"feedback:{key}", "answer"), "Answer")
        for key, one in asked_of.items()
        if one.labels
    ]
    return Section(
        "experience",
        TITLES["experience"],
        "Answers given after sessions of groups that began in quarters lying whole in the period, "
        "without a name. Shares are of those who answered.",
        tuple(tables),
    )


def _workforce(asked: Asked) -> Section:
    return Section(
        "workforce",
        TITLES["workforce"],
        "How often a survivor volunteer was at a session held with a group; one person counts each "
        "time.",
        (
            Wanted("Volunteers at sessions", asked.table("helped", "quarter"), "Quarter",
                   says=_hours),
        ),
    )  # fmt: skip


def _hours(counts: Counts, people: Population) -> Sequence[str]:
    times = counts.get((TOTAL,))
    if times is None or times < MEANS_FROM:
        return ()
    return (f"{people.units['hours'].sum():,.0f} hours with groups, n = {times:,} times.",)


def _equality(asked: Asked) -> Section:
    return Section(
        "equality",
        TITLES["equality"],
        "People first referred in the period. Each question is asked once, and may be left out.",
        tuple(
            Wanted(
                one.key.replace("_", " ").capitalize(),
                asked.table("referrals", f"asked_{one.key}", time=FIRST),
                "Answer",
            )
            for one in questions().questions
        ),
    )


def _missing(asked: Asked) -> Section:
    return Section(
        "missing",
        TITLES["missing"],
        "Who is not in the figures on change: places begun in the period by the forms there are. "
        "Some groups are running still.",
        (Wanted("Forms filled in", asked.table("places", "forms"), "Forms of a place"),),
    )


def _definitions(asked: Asked) -> Section:
    return Section(
        "definitions",
        TITLES["definitions"],
        "",
        lines=_counted(asked),
    )


def _counted(asked: Asked) -> tuple[str, ...]:
    hidden = (
        f"An asterisk stands for a number from 1 to {asked.threshold - 1}, or one that would let "
        "such a number be worked out, from this report or together with earlier ones."
    )
    few = (
        "Percentages are whole and left out below ten people. An interval after a percentage is "
        "its 95% interval. No mean or median rests on fewer than ten people."
    )
    rounded = "Numbers are rounded to the nearest five."
    completed = (
        "Started: at least one session. Completed: as many sessions covered, by coming or catching "
        "up, as the group asks for."
    )
    frozen = (
        "Figures are those of the day the report was made. A table that left before leaves again "
        "with the numbers it had then."
    )
    return (hidden, few, *([rounded] if asked.is_rounded else []), completed, frozen)


_MAKERS: dict[str, Callable[[Asked], Section]] = {
    "reached": _reached,
    "waits": _waits,
    "attendance": _attendance,
    "children": _children,
    "workforce": _workforce,
    "equality": _equality,
    "missing": _missing,
    "definitions": _definitions,
}
# These look first at what there is to report on.
_READING: dict[str, Callable[[Session, Asked], Section]] = {
    "outcomes": _outcomes,
    "experience": _experience,
}

"""A report's sections on people referred: who they are, and how long they waited."""

from collections.abc import Sequence

import pandas as pd

from services.disclosure.tables import TOTAL, Population
from services.people.characteristic_questions import questions
from services.releases import Counts
from services.reports.parts import (
    TITLES,
    Asked,
    Chart,
    Draws,
    Says,
    Section,
    Wanted,
    rows_of,
)
from services.reports.referrals_counted import CLOCKS, FIRST, REACHED
from services.statistics import waits
from services.tallies.shares import MEANS_FROM


def reached(asked: Asked) -> Section:
    """Who was referred, and from where."""
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


def waiting(asked: Asked) -> Section:
    """What became of referrals, and how long people waited."""
    tables = [
        Wanted("What became of referrals", asked.table("referrals", "result"), "As things stand")
    ]
    tables += [wait(asked, name) for name in CLOCKS]
    return Section(
        "waits",
        TITLES["waits"],
        "Days are counted from the referral, by the median and the ninth in ten, of those who came "
        "so far; who is waiting still and whose referral ended before is beside them.",
        tuple(tables),
    )


def wait(asked: Asked, name: str) -> Wanted:
    """One clock by quarter of referral."""
    return Wanted(
        f"{CLOCKS[name]}, by quarter of referral",
        asked.table("referrals", "quarter", name),
        "Referred in",
        says=_days(name),
        draws=_waits_chart(name),
        about="Dot: half within; bar: nine in ten within, of those reached so far.",
    )


def equality(asked: Asked) -> Section:
    """What people said about themselves."""
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
        for quarter in rows_of(counts):
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

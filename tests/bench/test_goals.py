"""What the bench says about its goals: what falls short is named, never left out."""

from dataclasses import replace

import pytest

from benchmarks.databases import Made
from benchmarks.goals import Verdict, verdicts
from benchmarks.memory import Memory
from benchmarks.report import document, screen
from benchmarks.results import Machine, Measured, Results
from benchmarks.timing import Timing


def timing(p50: float, *problems: str) -> Timing:
    return Timing(
        first=2 * p50, p50=p50, p95=2 * p50, cpu=p50, runs=40, messages=9, size=5000,
        problems=problems,
    )  # fmt: skip


def page(
    small: float,
    large: float,
    *,
    sessions: int = 1,
    problem: str = "",
    after: float = 0,
    anew: float = 0,
) -> Measured:
    shown = (problem,) if problem else ()
    return Measured(
        title="Today",
        reader="facilitator",
        sessions=sessions,
        blank=timing(6),
        defaults=timing(50),
        sizes={10_000: timing(small), 1_000_000: timing(large, *shown)},
        changed={10_000: timing(small), 1_000_000: timing(after or large)},
        anew={10_000: timing(small), 1_000_000: timing(anew or large)},
    )


def results(*pages: Measured, memory: int = 300, made: float = 100, load: float = 0) -> Results:
    return Results(
        database="SQLite",
        day="2026-09-16",
        machine=Machine(2, 8, "Linux", "3.11.9", "1.67.0", load),
        made=(Made("10000-x", 10_000, 5, 4), Made("1000000-x", 1_000_000, made, 90)),
        pages=pages,
        taps=(page(10, 10),),
        memory=Memory(sessions=100, at_start=150, sessions_open=memory, sessions_closed=290),
    )


def verdict(beginning: str, found: Results) -> Verdict:
    return next(one for one in verdicts(found) if one.goal.startswith(beginning))


def test_everything_can_be_reached() -> None:
    assert [one.word for one in verdicts(results(page(20, 24)))] == 9 * ["reached"]


@pytest.mark.parametrize(
    ("goal", "found", "short"),
    [
        ("Every page", results(page(12, 25)), "Today (facilitator) takes 4.2 times"),
        ("So does every page after", results(page(12, 20, after=25)),
         "Today (facilitator) takes 4.2 times"),
        ("So does every page with", results(page(12, 20, anew=25)),
         "Today (facilitator) takes 4.2 times"),
        ("No page is slower", results(page(20, 60, sessions=20)),
         "Today (facilitator) takes 60 ms instead of 50, with 20 sessions"),
        ("1,000,000 marks", results(page(10, 14, after=10, anew=10)),
         "Today (facilitator) takes 1.4 times, with one session"),
        ("1,000,000 marks", results(page(10, 10, after=14)),
         "Today (facilitator) takes 1.4 times, after a mark elsewhere"),
        ("1,000,000 marks", results(page(10, 10, anew=14)),
         "Today (facilitator) takes 1.4 times, with nothing kept"),
        ("The server holds", results(page(6, 6), memory=400), "it holds 400 MB"),
        ("A demonstration", results(page(6, 6), made=181),
         "it took 181 s, 90 of them on a processor"),
        ("No page shows", results(page(6, 6, problem="KeyError: 'ref'")),
         "Today (facilitator), with one session: KeyError: 'ref'"),
    ],
)  # fmt: skip
def test_what_falls_short_is_named(goal: str, found: Results, short: str) -> None:
    assert verdict(goal, found).word == "not reached"
    assert verdict(goal, found).short == (short,)


def test_four_times_blank_is_asked_of_one_session_only() -> None:
    assert verdict("Every page", results(page(40, 40, sessions=20))).reached


def test_what_was_not_measured_is_not_called_reached() -> None:
    one_size = replace(page(6, 6), sizes={10_000: timing(6)})
    few = Memory(sessions=5, at_start=150, sessions_open=160, sessions_closed=160)
    found = replace(results(one_size), made=(), taps=(), memory=few)
    for goal in ("1,000,000 marks", "The server holds", "A demonstration"):
        assert verdict(goal, found).word == "not measured"


def test_table_and_page_say_the_same_about_every_goal() -> None:
    found = results(page(12, 25), page(20, 60, sessions=20))
    for one in verdicts(found):
        for text in (screen(found), document([found])):
            assert f"{one.goal}: {one.word}." in text
            assert all(short in text for short in one.short)


def test_a_busy_machine_is_said() -> None:
    assert "busy with other work" in screen(results(page(6, 6), load=3.5))
    assert "busy with other work" not in screen(results(page(6, 6), load=0.2))


def test_every_line_of_a_table_has_every_column() -> None:
    found = document([results(page(12, 25), page(20, 60, sessions=20))])
    bars = [line.count(" | ") for line in found.splitlines() if line.startswith("| ")]
    assert len(bars) == 9
    assert len(set(bars)) == 1

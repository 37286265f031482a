"""What is to be reached, and whether it was: what falls short is named, never left out."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.results import Measured, Results

TIMES_BLANK = 4.0
GROWTH = 1.3
MEMORY_MB, MEMORY_SESSIONS = 400, 100
MAKING_SECONDS, MANY_MARKS = 180, 1_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """One goal: reached, not reached and why not, or not measured in this run (None)."""

    goal: str
    reached: bool | None
    short: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The verdict in words."""
        if self.reached is None:
            return "not measured"
        return "reached" if self.reached else "not reached"


def verdicts(results: Results) -> list[Verdict]:
    """Every goal, in the order they were set."""
    alone = [page for page in results.pages if page.sessions == 1]
    return [
        _times_blank(
            f"Every page takes at most {TIMES_BLANK:g} times a blank page, with one session",
            [(page.name, page.times_blank) for page in alone],
        ),
        _times_blank(
            "So does every page after somebody has given a mark on a register",
            [(page.name, page.times_blank_changed) for page in alone],
        ),
        _times_blank(
            "So does every page with nothing kept of the run before",
            [(page.name, page.times_blank_anew) for page in alone],
        ),
        _none_short(
            "No page is slower than a blank page on Streamlit's defaults",
            [
                f"{page.name} takes {page.slowest:.0f} ms instead of {page.defaults.p50:.0f}, "
                f"{_with_sessions(page)}"
                for page in results.pages
                if page.slowest > page.defaults.p50
            ],
        ),
        _growth(results),
        _memory(results),
        _making(results),
        _none_short("No page shows an exception or an error", list(_problems(results.pages))),
        _none_short("Every tap on a register is saved", list(_problems(results.taps))),
    ]


def _times_blank(goal: str, took: list[tuple[str, float | None]]) -> Verdict:
    if any(times is None for _name, times in took):
        return Verdict(goal, None)
    short = [
        f"{name} takes {times:.1f} times" for name, times in took if (times or 0) > TIMES_BLANK
    ]
    return _none_short(goal, short)


def _growth(results: Results) -> Verdict:
    goal = f"1,000,000 marks take at most {GROWTH:g} times 10,000"
    everything = (*results.pages, *results.taps)
    if any(measured.growth is None for measured in everything):
        return Verdict(goal, None)
    ratios = [
        ratio
        for measured in everything
        for ratio in (
            (measured.name, measured.growth, _with_sessions(measured)),
            (measured.name, measured.growth_changed, "after a mark elsewhere"),
            (measured.name, measured.growth_anew, "with nothing kept"),
        )
    ]
    return _none_short(
        goal,
        [
            f"{name} takes {growth:.1f} times, {how}"
            for name, growth, how in ratios
            if growth is not None and growth > GROWTH
        ],
    )


def _memory(results: Results) -> Verdict:
    goal = f"The server holds under {MEMORY_MB} MB after {MEMORY_SESSIONS} sessions"
    if results.memory.sessions < MEMORY_SESSIONS:
        return Verdict(goal, None)
    held = results.memory.sessions_open
    return _none_short(goal, [f"it holds {held} MB"] if held >= MEMORY_MB else [])


def _making(results: Results) -> Verdict:
    goal = "A demonstration with 1,000,000 marks is made in under 3 minutes"
    took = [made for made in results.made if made.marks == MANY_MARKS]
    if not took:
        return Verdict(goal, None)
    return _none_short(
        goal,
        [
            f"it took {made.seconds:.0f} s, {made.processor:.0f} of them on a processor"
            for made in took
            if made.seconds >= MAKING_SECONDS
        ],
    )


def _none_short(goal: str, short: list[str]) -> Verdict:
    return Verdict(goal, not short, tuple(short))


def _problems(all_measured: tuple[Measured, ...]) -> Iterator[str]:
    for measured in all_measured:
        for problem in measured.problems:
            yield f"{measured.name}, {_with_sessions(measured)}: {problem}"


def _with_sessions(measured: Measured) -> str:
    return "with one session" if measured.sessions == 1 else f"with {measured.sessions} sessions"

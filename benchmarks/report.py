"""The table: on the screen, and as the page docs/benchmarks.md."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.goals import Verdict, verdicts
from benchmarks.results import Measured, Results
from benchmarks.timing import Timing

ABOUT = """\
A page's time runs from the browser's request to the last message of the answer, over the
websocket that browsers use, on the server that `make run` starts. Opened pages are asked again
and again: by one session, then by twenty at once that never pause. "Changed" is a run of one
session after somebody has given a mark on a register; "anew" one that can use nothing of the run
before it, since another process has changed something. The blank pages
and every size of database take turns within the same seconds, so ratios carry over to other
machines; milliseconds do not. "Defaults" is a blank page with Streamlit's own settings. CPU is
the server's processor time for one run. Medians, unless p95 is said."""


def screen(results: Results) -> str:
    """What is printed at the end of a run."""
    blocks = [
        f"{results.database} · {_machine(results)}",
        *(f"{title}\n{_aligned(rows)}" for title, rows in _tables(results)),
        "\n".join(_facts(results)),
        "\n".join(_goal_lines(verdicts(results))),
    ]
    return "\n\n".join(blocks)


def document(all_results: Sequence[Results]) -> str:
    """The page kept in docs, from the runs of one evening, one for each kind of database."""
    parts = ["# Benchmarks", "Written by `make bench`; do not edit.", ABOUT]
    for results in all_results:
        parts += [f"## {results.database}, {results.day}", f"{_machine(results)}."]
        parts.append("\n".join(_goal_lines(verdicts(results))))
        parts.append("\n".join(f"- {fact}" for fact in _facts(results)))
        for title, rows in _tables(results):
            parts += [f"### {title}", _markdown(rows)]
    return "\n\n".join(parts) + "\n"


def _tables(results: Results) -> Iterator[tuple[str, list[list[str]]]]:
    for kind, measured in (("Pages", results.pages), ("Taps on registers", results.taps)):
        for sessions in sorted({one.sessions for one in measured}):
            lines = [one for one in measured if one.sessions == sessions]
            title = f"{kind}, {sessions} session{'s' if sessions > 1 else ''}"
            yield title, [_heading(lines[0]), *(_line(one) for one in lines)]


def _heading(measured: Measured) -> list[str]:
    sizes = [word for size in measured.sizes for word in (f"{size:,} ms", "p95", "CPU")]
    growth = [] if measured.growth is None else ["growth"]
    changed = ["changed ms", "× blank"] if measured.changed else []
    anew = ["anew ms", "× blank"] if measured.anew else []
    blanks = ["blank ms", "× blank", "defaults ms"]
    return ["", *sizes, *growth, *blanks, *changed, *anew, "messages", "kB", "errors"]


def _line(measured: Measured) -> list[str]:
    sizes = [
        f"{value:.1f}"
        for timing in measured.sizes.values()
        for value in (timing.p50, timing.p95, timing.cpu)
    ]
    growth = [] if measured.growth is None else [f"{measured.growth:.2f}"]
    largest = measured.sizes[max(measured.sizes)]
    return [
        measured.name,
        *sizes,
        *growth,
        f"{measured.blank.p50:.1f}",
        f"{measured.times_blank:.1f}",
        f"{measured.defaults.p50:.1f}",
        *_beside_blank(measured.changed, measured.times_blank_changed),
        *_beside_blank(measured.anew, measured.times_blank_anew),
        str(largest.messages),
        f"{largest.size / 1000:.0f}",
        str(len(measured.problems)),
    ]


def _beside_blank(sizes: Mapping[int, Timing], times: float | None) -> list[str]:
    return [] if times is None else [f"{sizes[max(sizes)].p50:.1f}", f"{times:.1f}"]


def _facts(results: Results) -> Iterator[str]:
    for made in results.made:
        yield (
            f"A demonstration with {made.marks:,} marks was made in {made.seconds:.0f} s, "
            f"{made.processor:.0f} s of them on a processor."
        )
    held = results.memory
    yield (
        f"Server memory: {held.at_start} MB at the start, {held.sessions_open} MB with "
        f"{held.sessions} sessions that opened every page of theirs, {held.sessions_closed} MB "
        "once they had gone."
    )
    blank = [page.blank for page in results.pages if page.sessions == 1]
    if blank:
        cpu = sum(timing.cpu for timing in blank) / len(blank)
        yield f"A run of the blank page takes {cpu:.1f} ms of processor time."
    if results.machine.busy:
        yield (
            "The machine was busy with other work during this run "
            f"(load {results.machine.load:g} on {results.machine.cores} cores), so medians and "
            "p95 are high and ratios uncertain."
        )


def _goal_lines(found: Iterable[Verdict]) -> Iterator[str]:
    for verdict in found:
        yield f"- {verdict.goal}: {verdict.word}."
        yield from (f"    - {short}" for short in verdict.short)


def _machine(results: Results) -> str:
    machine = results.machine
    return (
        f"{machine.cores} cores, {machine.memory_gb} GB, {machine.system}, "
        f"Python {machine.python}, Streamlit {machine.streamlit}"
    )


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            word.ljust(width) if number == 0 else word.rjust(width)
            for number, (word, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    heading, *lines = rows
    rule = ["---", *("---:" for _ in heading[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, rule, *lines))

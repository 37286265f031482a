"""How a changed schedule, and what it clashes with, is written for people."""

from datetime import datetime

from services.groups.schedules.changing import Preview
from services.groups.schedules.clashes import Clash, Kind
from services.groups.schedules.parts import Line, Meeting
from ui.components.groups.pairs.words import SHAPES
from ui.components.words import clock_time, day, literal, span


def short_day(moment: datetime) -> str:
    """A day in few letters: Tue 6 Oct 2026."""
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def session(one: Meeting) -> str:
    """One session to choose from a list."""
    return f"{one.number}: {short_day(one.starts)}, {clock_time(one.starts)}, {one.topic}"


def row(line: Line, rooms: dict[str, str]) -> tuple[str, str, str]:
    """A line of the preview: which session, before, after. What stays the same is left out."""
    was, now = line.before, line.after
    if was is None:
        return f"New: {now.number}", "", _what(now, now, None, rooms)
    if not now.takes_place:
        return str(was.number), _what(was, was, None, rooms), "Cancelled"
    number = str(was.number) if was.number == now.number else f"{was.number}, now {now.number}"
    return number, _what(was, was, now, rooms), _what(now, was, now, rooms)


def told(found: Preview) -> str:
    """Who must be told, in one sentence."""
    people = found.told.participants
    parts = [f"{people} {'participant' if people == 1 else 'participants'} with a place"]
    if found.told.facilitators:
        parts.append(f"facilitators: {literal(', '.join(found.told.facilitators))}")
    if found.told.volunteers:
        parts.append(f"survivor volunteers: {literal(', '.join(found.told.volunteers))}")
    return "; ".join(parts)


def consequences(found: Preview) -> list[str]:
    """What becomes of the series as a whole."""
    said = []
    if found.ends[0] != found.ends[1]:
        said.append(f"The last session is on {day(found.ends[1])} instead of {day(found.ends[0])}.")
    if found.offered[0] != found.offered[1]:
        said.append(f"The group has {found.offered[1]} sessions instead of {found.offered[0]}.")
    if found.to_complete[0] != found.to_complete[1]:
        said.append(
            f"{found.to_complete[1]} sessions complete the programme instead of "
            f"{found.to_complete[0]}."
        )
    if found.marked_ahead:
        said.append(
            "Apologies were sent ahead for a session that moves or is cancelled "
            f"({found.marked_ahead}). For a moved one they stay on its register: ask again."
        )
    return said


def clash(one: Clash) -> str:
    """One clash as a sentence."""
    group, who = literal(one.group), literal(one.who)
    match one.kind:
        case Kind.ROOM:
            what = f"{group} meets in {who}"
        case Kind.FACILITATOR:
            what = f"{who} facilitates {group}"
        case Kind.VOLUNTEER:
            what = f"{who}, a survivor volunteer, is placed with {group}"
        case Kind.PARTICIPANTS:
            people = "1 participant has" if one.people == 1 else f"{one.people} participants have"
            what = f"{people} a place in {group} too, which meets"
    more = "" if one.times == 1 else f" and later, {one.times} times in all"
    return f"{what} at that time on {short_day(one.first)}{more}."


def _what(one: Meeting, was: Meeting, now: Meeting | None, rooms: dict[str, str]) -> str:
    """Day and time; topic and room where they become others, or there is nothing to compare."""
    parts = [f"{short_day(one.starts)}, {span(one.starts, one.ends)}"]
    if now is not None and not one.takes_place:
        parts.append("cancelled")
    if one.shape is not None and (now is None or was.shape is not now.shape):
        parts.append(SHAPES[one.shape.value].lower())
    if now is None or was.topic != now.topic:
        parts.append(literal(one.topic))
    if now is None or was.room != now.room:
        name = rooms.get(one.room, "") if one.room is not None else ""
        parts.append(literal(name) or ("" if now is None else "no room"))
    return " · ".join(part for part in parts if part)

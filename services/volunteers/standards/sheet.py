"""The evidence as a sheet of paper, for trustees and assessors: totals, and nobody's name."""

from sqlalchemy.orm import Session

from services import audit, clock, printing
from services.permissions import Actor, Permission
from services.volunteers.standards.evidence import AreaEvidence, Evidence, evidence


def sheet(db: Session, actor: Actor) -> bytes:
    """The sheet as a PDF; each one made is written down."""
    actor.require(Permission.READ_WORKFORCE)
    found = evidence(db, actor)
    made = printing.pdf(
        "standards",
        {
            **printing.letterhead(db),
            "day": clock.spoken_day(clock.today()),
            "areas": [_area(one) for one in found],
        },
    )
    audit.record(db, actor, "standards.printed", "organisation:1")
    return made


def _area(one: AreaEvidence) -> dict[str, object]:
    return {
        "title": one.title,
        "asks": one.asks,
        "evidence": [_line(line) for line in one.evidence],
        "elsewhere": list(one.elsewhere),
    }


def _line(line: Evidence) -> dict[str, str]:
    newest = f"{line.newest.day} {line.newest:%B %Y}" if line.newest else ""
    return {"says": line.says, "newest": newest, "missing": line.missing}

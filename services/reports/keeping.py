"""Reports that were made: the same figures again, on paper or as a workbook."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Release
from services import audit, clock, printing
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.reports.workbook import workbook


def document(db: Session, actor: Actor, ref: str) -> dict[str, Any]:
    """A report as it was made: what `making.make` froze."""
    actor.require(Permission.MAKE_REPORTS)
    return _frozen(db, ref)[0]


def paper(db: Session, actor: Actor, ref: str) -> bytes:
    """The report as a PDF, with the figures it was made with; each print is audited."""
    actor.require(Permission.MAKE_REPORTS)
    frozen = document(db, actor, ref)
    # Whose report it is was frozen with it; when it was printed is said at the foot.
    values = {**printing.letterhead(db), **frozen}
    made = printing.pdf("report", values)
    audit.record(db, actor, "report.printed", f"release:{ref}")
    return made


def spreadsheet(db: Session, actor: Actor, ref: str) -> bytes:
    """The same as an Excel workbook; audited."""
    actor.require(Permission.MAKE_REPORTS)
    made = workbook(*_frozen(db, ref))
    audit.record(db, actor, "report.saved_as_workbook", f"release:{ref}")
    return made


def _frozen(db: Session, ref: str) -> tuple[dict[str, Any], datetime]:
    """The report, and when it was made."""
    found = db.scalar(select(Release).where(Release.ref == ref))
    if found is None or found.document is None:
        raise NotFoundError("report")
    return found.document, found.made_at


def file_name(ending: str) -> str:
    """A name that says nothing, for a folder others may look into."""
    return f"report-{clock.local(clock.now()):%Y%m%d-%H%M%S}.{ending}"

"""Which earlier tables a new one is checked beside."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import ReleaseKind
from services import releases
from services.disclosure.tables import Table
from services.releases import FUNDER, Cleared, Leaving

LEFT = {
    "March": (date(2026, 3, 1), date(2026, 3, 31)),
    "spring": (date(2026, 4, 1), date(2026, 6, 30)),
    "summer": (date(2026, 6, 30), date(2026, 8, 31)),
    "October": (date(2026, 10, 1), date(2026, 10, 31)),
}


@pytest.mark.parametrize(
    ("first", "last", "beside"),
    [
        (date(2026, 5, 1), date(2026, 5, 31), {"spring", "summer"}),  # summer through spring
        (date(2026, 3, 31), date(2026, 3, 31), {"March"}),
        (date(2026, 9, 1), date(2026, 9, 30), set()),
        (date(2026, 9, 1), date(2026, 10, 1), {"October"}),
    ],
)
def test_a_table_is_checked_beside_those_it_shares_days_with_directly_or_through_others(
    db: Session, first: date, last: date, beside: set[str]
) -> None:
    for title, days in LEFT.items():
        leaving = Leaving(
            kind=ReleaseKind.REPORT, title=title, first=days[0], last=days[1],
            audience="A funder", threshold=FUNDER,
        )  # fmt: skip
        table = Table(title, ("programme",), *days)
        releases.write_down(db, None, leaving, [Cleared(table, {("Total",): 12})])

    assert {kept.table.of for kept in releases.earlier(db, first, last)} == beside

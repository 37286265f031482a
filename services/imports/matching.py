"""Which heading of a spreadsheet means which field: remembered from last time, or guessed."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models import ColumnMatch, ImportKind
from models.encryption import blind_index
from services.imports.checking import Match
from services.imports.layout import Layout
from services.permissions import Actor, Permission

_ALIKE = 86  # of 100: “Frist name” still means the first name, “Last name” does not


def guess(layout: Layout, headings: Sequence[str]) -> dict[str, str | None]:
    """For each heading the field it most likely means, each field once; None where none is near.

    Pure: what was remembered is not asked for.
    """
    known = {
        plain(word): field.key
        for field in layout.fields
        for word in (field.key, field.label, *field.also)
    }
    scored = sorted(
        (
            (score, -position, heading, known[word])
            for position, heading in enumerate(headings)
            for word, score, _ in process.extract(
                plain(heading), known.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3
            )
        ),
        reverse=True,
    )
    found: dict[str, str | None] = dict.fromkeys(headings)
    for _score, _position, heading, field in scored:
        if found[heading] is None and field not in found.values():
            found[heading] = field
    return found


def suggest(
    db: Session, actor: Actor, layout: Layout, headings: Sequence[str]
) -> dict[str, str | None]:
    """What to offer for a file: how these headings were matched last time, else a guess."""
    actor.require(Permission.IMPORT_RECORDS)
    remembered = _remembered(db, layout, headings)
    taken = {field for field in remembered.values() if field}
    guessed = guess(layout, [heading for heading in headings if heading not in remembered])
    return {
        heading: remembered[heading]
        if heading in remembered
        else (None if guessed[heading] in taken else guessed[heading])
        for heading in headings
    }


def remember(db: Session, kind: ImportKind, match: Match) -> None:
    """Keep how columns were matched; a step of an import, which has been asked for and is audited.

    Headings are kept hashed: in a file without headings, the first row is somebody's.
    """
    hashes = {_hashes(kind, heading): field for heading, field in match.items()}
    old = [token for tokens in hashes for token in tokens]
    db.execute(delete(ColumnMatch).where(ColumnMatch.kind == kind, ColumnMatch.heading.in_(old)))
    db.execute(
        insert(ColumnMatch),
        [{"kind": kind, "heading": tokens[0], "field": field} for tokens, field in hashes.items()],
    )


def plain(heading: str) -> str:
    """A heading as it is compared: small letters and figures, parted by single spaces."""
    return " ".join(re.split(r"[\W_]+", heading.casefold())).strip()


def _remembered(db: Session, layout: Layout, headings: Iterable[str]) -> dict[str, str | None]:
    by_token = {token: heading for heading in headings for token in _hashes(layout.kind, heading)}
    query = select(ColumnMatch.heading, ColumnMatch.field).where(
        ColumnMatch.kind == layout.kind, ColumnMatch.heading.in_(by_token)
    )
    fields = layout.labels()
    return {
        by_token[token]: field
        for token, field in db.execute(query)
        if field is None or field in fields
    }


def _hashes(kind: ImportKind, heading: str) -> tuple[str, ...]:
    return blind_index(f"heading:{kind.value}:{plain(heading)}")

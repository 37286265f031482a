"""Paper: a template of data/print filled with values, as a PDF that a screen reader can read.

Values reach the template as data, never as markup, so nothing a person typed can change what a
sheet does. Nothing is fetched and nothing is written to disk.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy.orm import Session

from services import clock, organisation
from services.config import DATA

if TYPE_CHECKING:
    import typst

FOLDER = DATA / "print"


def pdf(template: str, values: Mapping[str, Any]) -> bytes:
    """The sheet `template` filled with `values` (what JSON can hold), tagged, A4 by default.

    The fonts are those the typesetter brings along. Only where a name needs letters these lack
    are the machine's own looked at; without those either, the name still prints as far as it can.
    """
    import typst

    for machines_fonts in (False, True):
        try:
            return _compiled(template, values, _fonts(machines_fonts), "ua-1")
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise
    return _compiled(template, values, _fonts(machines=True), None)


def letterhead(db: Session) -> dict[str, str]:
    """What stands at the foot of every sheet: whose it is, and when it was printed."""
    found = organisation.current(db)
    moment = clock.local(clock.now())
    return {
        "organisation": found.name if found else "",
        "printed": f"{clock.spoken_day(moment)}, {clock.spoken(moment.time())}",
    }


def file_name() -> str:
    """A name that says nothing about anybody, for a folder others may look into."""
    return f"sheet-{clock.local(clock.now()):%Y%m%d-%H%M%S}.pdf"


def _compiled(
    template: str,
    values: Mapping[str, Any],
    fonts: "typst.Fonts",
    standard: Literal["ua-1"] | None,
) -> bytes:
    import typst

    return typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        format="pdf",
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"values": json.dumps(values)},
        pdf_standards=standard,
        timestamp=int(clock.now().timestamp()),
        pdf_tags=True,
    )


@cache
def _fonts(machines: bool) -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=machines)

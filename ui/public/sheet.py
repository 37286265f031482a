"""What is printed for a session: the code that leads to its form."""

from functools import lru_cache
from io import BytesIO

import segno
from markupsafe import Markup

from services.forms.definition import FormDefinition
from ui.public.page import render


@lru_cache(maxsize=64)
def code(address: str) -> str:
    """A QR code as SVG, black on white whatever the colours around it."""
    picture = BytesIO()
    segno.make(address, micro=False, error="m").save(
        picture, kind="svg", light="#fff", border=4, scale=8, xmldecl=False, nl=False, omitsize=True
    )
    return picture.getvalue().decode()


def sheet(form: FormDefinition, address: str, open_until: str) -> str:
    """A page to print and pass round. It names neither the group nor the organisation."""
    return render(
        "sheet.html",
        form=form,
        code=Markup(code(address)),  # noqa: S704 - drawn by us from black and white squares
        address=address,
        open_until=open_until,
    )

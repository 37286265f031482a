"""docs/roles.md says what the permission table says."""

import pytest

from models import Role
from services.permissions import ROLE_PERMISSIONS, Permission
from tests.code.source import ROOT

DOCUMENT = ROOT / "docs" / "roles.md"


def table() -> str:
    """Who may do what, one line a permission, as the document must show it."""
    names = [role.value.replace("_", " ").capitalize() for role in Role]
    lines = [_line(["May", *names]), _line(["---", *("---" for _ in names)])]
    for permission in Permission:
        marks = ["yes" if permission in ROLE_PERMISSIONS[role] else "" for role in Role]
        lines.append(_line([permission.value, *marks]))
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


@pytest.mark.skipif(not DOCUMENT.exists(), reason="docs/roles.md has not been written")
def test_the_document_shows_the_permission_table() -> None:
    assert table() in DOCUMENT.read_text(), f"docs/roles.md must contain:\n\n{table()}\n"


def test_every_role_is_in_the_permission_table() -> None:
    assert ROLE_PERMISSIONS.keys() == set(Role)

"""Rows for research as files that nobody else on the machine can read."""

import os
from pathlib import Path

from services.errors import SetupError
from services.keys import OWNER_ONLY
from services.research.rows import Extract

_FOLDER_OWNER_ONLY = 0o700


def empty_folder(folder: Path) -> None:
    """Make the folder, or be sure that nothing lies in it: two exports are never mixed."""
    folder.mkdir(mode=_FOLDER_OWNER_ONLY, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SetupError(f"The folder {folder} is not empty. Choose a new one for each export.")


def write(found: Extract, folder: Path) -> list[Path]:
    """A CSV file a table."""
    files = []
    for name, table in found.tables.items():
        file = folder / f"{name}.csv"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as handle:
            table.to_csv(handle, index=False)
        files.append(file)
    return files

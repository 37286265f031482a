"""Bringing a spreadsheet in, step by step: the file, its columns, what it would do, and undoing."""

from ui.components.imports.columns import match_columns
from ui.components.imports.flow import forget_upload
from ui.components.imports.history import draw_history, draw_import
from ui.components.imports.preview import draw_preview
from ui.components.imports.upload import choose_file

__all__ = [
    "choose_file",
    "draw_history",
    "draw_import",
    "draw_preview",
    "forget_upload",
    "match_columns",
]

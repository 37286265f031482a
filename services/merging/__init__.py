"""Two records of one person made one: seen first, joined with all that hangs on them, undone."""

from services.merging.fields import Compared
from services.merging.joining import merge, undo
from services.merging.preview import Preview, merges, preview

__all__ = ["Compared", "Preview", "merge", "merges", "preview", "undo"]

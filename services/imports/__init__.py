"""Bringing spreadsheets in: read, match the columns, understand, check, preview, apply, undo."""

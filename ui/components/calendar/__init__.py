"""The calendar on screen, whose sessions it shows, and the feed of one person."""

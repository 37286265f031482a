"""The calendar on screen, and the feeds that other calendars read."""

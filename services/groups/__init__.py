"""Groups: runs of a programme, with their schedule, their staff, their rooms and their pairs."""

"""Parts of the attendance page, and the marks of one group."""

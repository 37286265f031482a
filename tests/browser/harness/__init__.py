"""A small application that shows the components alone, over records kept in memory."""

"""Training on screen: the courses, who has them in date, and days marked for several at once."""

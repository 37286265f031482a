"""What a volunteer reads about her own part."""

WELCOME = {
    "stepped_back": "You have stepped back. That is private and says nothing about you; you are "
    "welcome at any time.",
    "moved_on": "Thank you for everything you gave. What you did here is yours to take along.",
}

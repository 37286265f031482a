"""What a volunteer reads about her own part."""

WELCOME = {
    "stepped_back": "You have stepped back. That is private and says nothing about you; you are "
    "welcome at any time.",
    "moved_on": "Thank you for everything you gave. What you did here is yours to take along.",
}
HEAVINESS = {
    1: "1: light",
    2: "2: mostly light",
    3: "3: some weight",
    4: "4: heavy",
    5: "5: very heavy",
}

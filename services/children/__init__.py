"""Children's communication: the Talking and Feelings Steps of a child, a group, a programme."""

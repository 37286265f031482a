"""Children's steps on screen: one child, a group of them, and a child beside its parent."""

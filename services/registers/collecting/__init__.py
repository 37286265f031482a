"""Children: who may collect each of them, who must not, and who did."""

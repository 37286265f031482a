"""The rota on screen: who covers what, asking and answering, and filling a whole term."""

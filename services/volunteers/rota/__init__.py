"""The rota: what each session needs, who covers it, and filling a whole term at once."""

"""What more than one screen shows: the register, notes that save themselves, the idle lock."""

"""Groups on screen: making one, its schedule, its places, and the programmes they are runs of."""

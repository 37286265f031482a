"""Whether people come and stay: attendance over time, places taken up, sessions held."""

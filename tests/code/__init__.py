"""Rules about the code and the settings themselves, which no linter knows."""

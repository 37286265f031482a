"""The parts of the settings, each a form of its own, and the forms about accounts."""

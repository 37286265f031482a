"""The volunteer workforce on screen: charts of it, and the evidence it holds for the standards."""

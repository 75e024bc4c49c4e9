"""How a vote goes on: curves, forecasts, the rush before the deadline, and year upon year."""

"""Votes read as arrays: who stood, who voted for whom, when, through what, and from where."""

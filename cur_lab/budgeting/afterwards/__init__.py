"""What became of a vote: were the winners built, and what changed at the next campaign."""

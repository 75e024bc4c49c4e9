"""What voters, groups and municipalities get of the money, and who proposes."""

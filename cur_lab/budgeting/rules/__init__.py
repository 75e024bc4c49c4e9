"""Which projects the money buys, by the rules organisers use and by those theory proposes."""

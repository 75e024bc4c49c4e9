"""What goes with votes and projects: posts, turnout, complaints before and after."""

"""Reading routing: the rules in force, advice for a matter, and how one came to its unit."""

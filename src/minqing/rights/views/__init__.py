"""Pages of requests about one's own data: the staff's, and those behind the code at a door."""

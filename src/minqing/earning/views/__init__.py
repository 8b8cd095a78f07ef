"""Pages of earning: functions, claims as staff see them, and those behind the code at a door."""

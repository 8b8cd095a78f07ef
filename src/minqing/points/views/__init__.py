"""Pages of points: the resident's own behind the door's code, and those of the staff."""

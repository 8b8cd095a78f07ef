"""Pages of machines: the person's in front of one, and the staff's."""

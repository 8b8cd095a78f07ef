"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

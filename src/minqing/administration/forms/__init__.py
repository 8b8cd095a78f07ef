"""What is asked of areas, units and people."""

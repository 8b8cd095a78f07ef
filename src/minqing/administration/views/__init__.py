"""The operator's pages of areas, units and people."""

"""Matters as a leader sees them. Each figure is counted with a filter, and the same filter is the link to its rows."""

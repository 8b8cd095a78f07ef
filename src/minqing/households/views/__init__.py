"""Pages of household files: finding, correcting, tags, door plates."""

"""Pages of what there is for points."""

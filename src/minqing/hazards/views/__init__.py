"""The pages of hazards and of checklists."""

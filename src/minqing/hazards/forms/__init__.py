"""What is asked of hazards and of checklists."""

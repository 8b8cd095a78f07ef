"""What other systems send about matters, and what they are told."""

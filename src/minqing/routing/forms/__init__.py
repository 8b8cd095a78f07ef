"""Forms of the queue, of what is ticked, and of routing rules."""

"""What is asked of activities."""

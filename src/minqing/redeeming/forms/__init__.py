"""What is asked of those who keep what there is for points."""

"""The fault run of machines (``minqing trial machine``): the real agent, people at the door, and what goes wrong."""

"""Pages of services that are booked for points."""

"""What is asked of providers and of bookings."""

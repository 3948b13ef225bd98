"""What may happen to the calendar."""

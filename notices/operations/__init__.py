"""What may happen to a message."""

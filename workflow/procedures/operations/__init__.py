"""What may happen to procedures."""

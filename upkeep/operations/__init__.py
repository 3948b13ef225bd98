"""What may happen to what looks after the house."""

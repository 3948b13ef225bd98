"""What may happen to a case and its steps."""

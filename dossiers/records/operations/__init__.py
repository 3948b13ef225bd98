"""What may happen to records: one module a thing."""

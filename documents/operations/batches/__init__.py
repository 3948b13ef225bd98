"""What may happen to a batch of files of the past."""

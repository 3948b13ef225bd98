"""What may happen to papers and files."""

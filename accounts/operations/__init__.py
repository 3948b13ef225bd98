"""What may happen to units, officers and their rights."""

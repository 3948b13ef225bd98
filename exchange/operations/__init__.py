"""What may happen to agencies and their tokens, and the tracks their reading leaves."""

"""What may happen to clocks, beside what the steps of their cases do."""

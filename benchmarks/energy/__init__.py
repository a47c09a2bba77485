"""What a read costs: the split of an inference's energy, and accuracy against energy."""

"""What wires, states and converters cost, won back."""

"""Accuracy won back: digital gains and offsets, states chosen for their wires,
training through them."""

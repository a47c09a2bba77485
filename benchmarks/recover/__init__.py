"""What calibration, mapping through the wires and training win back of the accuracy."""

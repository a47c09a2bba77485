"""Winning back the accuracy that wires, states and converters cost.

What needs Keras is imported when it is first used: `crossbar.calibrate`.
"""

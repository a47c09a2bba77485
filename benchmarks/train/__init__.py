"""Trains the networks of the studies:
reproducible, resumable."""

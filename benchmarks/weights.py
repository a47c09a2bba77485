"""Trained networks under the name they had first; they live in `benchmarks.inputs`."""

from benchmarks.inputs.weights import Metadata, TrainedModel, load_trained, save_trained

__all__ = ["Metadata", "TrainedModel", "load_trained", "save_trained"]

"""What commands start from: image sets and trained networks, bundled or brought,
checked before they are used."""

from benchmarks.inputs.datasets import DATASETS, DataError, ImageSet, load_test, load_train
from benchmarks.inputs.weights import Metadata, TrainedModel, load_trained, save_trained

__all__ = [
    "DATASETS", "DataError", "ImageSet", "Metadata", "TrainedModel", "load_test", "load_train",
    "load_trained", "save_trained",
]

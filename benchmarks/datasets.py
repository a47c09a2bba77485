"""Image sets under the name they had first; they live in `benchmarks.inputs`."""

from benchmarks.inputs.datasets import DATASETS, DataError, ImageSet, load_test, load_train

__all__ = ["DATASETS", "DataError", "ImageSet", "load_test", "load_train"]

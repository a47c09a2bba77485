"""Starting TensorFlow without its chatter."""

import os
import sys
import time


def load_keras() -> float:
    """Import Keras while the process's standard error goes nowhere; how long that took [s].

    TensorFlow reports missing GPUs and processor features from C++ before any of its log settings
    count. Python exceptions are raised after the stream is back, so nothing of them is lost.
    """
    start = time.perf_counter()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    waiting = "starting TensorFlow ..." if sys.stderr.isatty() else ""
    sys.stderr.write(waiting)
    sys.stderr.flush()
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import keras
        import tensorflow as tf

        tf.config.list_physical_devices()  # looks for GPUs now rather than at the first product
        del keras
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
        if waiting:
            sys.stderr.write("\r" + " " * len(waiting) + "\r")
    return time.perf_counter() - start

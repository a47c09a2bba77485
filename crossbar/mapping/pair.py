"""What mappings with two columns to a weight have in common."""

import numpy as np

from crossbar.mapping.mapping import Mapping
from device_models.checks import Floats


class Pair(Mapping):
    """Columns that alternate plus and minus, two to an output."""

    def outputs_per_tile(self, columns: int) -> int:
        return columns // 2

    def columns(self, outputs: int) -> int:
        return 2 * outputs

    def decoder(self, outputs: int) -> Floats:
        return np.asarray(np.kron(np.eye(outputs), [[1.0], [-1.0]]), np.float64)

"""The modes of a symmetric operator that one vector excites."""

from collections.abc import Callable

import numpy as np
from scipy import linalg

from device_models.checks import Floats


class Lanczos:
    """The Lanczos method with full reorthogonalisation on a symmetric `apply`."""

    def __init__(self, apply: Callable[[Floats], Floats], start: Floats) -> None:
        self._apply = apply
        self._norm = float(np.linalg.norm(start))
        self._basis = [start / self._norm] if self._norm > 0 else []
        self._diagonal: list[float] = []
        self._beside: list[float] = []
        self.ended = not self._basis

    def extend(self, steps: int) -> None:
        """Go on to a basis of `steps`, or of the invariant subspace if that is smaller."""
        while len(self._diagonal) < steps and not self.ended:
            last = self._apply(self._basis[-1])
            self._diagonal.append(float(self._basis[-1] @ last))
            basis = np.array(self._basis)
            for _ in range(2):
                last = last - basis.T @ (basis @ last)
            norm = float(np.linalg.norm(last))
            self.ended = norm <= 1e-14 * max(self._diagonal) or len(basis) == len(last)
            if not self.ended:
                self._beside.append(norm)
                self._basis.append(last / norm)

    def modes(self) -> tuple[Floats, Floats, Floats]:
        """Eigenvalues (k,), vectors (steps, k) in the basis, and the start's components (k,) along
        them. The basis is what `apply` was called with, step by step."""
        size = len(self._diagonal)
        if size == 0:
            return np.empty(0), np.empty((0, 0)), np.empty(0)
        values, vectors = linalg.eigh_tridiagonal(self._diagonal, self._beside[: size - 1])
        positive = values > 0  # rounding leaves others where nothing stores charge
        values, vectors = values[positive], vectors[:, positive]
        return values, vectors, self._norm * vectors[0]

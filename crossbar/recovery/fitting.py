"""Gains and offsets by ridge regression, from moments that any number of reads add up to.

An output's target q is approximated by o + g p: p is what its columns give. The gain minimises

    sum (q - o - g p)^2 + ridge s^2 (g - 1)^2,

where s^2 is the variance that plain least squares leaves. That is the most likely gain if gains
scatter by 1 / sqrt(ridge) about 1 and errors have the variance s^2: a few reads that fit badly move
it little, and where errors vanish it is exact, however few there are. Trims f of the parts z of
p = sum f z + rest follow in the same way, with g as it is; they are expected to scatter by a tenth
of that. Each stage minimises a sum that includes what was there before it: no squared error grows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats

FEWEST = 3
"""Reads that a gain and an offset can be found from, with an error to judge them by."""
_ALIKE = 100.0  # times the ridge is that of trims
_LEAST = 0.1  # correlation below which a signal is lost, by a standard error of none
_MOST = 100.0  # gain above which it is
_NOTHING = 1e-6  # of a mean: a smaller spread is rounding in single precision
_RANK = 1e-10  # of the largest eigenvalue


class Scatter:
    """Means and centred second moments of several quantities of every output.

    Added to in portions, which are merged as T. F. Chan, G. H. Golub and R. J. LeVeque do it
    (doi:10.1080/00031305.1983.10483115).

    Attributes
    ----------
    count : int
        Reads.
    mean : (outputs, quantities) array
    sums : (outputs, quantities, quantities) array
        Of products of deviations from the means.

    Parameters
    ----------
    outputs, quantities : int
    """

    def __init__(self, outputs: int, quantities: int) -> None:
        self.count = 0
        self.mean = np.zeros((outputs, quantities))
        self.sums = np.zeros((outputs, quantities, quantities))

    def add(self, values: Floats) -> None:
        """Count in `values` (reads, outputs, quantities)."""
        if not len(values):
            return
        mean = values.mean(axis=0)
        away = values - mean
        step, total = mean - self.mean, self.count + len(values)
        self.sums += away.transpose(1, 2, 0) @ away.transpose(1, 0, 2)
        self.sums += (self.count * len(values) / total) * step[:, :, None] * step[:, None, :]
        self.mean += step * (len(values) / total)
        self.count = total


@dataclass(frozen=True, eq=False)
class Fitted:
    """Corrections of every output of a product.

    Parameters
    ----------
    gain, offset : (outputs,) arrays
        [1], and in the layer's units.
    trim : (outputs, parts) array
        [1].
    lost : (outputs,) array of bool
        Whether what columns give says next to nothing of what was wanted, or the opposite.
    """

    gain: Floats
    offset: Floats
    trim: Floats
    lost: NDArray[np.bool_]


def fit(scatter: Scatter, ridge: float) -> Fitted:
    """Of quantities (parts ..., rest, target): p is the sum of the parts and the rest."""
    n, sums, mean = scatter.count, scatter.sums, scatter.mean
    pp, pq, qq = sums[:, :-1, :-1].sum(axis=(1, 2)), sums[:, :-1, -1].sum(axis=1), sums[:, -1, -1]
    p, q = mean[:, :-1].sum(axis=1), mean[:, -1]
    silent = pp <= n * (_NOTHING * p) ** 2
    pp, pq = np.where(silent, 0.0, pp), np.where(silent, 0.0, pq)
    left = np.maximum(qq - _over(pq**2, pp), 0.0) / (n - 2)
    gain = np.where(pp + ridge * left > 0, _over(pq + ridge * left, pp + ridge * left), 1.0)
    gain = np.where(silent, 1.0, gain)
    offset = q - gain * p
    better = qq - 2 * gain * pq + gain**2 * pp < qq - 2 * pq + pp + n * (q - p) ** 2
    gain, offset = np.where(better, gain, 1.0), np.where(better, offset, 0.0)
    slope = _over(pq, pp)
    wanted = qq > n * (_NOTHING * q) ** 2
    lost = wanted & ((pq <= (_LEAST - n**-0.5) * np.sqrt(pp * qq)) | (slope > _MOST))
    trim = _trims(sums, gain, _ALIKE * ridge * left)
    offset = offset - gain * np.sum((trim - 1.0) * mean[:, :-2], axis=1)
    return Fitted(gain, offset, trim, lost)


def _trims(sums: Floats, gain: Floats, penalty: Floats) -> Floats:
    """Of the parts, (outputs, parts), for gains that stay; of least change where there is a choice.
    """
    parts = sums.shape[1] - 2
    if not parts:
        return np.ones((len(sums), 0))
    zz = gain[:, None, None] ** 2 * sums[:, :parts, :parts]
    error = sums[:, :parts, -1] - gain[:, None] * sums[:, :parts, :-1].sum(axis=2)
    values, vectors = np.linalg.eigh(zz)
    kept = values > _RANK * values[:, -1:].clip(min=0.0)
    along = np.einsum("ofk,of->ok", vectors, gain[:, None] * error)
    step = np.where(kept, _over(along, values + penalty[:, None]), 0.0)
    return np.asarray(1.0 + np.einsum("ofk,ok->of", vectors, step))


def _over(a: Floats, b: Floats) -> Floats:
    """Ratios, zero where `b` is."""
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=b > 0)

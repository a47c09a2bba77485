"""How devices differ: from one to the next, from write to write, and by faults."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import (
    Floats,
    fraction,
    per_cent_question,
    positive,
    real_array,
    whole,
)
from device_models.compound.synapse import CompoundMTJ
from device_models.population.device_sample import SOUND, DeviceSample

_FAULTS = ("stuck_parallel", "stuck_antiparallel", "shorted", "open_")


def log_normal(sigma: float, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Factors of median 1 whose logarithm has the standard deviation `sigma` [1], each its own."""
    return np.asarray(np.exp(sigma * rng.standard_normal(shape)))


@dataclass(frozen=True, kw_only=True)
class Variability:
    """Spreads of log-normal factors (median 1) and probabilities of faults, for every cell.

    Every default but zero is assumed, within what is usual for MgO junctions. Numbers are of cells
    of the junction's area. Of a compound's cell of A times that area, what is not `shared` spreads
    by 1/sqrt(A) of it, as independent deviations within the area average [T: M. J. M. Pelgrom et
    al., IEEE J. Solid-State Circuits 24 (1989) 1433], and a short, which may lie anywhere in the
    barrier, is as likely as in A cells, 1 - (1 - p)^A.

    Parameters
    ----------
    sigma_r_p, sigma_tmr, sigma_h_c, sigma_v_c : float
        Standard deviation from cell to cell of the logarithm of the parallel resistance, the TMR,
        the coercive field and the critical voltage, below 1 [1]. `sigma_v_c` is what makes the
        cells of a compound switch one after the other.
    correlation_r_p_tmr : float
        Between the logarithms of R_P and TMR [1]: shunting at the rim lowers both.
    correlation_h_c_v_c : float
        Between those of H_c and V_c [1]: both grow with the anisotropy.
    shared : float
        Part of each variance that the cells of one compound have in common, 0 to 1 [1].
    sigma_cycle_v_c : float
        From write to write, of the logarithm of one cell's critical voltage, below 1 [1].
    stuck_parallel, stuck_antiparallel, shorted, open_ : float
        Probability per cell that its free layer never switches, its barrier is a short, or its
        contact is missing [1].
    short_resistance : float
        Of a shorted barrier [ohm].
    """

    sigma_r_p: float = 0.04
    sigma_tmr: float = 0.04
    sigma_h_c: float = 0.15
    sigma_v_c: float = 0.06
    correlation_r_p_tmr: float = 0.0
    correlation_h_c_v_c: float = 0.5
    shared: float = 0.0
    sigma_cycle_v_c: float = 0.02
    stuck_parallel: float = 0.0
    stuck_antiparallel: float = 0.0
    shorted: float = 1e-4
    open_: float = 0.0
    short_resistance: float = 100.0

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if name == "short_resistance":
                checked = positive(name, value, "ohm")
            elif name.startswith("correlation"):
                given = real_array(name, value, "1")
                if given.ndim:
                    raise ValueError(f"{name} [1] has shape {given.shape}; expected one number")
                checked = float(given)
                if abs(checked) > 1:
                    raise ValueError(f"{name} is {checked:g}; expected -1 to 1: "
                                     f"{per_cent_question(checked)}")
            else:
                checked = fraction(name, value, one=not name.startswith("sigma"))
            object.__setattr__(self, name, checked)
        if sum(self.faults) > 1:
            came = ", ".join(f"{name} {value:g} (default {getattr(Variability, name):g})"
                             for name, value in zip(_FAULTS, self.faults, strict=True))
            raise ValueError(f"the probabilities of faults add to more than 1: {came}; expected 1 "
                             "at most: lower one, and set those you do not mean to 0")

    @property
    def faults(self) -> tuple[float, ...]:
        """Probabilities of stuck_parallel, stuck_antiparallel, shorted, open_ [1]."""
        return tuple(getattr(self, name) for name in _FAULTS)

    def sample(
        self, synapse: CompoundMTJ, size: int, rng: np.random.Generator | int,
        critical_voltage: float = 1.0, coercive_field: float = 1.0,
    ) -> DeviceSample:
        """`size` devices like `synapse`, each cell with its own deviations and faults.

        Parameters
        ----------
        synapse : CompoundMTJ
            The nominal device; all stand on channels like its own, if it has one.
        size : int
            Number of devices; millions take well under a second.
        rng : Generator or int
            Where the randomness comes from, or a seed.
        critical_voltage, coercive_field : float
            Nominal values [V], [T]; 1 gives relative ones.
        """
        if not isinstance(synapse, CompoundMTJ):
            raise TypeError(f"synapse is {type(synapse).__name__}; expected a CompoundMTJ, whose "
                            "cells are drawn: CompoundMTJ(mtj) is one junction alone")
        n, random = whole("size", size, 1), np.random.default_rng(rng)
        shape = (n, synapse.cells)
        areas = None if synapse.areas is None else np.array(synapse.areas)
        r_p, tmr = self._pair(random, shape, self.sigma_r_p, self.sigma_tmr,
                              self.correlation_r_p_tmr, areas)
        h_c, v_c = self._pair(random, shape, self.sigma_h_c, self.sigma_v_c,
                              self.correlation_h_c_v_c, areas)
        g_p = 1.0 / r_p
        g_p *= 1.0 / synapse.mtj.r_p
        if areas is not None:
            g_p *= areas
        tmr *= synapse.mtj.tmr
        h_c *= positive("coercive_field", coercive_field, "T")
        v_c *= positive("critical_voltage", critical_voltage, "V")
        return DeviceSample(synapse.mtj.bias_law, g_p, tmr, h_c, v_c,
                            self._faulty(random, shape, areas), self.short_resistance,
                            None if synapse.areas is None else tuple(synapse.areas),
                            synapse.channel, synapse.mtj.contact)

    def cycle(
        self, critical_voltage: ArrayLike, rng: np.random.Generator | int
    ) -> Floats:
        """Critical voltages [V] of one more write, from those of the cells [V], any shape."""
        v_c = real_array("critical_voltage", critical_voltage, "V")
        return v_c * log_normal(self.sigma_cycle_v_c, v_c.shape, np.random.default_rng(rng))

    def _pair(self, rng: np.random.Generator, shape: tuple[int, int], sigma_a: float,
              sigma_b: float, correlation: float, areas: Floats | None
              ) -> tuple[Floats, Floats]:
        """Two correlated log-normal factors of every cell: exp of (size, cells) normal numbers."""
        a, b = self._normal(rng, shape, areas), self._normal(rng, shape, areas)
        b *= np.sqrt(1.0 - correlation**2) * sigma_b
        if correlation:
            b += correlation * sigma_b * a
        a *= sigma_a
        return np.exp(a, out=a), np.exp(b, out=b)

    def _normal(self, rng: np.random.Generator, shape: tuple[int, int], areas: Floats | None
                ) -> Floats:
        """Normal, (size, cells), standard for cells of relative area 1; `shared` of their variance
        is common to each row, the rest falls with the `areas` (cells,) [1]."""
        z = rng.standard_normal(shape)
        if areas is not None:
            z /= np.sqrt(areas)
        if self.shared:
            z *= np.sqrt(1.0 - self.shared)
            z += np.sqrt(self.shared) * rng.standard_normal((shape[0], 1))
        return z

    def _faulty(self, rng: np.random.Generator, shape: tuple[int, int], areas: Floats | None
                ) -> NDArray[np.int8]:
        """A code of `device_sample` for each cell; one uniform number decides."""
        code = np.full(shape, SOUND, np.int8)
        if sum(self.faults) > 0:
            draw = rng.random(shape)
            for cell, area in enumerate(np.ones(shape[1]) if areas is None else areas):
                limits, mine = np.cumsum(self._faults_of(area)), draw[:, cell]
                faulty = mine < limits[-1]
                code[faulty, cell] = 1 + np.searchsorted(limits, mine[faulty], side="right")
        return code

    def _faults_of(self, area: float) -> Floats:
        """Probabilities as of `faults` [1], of a cell of relative `area` [1]: what is shorted is
        neither open nor stuck."""
        faults = np.array(self.faults)
        if area != 1:
            at = _FAULTS.index("shorted")
            faults[at] = min(1.0 - (1.0 - self.shorted) ** area,
                             1.0 - (faults.sum() - faults[at]))
        return faults


def sample(
    synapse: CompoundMTJ, size: int, rng: np.random.Generator | int,
    variability: Variability | None = None,
) -> DeviceSample:
    """`size` devices like `synapse` with the spreads and faults of `variability`, by default the
    assumed ones; see `Variability.sample`."""
    if variability is not None and not isinstance(variability, Variability):
        raise TypeError(f"variability is {variability!r}; expected a Variability, as "
                        "stack.variability() returns, or None")
    return (Variability() if variability is None else variability).sample(synapse, size, rng)

"""Published chips that compute in MRAM, and a digital multiply-accumulate beside them.

An operation is a multiplication or an addition, so a multiply-accumulate is two. Figures for one
bit count one-bit operations: an 8-bit product of the same array takes up to 64 of them, so they do
not compare with figures for 8 bits unless both are brought to the same bits.
"""

from dataclasses import dataclass

from crossbar.cost.periphery import Periphery

BITS = 8


@dataclass(frozen=True)
class Published:
    """What one publication says of one chip.

    Parameters
    ----------
    name : str
        Who and when.
    node : float
        [m].
    array : (int, int) or None
        Rows and columns of one array; None: not in what could be read.
    bits : str
        Of inputs, weights and outputs, where stated.
    tops_per_watt : (float, float) or None
        Least and most [10^12 operations per second and watt]; None: not in what could be read.
    tops_per_mm2 : float or None
        [10^12 operations per second and mm^2].
    source : str
        Publication and DOI.
    counts : str
        What the figures count.
    verified : bool
        Whether the figures were read in the publication's own abstract or text; else they are as
        others cite them.
    """

    name: str
    node: float
    array: tuple[int, int] | None
    bits: str
    tops_per_watt: tuple[float, float] | None
    tops_per_mm2: float | None
    source: str
    counts: str
    verified: bool


CHIPS = (
    Published("Jung 2022", 28e-9, (64, 64), "1-bit inputs and weights", None, None,
              "Nature 601, 211 (2022), doi:10.1038/s41586-021-04196-6",
              "passive array that sums resistances, with its readout; its abstract has accuracies "
              "and no figure of energy, the paper itself could not be read", True),
    Published("Myung 2024", 14e-9, None, "multi-bit weights of stacked junctions; figures "
              "normalised to 1 bit", (340.8, 340.8), 18.29,
              "IEEE Solid-State Circuits Letters 7, 295 (2024), doi:10.1109/LSSC.2024.3465595",
              "one macro of the 72, 1-bit operations", True),
    Published("Deaville 2025", 22e-9, (256, 512), "1 bit; 6-bit ADC", (19.5, 41.6), 5.5,
              "IEEE J. Solid-State Circuits 60, 1856 (2025)",
              "macro with all rows and columns at once, ADCs included, 1-bit operations", True),
    Published("Deaville 2023", 22e-9, None, "1 bit", (28.0, 68.6), 5.43,
              "A 256-kb Fully Row/Column-parallel 22nm MRAM In-Memory-Computing Macro (IEEE, 2023)",
              "macro with differential readout, 1-bit operations", True),
    Published("Chiu 2023", 22e-9, None, "not in the abstract", (30.1, 68.0), None,
              "Nature Electronics 6 (2023), doi:10.1038/s41928-023-00994-0",
              "6.6-Mbit macro, dot products with early termination", True),
    Published("Cai 2023", 28e-9, None, "not in the abstract", (22.4, 41.5), None,
              "ISSCC 2023, 33.4, doi:10.1109/ISSCC42615.2023.10067339", "2-Mbit macro", True),
    Published("Nature Electronics 2025", 40e-9, None, "4, 8, 12 or 16 bits of inputs and weights",
              (7.02, 112.3), None,
              "Nature Electronics 8, 1046 (2025), doi:10.1038/s41928-025-01479-y",
              "64-kbit macro that adds digitally, 16 to 4 bits", True),
    Published("BrainTTA 2022", 22e-9, None, "8 bits", (1 / 0.405, 1 / 0.405), None,
              "arXiv:2211.11331", "digital, no MRAM: programmable processor, 405 fJ per operation "
              "at its peak", True),
)
"""Fabricated or taped out; each figure as its publication counts it."""


def digital_baseline(periphery: Periphery | None = None, *, memory: bool = False) -> Published:
    """An 8-bit digital multiply-accumulate at the periphery's node and supply.

    A product, its addition to 32 bits and the register of the sum. With `memory`, the weight comes
    from the periphery's buffer for every product, as it must where a matrix does not fit beside
    its multipliers; inputs are shared by many and left out.
    """
    periphery = Periphery() if periphery is None else periphery
    logic = periphery.digital
    energy = logic.multiply_accumulate(BITS) + logic.register(32)
    energy += logic.buffer(BITS) if memory else 0.0
    area = logic.multiply_area(BITS, BITS) + logic.shift_and_add_area(32)
    area += logic.buffer_area(BITS) if memory else 0.0
    per_watt, per_mm2 = 2e-12 / energy, 2e-12 * periphery.clock_rate / (area * 1e6)
    counts = "weight from SRAM for every product" if memory else "arithmetic and register alone"
    return Published("digital 8-bit multiply-accumulate", periphery.node, None,
                     "8-bit factors, 32-bit sum", (per_watt, per_watt), per_mm2,
                     "estimate: crossbar.cost.periphery.Digital", counts, False)

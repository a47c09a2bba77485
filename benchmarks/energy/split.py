"""Where the energy of an inference goes."""

from dataclasses import dataclass

import keras

import crossbar
from benchmarks.inputs.datasets import CALIBRATION, ImageSet
from benchmarks.inputs.weights import load_trained
from crossbar import Hardware, Periphery
from crossbar.cost.figures import PerformanceReport
from crossbar.cost.published import Published
from crossbar.cost.write_report import WriteReport
from crossbar.tables import aligned


@dataclass(frozen=True, eq=False)
class Split:
    """What was found of one network on one hardware.

    Parameters
    ----------
    report : PerformanceReport
        Of an inference.
    writes : WriteReport, optional
        Of writing it, where the hardware says how.
    """

    report: PerformanceReport
    writes: WriteReport | None = None

    def printed(self) -> list[str]:
        """Tables: energy, its spread over images, figures of merit, latency, area, other chips."""
        energy = self.report.energy
        shares = ", ".join(f"{100 * share:g} % below {joule * 1e12:.4g}"
                           for share, joule in energy.quantiles().items())
        left = f"\nnot counted: {', '.join(energy.digital)}" if energy.digital else ""
        return [str(energy) + left,
                f"array energy of an image [pJ]: mean {energy.array * 1e12:.4g}, {shares}, most "
                f"{energy.peak * 1e12:.4g}",
                str(self.report), str(self.report.latency), str(self.report.area), self._beside(),
                *([] if self.writes is None else [f"writing it\n{self.writes}"])]

    def _beside(self) -> str:
        """Published chips, each as it counts itself."""
        rows = [("beside it", "nm", "TOPS/W", "TOPS/mm2", "bits", "source")]
        rows.extend((one.name, f"{one.node * 1e9:g}", _range(one), _number(one.tops_per_mm2),
                     one.bits, one.source) for one in self.report.beside)
        return "\n".join(aligned(rows, left=len(rows[0])))

    def numbers(self) -> dict[str, object]:
        """For JSON."""
        report, energy = self.report, self.report.energy
        return {
            "energy_array_j": energy.array, "energy_periphery_j": energy.periphery,
            "energy_per_inference_j": energy.total, "energy_split_j": energy.split,
            "energy_layers_j": energy.layers, "energy_images_j": list(energy.images),
            "energy_tiles_j": {name: [[tile.product, tile.matrix, tile.array, tile.parts]
                                      for tile in tiles] for name, tiles in energy.tiles.items()},
            "not_counted": list(energy.digital), "operations": report.operations,
            "latency_s": report.latency.latency, "interval_s": report.latency.interval,
            "settling_s": {name: layer.settling for name, layer in report.latency.layers.items()},
            "area_m2": report.area.split, "tops_per_watt": report.tops_per_watt,
            "tops_per_watt_arrays": report.tops_per_watt_arrays,
            "tops_per_mm2": report.tops_per_mm2, "energy_delay_j_s": report.energy_delay,
            "inferences_per_joule": report.inferences_per_joule,
            "inferences_per_second": report.inferences_per_second,
            **({} if self.writes is None else {"write_energy_j": self.writes.total.energy,
                                               "write_pulses": self.writes.total.pulses})}


def measure(network: str, test: ImageSet, images: int, hardware: Hardware, periphery: Periphery
            ) -> tuple[keras.Model, Split]:
    """A bundled network, and what it costs for the first `images` test images."""
    model = load_trained(test.name, test, network=network).model
    analog = crossbar.to_analog(model, hardware, test.x[:CALIBRATION])
    writes = None if hardware.programming is None else crossbar.write_cost(analog)
    return model, Split(crossbar.performance(analog, test.x[:images], periphery=periphery), writes)


def _range(one: Published) -> str:
    if one.tops_per_watt is None:
        return "-"
    low, high = one.tops_per_watt
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.4g}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"

"""States that a step has found, on disk: those of this folder, or those that are bundled."""

import hashlib
import json
from dataclasses import MISSING, Field, asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.inputs.datasets import DataError, ImageSet
from benchmarks.output.files import replacing, versions
from benchmarks.recover.arrays import ArrayCase
from benchmarks.recover.recipe import Recipe
from circuits.threads import available_threads
from crossbar import Hardware
from crossbar.recovery.kept_states import KeptStates
from crossbar.stored import to_plain

BUNDLED = Path(__file__).parents[1] / "inputs" / "recovered"


@dataclass(frozen=True, eq=False)
class Point:
    """One network on one chip, after one step.

    Parameters
    ----------
    network : str
        Name of the bundled network.
    array : ArrayCase
        Size and wires.
    hardware : Hardware
        With that array and chip.
    step : str
        What was done last.
    seed : int
        Of the network's training, and of the order of images in this one.
    calibration : int
        Images that gains are fitted to.
    recipe : Recipe
        Of the training.
    test : ImageSet
        Never shown to any step.
    """

    network: str
    array: ArrayCase
    hardware: Hardware
    step: str
    seed: int
    calibration: int
    recipe: Recipe
    test: ImageSet

    @property
    def identity(self) -> dict[str, object]:
        """All that the states depend on, but for the training images."""
        recipe = asdict(self.recipe) if self.step == "train" else {}
        return {"network": self.network, "hardware": _told(self.hardware), "step": self.step,
                "seed": self.seed, "calibration": self.calibration, "recipe": recipe,
                "dataset": self.test.name, "test_digest": self.test.digest}

    @property
    def name(self) -> str:
        """Of its file."""
        text = json.dumps(self.identity, sort_keys=True)
        digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
        return (f"{self.test.name}_{self.network}_{self.array.stem}_{self.step.replace(' ', '_')}_"
                f"seed{self.seed}_{digest}.npz")

    def find(self, folder: Path, *, bundled: bool) -> tuple[KeptStates, str] | None:
        """States and where they are from: of the `folder`, or bundled where these may be taken."""
        places = [(folder, "computed"), *([(BUNDLED, "bundled")] if bundled else [])]
        for place, source in places:
            path = place / self.name
            if path.exists():
                kept = KeptStates.load(path)
                self._check(kept, path)
                return kept, source
        return None

    def keep(self, kept: KeptStates, folder: Path) -> None:
        """Write states into the folder."""
        with replacing(folder / self.name) as temporary:
            kept.save(temporary)

    def record(self, images: ImageSet, seconds: float, validation: float) -> dict[str, object]:
        """What is kept beside the states."""
        return {"identity": self.identity, "train_digest": images.digest, "seconds": seconds,
                "validation": validation, "threads": available_threads(),
                "versions": versions(("tensorflow", "keras", "numpy")),
                "date": datetime.now(UTC).date().isoformat()}

    def _check(self, kept: KeptStates, path: Path) -> None:
        if kept.record.get("identity") != json.loads(json.dumps(self.identity)):
            raise DataError(f"{path} is not what its name says: delete it, or choose another --out")


def _told(hardware: Hardware) -> dict[str, object]:
    """What of the hardware makes a difference: the conductances of its states, and what is not as
    by default. All of the synapse where more of it counts than that."""
    told: dict[str, object] = {
        field.name: to_plain(getattr(hardware, field.name)) for field in fields(hardware)
        if field.name != "synapse" and not _is_default(field, getattr(hardware, field.name))}
    states = hardware.synapse.conductances(hardware.read_voltage)
    told["conductances"] = [f"{g:.9g}" for g in states]
    chances = hardware.imperfections
    if chances.effects or chances.variability is not None or hardware.by_circuit or (
            getattr(hardware.synapse, "channel", None) is not None):
        told["synapse"] = to_plain(hardware.synapse)
    return told


def _is_default(field: Field[Any], value: object) -> bool:
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return bool(value == default)

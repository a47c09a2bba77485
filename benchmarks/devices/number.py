"""One number that Kumar et al. 2024 state of their devices, beside what a stack's model gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from benchmarks.inputs.paper import PAPER
from benchmarks.output.left_out import LEFT_OUT
from device_models import Stack

INPUT, FIT, PREDICTION = "input", "fit", "prediction"
_AGREES = {INPUT: "as given", FIT: "as fitted", PREDICTION: "met"}


class Row(TypedDict):
    """A number in the table and in devices.json; `model` and `deviation` are None without one."""

    name: str
    section: str
    unit: str
    paper: float
    allowed: float
    kind: str
    contradiction: int | None
    model: float | None
    deviation: float | None
    verdict: str


class Summary(TypedDict):
    """How many rows with a model are of each kind, and what became of the predictions."""

    predictions: int
    met: int
    contradicted: int
    inputs: int
    fits: int
    text: str


@dataclass(frozen=True)
class Number:
    """A stated number, its allowed deviation, and the model's way to it.

    Parameters
    ----------
    name, section, unit : str
        What it is, where the paper states it, and in what unit.
    stated, allowed : float
        The number, and the spread the paper states of it, else half of its last printed digit.
    kind : str
        INPUT where the number stands in the stack file, or follows from what stands there by
        definition, and only has to come out again; FIT where a parameter was fitted to it;
        PREDICTION where a law gives it from other numbers, so that it could fail.
    model : function
        From a stack to its own number, in `unit`.
    contradiction : int
        The item of `contradictions` that says why it cannot be met; 0 for none.
    """

    name: str
    section: str
    unit: str
    stated: float
    allowed: float
    kind: str
    model: Callable[[Stack], float]
    contradiction: int = 0

    def row(self, stack: Stack) -> Row:
        """The number beside that of `stack`, which may not give it, and says why."""
        model, deviation = None, None
        try:
            model = float(self.model(stack))
            deviation = round(model - self.stated, 9) + 0.0  # no -0
            verdict = self._verdict(deviation, stack)
        except LEFT_OUT as error:
            verdict = str(error)
        return {"name": self.name, "section": self.section, "unit": self.unit,
                "paper": self.stated, "allowed": self.allowed, "kind": self.kind,
                "contradiction": self.contradiction or None, "model": model,
                "deviation": deviation, "verdict": verdict}

    def _verdict(self, deviation: float, stack: Stack) -> str:
        if stack.doi != PAPER:
            return "another device"
        if abs(deviation) <= self.allowed * (1 + 1e-9):
            return _AGREES[self.kind]
        return f"contradiction {self.contradiction}" if self.contradiction else "missed"


def summary(table: Sequence[Row]) -> Summary:
    """Counts of the rows with a model; of them only predictions can be met."""
    known = [row for row in table if row["model"] is not None]
    kinds = [row["kind"] for row in known]
    verdicts = [row["verdict"] for row in known if row["kind"] == PREDICTION]
    met = verdicts.count("met")
    contradicted = sum(verdict.startswith("contradiction") for verdict in verdicts)
    why = f" ({contradicted} of the others where the paper does not fit itself)" if (
        contradicted) else ""
    text = (f"predictions: {met} of {len(verdicts)} met{why}; {kinds.count(INPUT)} inputs and "
            f"{kinds.count(FIT)} fits not counted")
    return {"predictions": len(verdicts), "met": met, "contradicted": contradicted,
            "inputs": kinds.count(INPUT), "fits": kinds.count(FIT), "text": text}

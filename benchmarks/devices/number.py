"""One number that Kumar et al. 2024 state of their devices, beside what a stack's model gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from benchmarks.inputs.paper import PAPER
from benchmarks.output.left_out import LEFT_OUT
from device_models import Stack

SOURCES = ("input", "fit", "definition", "prediction")


class Row(TypedDict):
    """A number in the table and in devices.json; `model` and `deviation` are None without one."""

    name: str
    section: str
    unit: str
    paper: float
    allowed: float
    source: str
    contradiction: int | None
    model: float | None
    deviation: float | None
    verdict: str


@dataclass(frozen=True)
class Number:
    """A stated number, its allowed deviation, and the model's way to it.

    Parameters
    ----------
    name, section, unit : str
        What it is, where the paper states it, and in what unit.
    stated, allowed : float
        The number, and the spread the paper states of it, else half of its last printed digit.
    source : str
        One of SOURCES: "input" where the number itself stands in the stack file and only has to
        come out again, "fit" where parameters of a law were fitted to it, "definition" where it is
        arithmetic of others, "prediction" where a law gives it by itself.
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
    source: str
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
                "paper": self.stated, "allowed": self.allowed, "source": self.source,
                "contradiction": self.contradiction or None, "model": model,
                "deviation": deviation, "verdict": verdict}

    def _verdict(self, deviation: float, stack: Stack) -> str:
        if abs(deviation) <= self.allowed * (1 + 1e-9):
            return "met"
        if stack.doi != PAPER:
            return "another device"
        return f"contradiction {self.contradiction}" if self.contradiction else "missed"

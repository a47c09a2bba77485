"""Small random circuits and inputs for property tests."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.strategies import SearchStrategy

from circuits import CrossbarCircuit, Wires
from tests.support.reference import Floats

# derandomised: a suite that passes, passes again
few = settings(max_examples=30, derandomize=True)


def log_uniform(low: float, high: float) -> SearchStrategy[float]:
    """10^low..10^high or zero."""
    return st.one_of(st.just(0.0), st.floats(low, high).map(lambda x: 10**x))


wires = st.builds(Wires, *[log_uniform(-3, 4)] * 4)
conductances: SearchStrategy[Floats] = hnp.arrays(
    float, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=log_uniform(-7, -2)
)
circuits = st.builds(CrossbarCircuit, conductances, wires)


def voltages(rows: int, batch: int = 2, low: float = -1.0) -> SearchStrategy[Floats]:
    """Inputs (batch, rows) [V]; subnormal ones would round to nothing in the solution."""
    element = st.floats(low, 1.0).map(lambda v: round(v, 6))
    return hnp.arrays(float, (batch, rows), elements=element)

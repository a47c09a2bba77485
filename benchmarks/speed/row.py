"""What is measured: a row of a section's table, as it is printed, judged, drawn and written."""

from typing import Literal, TypedDict


class Row(TypedDict, total=False):
    """Times in seconds; each section fills in what it measures."""

    kind: str
    law: str
    tool: str
    solver: str
    rows: int
    columns: int
    wire_ohm: float
    batch: int
    count: int

    # growth: over what, at which value of it, the rest being fixed
    over: str
    fixed: str
    value: int

    # ours
    seconds: float
    seconds_per_input: float
    seconds_with_matrix: float
    gflops: float
    iterations: float
    most_iterations: int

    # memory of a process: at its start, at its peak, and what came to it between the two
    start_bytes: int | None
    peak_bytes: int | None
    bytes: int | None

    # SciPy's SuperLU, and other tools
    ordering: str
    superlu_factor_seconds: float
    superlu_solve_seconds: float
    superlu_single_solve_seconds: float
    superlu_matrix_seconds: float
    superlu_seconds: float
    superlu_solves_measured: int
    superlu_bytes: int | None
    tool_seconds: float

    # their time over ours, and how far their result is from ours
    ratio: float
    ratio_matrix: float
    ratio_with_matrix: float
    largest_relative_difference: float

    # currents that one process hands to another to compare
    sample: list[float]

    # why nothing was measured, in a sentence
    skipped: str


Quantity = Literal["seconds", "superlu_factor_seconds", "superlu_solve_seconds", "ratio",
                   "ratio_with_matrix", "bytes", "superlu_bytes", "peak_bytes",
                   "largest_relative_difference"]
"""What a row may lack, or what targets choose by its name."""

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
    exponent: float

    # ours
    seconds: float
    seconds_per_input: float
    seconds_with_matrix: float
    gflops: float
    iterations: float
    most_iterations: int
    tolerance: float

    # memory of a process: at its start, at its peak, and what came to it between the two
    start_bytes: int | None
    peak_bytes: int | None
    bytes: int | None

    # SciPy's SuperLU, CHOLMOD, and other tools
    ordering: str
    superlu_factor_seconds: float
    superlu_solve_seconds: float
    superlu_single_solve_seconds: float
    superlu_matrix_seconds: float
    superlu_seconds: float
    superlu_solves_measured: int
    superlu_bytes: int | None
    cholmod_factor_seconds: float
    cholmod_solve_seconds: float
    cholmod_matrix_seconds: float
    tool_seconds: float

    # their time over ours, and how far their result is from ours
    ratio: float
    ratio_matrix: float
    ratio_cholmod: float
    ratio_with_matrix: float
    largest_relative_difference: float

    # currents that one process hands to another to compare
    sample: list[list[float]]

    # why nothing was measured, in a sentence
    skipped: str


Quantity = Literal["seconds", "seconds_per_input", "superlu_factor_seconds",
                   "superlu_solve_seconds", "superlu_matrix_seconds", "cholmod_factor_seconds",
                   "cholmod_solve_seconds", "cholmod_matrix_seconds",
                   "ratio", "ratio_cholmod", "ratio_with_matrix", "bytes", "superlu_bytes",
                   "peak_bytes", "largest_relative_difference", "exponent"]
"""What a row may lack, or what targets choose by its name."""

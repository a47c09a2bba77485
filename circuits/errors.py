"""What solvers raise."""


class ConvergenceError(ArithmeticError):
    """A nonlinear solution that was not found; the text names the input and what to try."""


class SingularCircuitError(ValueError):
    """A circuit with a node whose voltage nothing determines; the text names the node."""

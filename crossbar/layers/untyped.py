"""Names for what Keras leaves without a type."""

from typing import Any

Tensor = Any
"""A value, or a symbol of a graph being built."""
Setting = Any
"""An argument of a layer, as its configuration holds it."""
Shape = tuple[int, ...]
"""Of a tensor; that of a batch may be None."""

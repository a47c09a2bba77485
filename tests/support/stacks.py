"""Which of the bundled stacks a law can be tried on: a file need not say everything."""

from device_models import available_stacks, load_stack

WRITTEN = [name for name in available_stacks() if load_stack(name).tables.switching is not None]
"""Those that can be written: with a free layer, its switching and its channel."""

OF_THICKNESS = [name for name in available_stacks() if "thickness" not in load_stack(name).lacking]
"""Those of a range of thickness."""

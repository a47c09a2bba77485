"""What can be wrong with a measured file."""


class MeasuredError(ValueError):
    """A measured file that cannot be used; the message names the file and mostly the line."""

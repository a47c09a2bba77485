"""The error of a free layer that lies the other way than its laws take it to."""


class EasyAxisError(ValueError):
    """An in-plane layer so thin that it stands, or a perpendicular one so thick that it lies."""

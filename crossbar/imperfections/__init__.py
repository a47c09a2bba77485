"""What stands between a wanted and a real conductance.
One effect a file."""

from crossbar.imperfections.writing import ImperfectWrite

__all__ = ["ImperfectWrite"]

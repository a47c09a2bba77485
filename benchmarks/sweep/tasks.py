"""A point of a study as a task: all that a worker needs, named by a digest of it."""

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One point on one chip.

    Parameters
    ----------
    flags : tuple of str
        Of the point.
    network, chip : int
        Which of the trained networks, and which chip of it, from 0.
    observe : tuple of str
        What is wanted of it.
    code : str
        Digest of what computes it, and of the libraries.
    settings : tuple of (name, value)
        What differs from point to point; the flags hold it too.
    """

    flags: tuple[str, ...]
    network: int
    chip: int
    observe: tuple[str, ...]
    code: str
    settings: tuple[tuple[str, object], ...] = ()

    @property
    def key(self) -> str:
        """Digest of all that its numbers depend on."""
        return _digest([self.flags, self.network, self.chip, sorted(self.observe), self.code])

    @property
    def seed(self) -> int:
        """Of the chip: from the configuration, not from the place in a study, nor from the code."""
        return int(_digest(["chip", self.flags, self.network, self.chip])[:8], 16)


def _digest(content: object) -> str:
    return hashlib.blake2b(json.dumps(content).encode(), digest_size=16).hexdigest()

"""Whether what a solution needs fits into memory."""

import psutil


def check_memory(needed: float, what: str, way_out: str) -> None:
    """Refuse what takes more than the memory that is free, before it is begun.

    Raises
    ------
    MemoryError
        If `needed` [byte] for `what` is more; says what to do.
    """
    free = float(psutil.virtual_memory().available)
    if needed > free:
        raise MemoryError(f"{what} needs {needed / 2**30:.1f} GiB of memory, and "
                          f"{free / 2**30:.1f} GiB are free; {way_out}")

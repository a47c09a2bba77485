"""Compiled kernels (Numba, cached, free of the interpreter lock): the solvers' inner loops.
Laws are compiled from their formulas, in `circuits/laws/compiled.py`; nothing else is."""

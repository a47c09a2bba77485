"""Compiled kernels (Numba, cached, free of the interpreter lock); the only compiled code here."""

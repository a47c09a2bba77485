"""How many threads work, and on what.

Parallelism is over tiles or chunks of a batch, or over the two halves of one solution; the linear
algebra below stays on one thread. Two threaded pools at once are many times slower than one.
"""

import functools
import os

from threadpoolctl import LibController, ThreadpoolController

from device_models.processors import available_threads

__all__ = ["available_threads", "keep_blas_on_one_thread"]


@functools.cache
def _own_blas() -> list[LibController]:
    """SciPy's BLAS, which the kernels call; every BLAS where SciPy has none of its own."""
    controllers = ThreadpoolController().select(user_api="blas").lib_controllers
    own = [library for library in controllers if "scipy" in os.path.dirname(library.filepath)]
    return own or list(controllers)


def keep_blas_on_one_thread() -> None:
    """Set the BLAS that the kernels call to one thread, for the rest of the process.

    NumPy's is left alone where it is another one. The limit is not lifted again: OpenBLAS has one
    limit for all threads of a process, and to switch it while another thread computes makes both
    up to a hundred times slower.
    """
    for library in _own_blas():
        if library.get_num_threads() != 1:
            library.set_num_threads(1)

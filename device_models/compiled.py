"""Compilation with Numba; the machine code is kept on disk, wherever the package is installed.

Numba keeps it beside the source, else in the user's cache folder. Where neither can be written to
(a container, a cluster's read-only installation without a home) it goes to a folder of the user's
own in the temporary one. Where that fails too, or the disk is full, every process compiles anew.
Both are said once, and change no result.
"""

import os
import stat
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import FunctionCache, NullCache
from numba.core.ccallback import CFunc
from numba.core.typing import Signature

_WAY_OUT = "set NUMBA_CACHE_DIR to a folder with room that you may write to"
_SAID: set[str] = set()  # kinds of warnings


class CacheWarning(UserWarning):
    """Compiled code is not kept where it should be, so that programs start more slowly."""


def compiled(function: Callable[..., Any], **options: Any) -> Any:
    """`function` as machine code that runs without the interpreter lock; options of `numba.njit`.

    With options, decorate by `@partial(compiled, inline="always")`.
    """
    dispatcher = numba.njit(nogil=True, **options)(function)
    if not numba.config.DISABLE_JIT:  # else it is the function itself
        dispatcher._cache = _cache_of(function)  # as its enable_caching() does with Numba's own
    return dispatcher


def compiled_callback(
    signature: Signature, function: Callable[..., None], kept: bool = True, **options: Any
) -> CFunc:
    """`function` as a C function of a Numba `signature`, compiled at once.

    `options` are those of `numba.cfunc`. What cannot be imported by its name, as what is
    defined in a function, must not be `kept`.
    """
    types = (signature.args, signature.return_type)
    callback: Any = CFunc(function, types, locals={}, options=options)
    if kept:
        callback._cache = _cache_of(function)
    callback.compile()
    made: CFunc = callback
    return made


class _Cache(FunctionCache):
    """Numba's cache of one function, which may fail to grow without stopping a computation."""

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:
            _warn_once("unwritten", f"compiled code cannot be written to {self.cache_path} "
                       f"({error.strerror}); every program compiles it anew: {_WAY_OUT}")


def _cache_of(function: Callable[..., Any]) -> FunctionCache | NullCache:
    """Where the machine code of `function` is kept: where Numba would, the next best, or not."""
    try:
        return _Cache(function)
    except RuntimeError:  # nowhere
        if not os.path.exists(function.__code__.co_filename):  # typed at a prompt: none is expected
            return NullCache()
    place = numba.config.CACHE_DIR or str(Path(__file__).parents[1])
    trouble = (f"compiled code cannot be kept in {place} ({_obstacle(place)}), nor in the user's "
               "cache folder")
    try:
        folder = _own_temporary_folder()
        with _numba_keeps_in(folder):
            cache = _Cache(function)
    except (OSError, RuntimeError) as error:
        _warn_once("homeless", f"{trouble}, nor in a temporary one ({error}); every program "
                   f"compiles it anew: {_WAY_OUT}")
        return NullCache()
    _warn_once("homeless", f"{trouble}; it is kept in {folder} meanwhile: {_WAY_OUT}")
    return cache


def _obstacle(folder: str) -> str:
    """What the system says when it is asked to write there."""
    try:
        os.makedirs(folder, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return str(error.strerror)
    return "not in all of its folders"


def _own_temporary_folder() -> str:
    """A folder in the temporary one that no other user can write to: code is loaded from it."""
    user = os.getuid() if hasattr(os, "getuid") else 0  # Windows: its user folder serves
    folder = Path(tempfile.gettempdir(), f"spintronic-crossbar-{user}")
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != user or status.st_mode & 0o022:
        raise PermissionError(f"{folder} is not this user's alone")
    return str(folder)


@contextmanager
def _numba_keeps_in(folder: str) -> Iterator[None]:
    """Numba's cache folder, for what is decorated meanwhile only."""
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, folder
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before


def _warn_once(kind: str, text: str) -> None:
    """Warn, once a process for each kind: there are many functions, and one reason."""
    if kind not in _SAID:
        _SAID.add(kind)
        warnings.warn(text, CacheWarning, stacklevel=4)  # where the decorator stands

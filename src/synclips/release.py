"""What a job that fails gives back at once: its threads, temporary files and frames.

An exception keeps the variables of all it came through as long as somebody keeps it, as futures,
tasks and lists of failed jobs do. Knows nothing of what these variables are.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def releasing(job: Callable[P, T]) -> Callable[P, T]:
    """The same job, whose exceptions keep nothing of what this package held while it worked.

    They keep their message, cause and lines, and the variables of the functions of others that were
    called, such as a progress callback that raised.
    """

    @wraps(job)
    def released(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return job(*args, **kwargs)
        except BaseException as error:
            _clear(error)
            del args, kwargs  # of this function, which is kept as well
            raise

    return released


def _clear(error: BaseException) -> None:
    """Take from all functions of this package that an exception came through what they held.

    A generator of it that has caught one of them ends, too.
    """
    for one in _chain(error):
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if frame.f_globals.get("__name__", "").partition(".")[0] == "synclips":
                with suppress(RuntimeError):  # it still runs: what is left is a caller
                    frame.clear()


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and those it came from or in the handling of which it came."""
    waiting, known = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in known:
            known.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]

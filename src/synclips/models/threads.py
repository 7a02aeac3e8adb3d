"""How many threads a call of a network takes."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch

T = TypeVar("T")


class _Sharing:
    """Who works by one thread, of all in this process: PyTorch has one number for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = 1

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._lock:
            if not self._inside:
                self._before = torch.get_num_threads()
                torch.set_num_threads(1)
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    torch.set_num_threads(self._before)


one_thread = _Sharing().one
"""A context in which each call of a network has one thread; the number is restored after it.

Decoding, drawing and encoding have threads of their own for all cores. Several frames are drawn at
once, and calls of networks this small gain less from more threads than sharing them out costs.
"""


def by_one_thread(items: Iterable[T]) -> Iterator[T]:
    """The same, made within `one_thread`."""
    with one_thread():
        yield from items

"""Reading ahead: an iterator that works in a thread of its own while its items are used.

Decoding and drawing then share the processor's cores. Knows nothing of what it carries.
"""

import queue
import threading
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class _End:
    """The items are used up, or making one failed."""

    error: BaseException | None


def read_ahead(items: Iterable[T], depth: int = 4) -> Generator[T, None, None]:
    """Yield `items` in order, up to `depth` of them made before they are asked for.

    An exception of `items` is raised where its item would have come. Closing the iterator, or
    dropping it, stops the thread.
    """
    ready: queue.Queue[T | _End] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: T | _End) -> bool:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put(item):
                    return
        except BaseException as error:
            put(_End(error))
        else:
            put(_End(None))

    thread = threading.Thread(target=work, name="read-ahead", daemon=True)
    thread.start()
    try:
        while True:
            item = ready.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        stopped.set()
        thread.join()

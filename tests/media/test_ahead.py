"""Reading ahead: the same items, made early, in a thread that ends."""

import threading
import time
from collections.abc import Iterator

import pytest

from synclips.media.ahead import read_ahead


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "read-ahead"]


def test_items_come_in_order_and_the_thread_ends() -> None:
    assert list(read_ahead(range(100))) == list(range(100))
    assert list(read_ahead([])) == []
    assert not _threads()


def test_items_are_made_before_they_are_asked_for_but_not_too_many() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    ahead = read_ahead(items(), depth=3)
    assert next(ahead) == 0
    deadline = time.monotonic() + 5
    while len(made) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert 4 <= len(made) <= 5, "three wait, one is in hand, one was taken"
    ahead.close()  # type: ignore[attr-defined]
    assert not _threads()


def test_an_error_comes_where_its_item_would_have() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="broken"):
        next(ahead)
    assert not _threads()

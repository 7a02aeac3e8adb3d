"""What makes videos is replaced where it does not matter."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason='pip install -e ".[serve]"')

from synclips.errors import InputError  # noqa: E402
from synclips.progress import Progress  # noqa: E402
from synclips.serve.order import Done, Order  # noqa: E402


class Maker:
    """Makes a file of some bytes, when it may; keeps what was ordered."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.may = threading.Event()
        self.begun = threading.Event()
        self.stopped = False
        self.error: Exception | None = None

    def __call__(self, order: Order, output: Path, progress: Progress) -> Done:
        self.orders.append(order)
        try:
            progress("track", 0, None)
            self.begun.set()
            while not self.may.wait(0.01):
                progress("draw", 3, 10)
        except BaseException:
            self.stopped = True
            raise
        if self.error is not None:
            raise self.error
        output.write_bytes(b"0123456789")
        return Done({"duration": 1.0}, ("a remark",))


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def wait() -> Callable[[Callable[[], Any]], Any]:
    """Wait until something is true, and return it."""

    def until(what: Callable[[], Any]) -> Any:
        for _ in range(1000):
            if found := what():
                return found
            time.sleep(0.01)
        raise AssertionError("it never came")

    return until


@pytest.fixture
def broken() -> Exception:
    return InputError("is no video; give one.")

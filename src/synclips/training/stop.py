"""Stop: control-C and SIGTERM as a wish that is granted after the step that is under way."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class Stopped(KeyboardInterrupt):
    """A run was stopped on request, and everything it needs to continue is saved.

    Attributes:
        status: exit status that tells which signal it was.
    """

    def __init__(self, message: str, status: int) -> None:
        """`message` says where it was stopped and how to continue."""
        super().__init__(message)
        self.status = status


class StopSignals:
    """A context manager that holds back the first SIGINT or SIGTERM; a second one interrupts.

    Attributes:
        number: of the signal that came, 0 if none.
    """

    def __init__(self) -> None:
        """Signals go their ordinary way until the context is entered."""
        self.number = 0
        self._before: dict[int, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        """Take the signals over; Python lets only the main thread do so."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.number:
            raise KeyboardInterrupt
        self.number = number

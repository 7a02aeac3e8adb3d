"""Starting MediaPipe's graphs without the notes that they write past Python.

They come from TensorFlow Lite and from absl before its set-up; no switch turns them off. Standard
error is the whole process's, so what others write there meanwhile is told afterwards.
"""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO

# Two threads that start a graph would each keep the other's silence as standard error.
_STARTING = threading.Lock()
_NOTE = re.compile(
    rb"INFO: Created TensorFlow|WARNING: All log messages before absl|[IWEF]\d{4} \d\d:\d\d:"
)


@contextmanager
def quiet_start() -> Iterator[None]:
    """Keep the native notes on the start of a graph from standard error."""
    with _STARTING, ExitStack() as stack:
        if _is_console_of_windows():
            yield
            return
        try:
            kept = os.dup(2)
            stack.callback(os.close, kept)
            aside = stack.enter_context(tempfile.TemporaryFile(prefix="synclips-", buffering=0))
        except OSError:
            # Closed, as a daemon may have it, and nothing can be written anyway; or no place aside.
            yield
            return
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            _tell_rest(aside)


def _is_console_of_windows() -> bool:
    """Whether standard error is one, whose text does not go through what stands open as 2.

    Bars are drawn in it meanwhile, and writing to it fails where it is something else.
    """
    return sys.platform == "win32" and os.isatty(2)


def _tell_rest(aside: FileIO) -> None:
    """Write what is no native note to standard error."""
    aside.seek(0)
    rest = [line for line in aside.readall().splitlines(keepends=True) if not _NOTE.match(line)]
    with suppress(OSError):  # nobody reads it any more
        for line in rest:
            os.write(2, line)

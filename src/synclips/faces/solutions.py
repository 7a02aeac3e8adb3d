"""MediaPipe, loaded so that it keeps nothing of whoever is the first to need it."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import import_module
from typing import Any

from synclips.errors import SynclipsError


def load_solution(name: str) -> Any:
    """A module of MediaPipe's solutions, such as `face_mesh`.

    Raises:
        SynclipsError: this process was forked from one that has used it, in which its graphs end
            the process without a word.
    """
    if _first_process() != os.getpid():
        raise SynclipsError(
            "This process was forked from one that has looked for faces, after which MediaPipe"
            " cannot; start processes by spawn, such as multiprocessing.get_context('spawn')."
        )
    # A module of MediaPipe 0.10.14 keeps the error that a package is not there (sounddevice), which
    # keeps the variables of all functions below the import for as long as the process lives: those
    # of the first video, with its temporary files, and of whoever asked for it. In a thread there
    # are none.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(import_module, f"mediapipe.python.solutions.{name}").result()


@lru_cache(maxsize=1)
def _first_process() -> int:
    return os.getpid()

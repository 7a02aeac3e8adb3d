"""MediaPipe's graphs, started quietly and so that nothing is kept of who needs them first."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import import_module
from typing import Any

from synclips.errors import SynclipsError
from synclips.faces.quiet import quiet_start


def start(solution: str, graph: str, **options: Any) -> Any:
    """A graph of one of MediaPipe's solutions, such as `FaceMesh` of `face_mesh`.

    Raises:
        SynclipsError: as `load_solution` does.
    """
    make = getattr(load_solution(solution), graph)
    with quiet_start():
        started = make(**options)
        _wait(started)
    return started


def restart(graph: Any) -> None:
    """Make a graph forget what it follows."""
    with quiet_start():
        graph.reset()
        _wait(graph)


def _wait(graph: Any) -> None:
    """A graph opens its parts, which is when they speak, in threads of its own."""
    graph._graph.wait_until_idle()


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

"""MediaPipe, loaded so that it keeps nothing of whoever is the first to need it."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any


def load_solution(name: str) -> Any:
    """A module of MediaPipe's solutions, such as `face_mesh`."""
    # A module of MediaPipe 0.10.14 keeps the error that a package is not there (sounddevice), which
    # keeps the variables of all functions below the import for as long as the process lives: those
    # of the first video, with its temporary files, and of whoever asked for it. In a thread there
    # are none.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(import_module, f"mediapipe.python.solutions.{name}").result()

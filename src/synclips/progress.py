"""How work that takes a while tells how far it is; importable without any heavy package."""

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Called with the name of the step, what is done, and what there is in all where that is known."""


Count = Callable[[int, int], None]
"""The same of a single step: called with what is done, and what there is in all."""


def silent(step: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def uncounted(done: int, total: int) -> None:
    """A count that nobody watches."""


STEPS = {
    "cast": "telling voices apart",
    "voice": "learning the voice",
    "speak": "speaking",
    "sound": "reading the sound",
    "track": "finding the face",
    "speaker": "following the one who speaks",
    "adapt": "learning the speaker",
    "draw": "drawing the lips",
    "prepare": "preparing clips",
    "crops": "cropping faces",
    "speech": "making speech",
    "hear": "listening",
    "phones": "learning phones",
    "offsets/first": "looking how late sounds are, by one half",
    "offsets/second": "looking how late sounds are, by the other",
    "motion": "learning to move",
    "generator": "learning to draw",
    "audio": "learning to hear",
    "video": "learning to see",
    "joint": "learning all parts together",
    "adversarial": "learning against a critic",
    "syncnet": "learning what is in sync",
    "drawing": "learning to draw",
    "sync": "learning to be in sync",
    "evaluate": "evaluating",
}
"""What the steps are called before people."""

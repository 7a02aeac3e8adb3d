"""What a user can choose for one job; importable without any heavy package."""

from dataclasses import dataclass

DEFAULT_MODEL = "synclips-1"


@dataclass(frozen=True)
class SyncOptions:
    """How one video is lip-synced.

    Attributes:
        model: name of a shipped model or folder of a trained one.
        device: auto, cpu or cuda.
        quality: H.264 constant rate factor, 0 (lossless) to 51; 16 is visually lossless.
        batch: frames drawn at a time; changes speed and memory, not the result.
    """

    model: str = DEFAULT_MODEL
    device: str = "auto"
    quality: int = 16
    batch: int = 8

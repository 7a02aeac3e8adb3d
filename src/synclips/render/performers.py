"""Which performer belongs to which family of models."""

import torch

from synclips.checkpoint import (
    Checkpoint,
    DrawingCheckpoint,
    GridGanCheckpoint,
    Wav2LipCheckpoint,
)
from synclips.render.grid_gan import GridGanPerformer
from synclips.render.performance import Performer
from synclips.render.warping import WarpingPerformer
from synclips.render.wav2lip import Wav2LipPerformer


def performer_of(checkpoint: DrawingCheckpoint, device: torch.device) -> Performer:
    """A loaded model on a device, ready to perform."""
    match checkpoint:
        case GridGanCheckpoint():
            return GridGanPerformer(checkpoint, device)
        case Wav2LipCheckpoint():
            return Wav2LipPerformer(checkpoint, device)
        case Checkpoint():
            return WarpingPerformer(checkpoint, device)

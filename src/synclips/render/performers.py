"""Which performer belongs to which family of models."""

import torch

from synclips.checkpoint import (
    Checkpoint,
    DrawingCheckpoint,
    GridGanCheckpoint,
    Wav2LipCheckpoint,
)
from synclips.render.painting import PaintingPerformer
from synclips.render.performance import Performer
from synclips.render.repainting import RepaintingPerformer
from synclips.render.warping import WarpingPerformer


def performer_of(checkpoint: DrawingCheckpoint, device: torch.device) -> Performer:
    """A loaded model on a device, ready to perform."""
    match checkpoint:
        case GridGanCheckpoint():
            return PaintingPerformer(checkpoint, device)
        case Wav2LipCheckpoint():
            return RepaintingPerformer(checkpoint, device)
        case Checkpoint():
            return WarpingPerformer(checkpoint, device)

from pathlib import Path

import torch

from synclips.checkpoint import load_checkpoint
from synclips.render.grid_gan import GridGanPerformer
from synclips.render.performers import performer_of
from synclips.render.warping import WarpingPerformer
from synclips.render.wav2lip import Wav2LipPerformer


def test_every_family_has_its_performer(
    tiny_model: Path, untrained_grid_gan: Path, untrained_wav2lip: Path
) -> None:
    for model, kind in (
        (tiny_model, WarpingPerformer),
        (untrained_grid_gan, GridGanPerformer),
        (untrained_wav2lip, Wav2LipPerformer),
    ):
        assert type(performer_of(load_checkpoint(model), torch.device("cpu"))) is kind

from pathlib import Path

import torch

from synclips.checkpoint import load_checkpoint
from synclips.render.painting import PaintingPerformer
from synclips.render.performers import performer_of
from synclips.render.repainting import RepaintingPerformer
from synclips.render.warping import WarpingPerformer


def test_every_family_has_its_performer(
    tiny_model: Path, untrained_grid_gan: Path, untrained_wav2lip: Path
) -> None:
    for model, kind in (
        (tiny_model, WarpingPerformer),
        (untrained_grid_gan, PaintingPerformer),
        (untrained_wav2lip, RepaintingPerformer),
    ):
        assert type(performer_of(load_checkpoint(model), torch.device("cpu"))) is kind
